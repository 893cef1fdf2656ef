"""What a campaign's report says, and who prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.figures import Figures


@dataclass(frozen=True, slots=True)
class Report:
    """A campaign's result. Every figure is a counter or a sum of counters."""

    campaign: Campaign
    figures: Figures
    verdict: str
    """One to three sentences for whoever reads no further."""
    warnings: tuple[str, ...]
    """What the reader must know before trusting or repeating this campaign."""
    generated_at: datetime
    """Aware, UTC."""


class ReportPrinter:
    """Makes a page of figures into a document for people."""

    def pdf(self, report: Report) -> bytes:
        """Return the report as a PDF."""
        raise NotImplementedError
