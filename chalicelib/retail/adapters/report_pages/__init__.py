"""The morning report for people's eyes: one HTML page and a PDF, from the same data and the same words.

html.py   a page without anything to load, which mail clients show as browsers do, light or dark
pdf.py    A4 pages     figures.py   what both show, as text
"""

from __future__ import annotations

from typing import Any

from chalicelib.retail.ports.reports import ReportPrinter


class PagePrinter(ReportPrinter):
    """Prints both; reportlab is loaded only for the PDF."""

    def html(self, report: dict[str, Any]) -> bytes:
        """See `ReportPrinter.html`."""
        from chalicelib.retail.adapters.report_pages.html import page

        return page(report).encode()

    def pdf(self, report: dict[str, Any]) -> bytes:
        """See `ReportPrinter.pdf`."""
        from chalicelib.retail.adapters.report_pages.pdf import printed

        return printed(report)
