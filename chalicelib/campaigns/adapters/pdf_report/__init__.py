"""The report as PDF, printed by reportlab.

    page.py    the pages: header, verdict, tiles, sections, footer
    charts.py  bars and the hour map
    style.py   colours, sizes, numbers

reportlab costs 120 to 300 ms to import, so it is imported when a report is printed.
"""

from __future__ import annotations

from chalicelib.campaigns.ports.reports import Report, ReportPrinter


class ReportLabPrinter(ReportPrinter):
    """Prints A4 pages."""

    def pdf(self, report: Report) -> bytes:
        """See `ReportPrinter.pdf`."""
        from chalicelib.campaigns.adapters.pdf_report.page import printed

        return printed(report)
