"""What the analysis needs."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.core.ai import TextModel
from chalicelib.retail.ports.reports import Memory, ReportLog, Shelf


@dataclass(frozen=True, slots=True)
class Ports:
    """What the analysis needs."""

    shelf: Shelf
    memory: Memory
    log: ReportLog
    model: TextModel
    currency: str
    """ISO code of all money."""
