"""An opportunity as it is asked about, and the names made of it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

OPPORTUNITY, FUNDING, FOLLOW_ON = "opportunity", "funding", "followOn"
KINDS = (OPPORTUNITY, FUNDING, FOLLOW_ON)
"""The analyses, as ``workflowType`` names them."""

_SLUG_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What is known of an opportunity when it is created. Every text is a customer's: data, never an
    instruction."""

    customer: str
    region: str
    close_date: date
    """When it is expected to close."""
    name: str
    description: str = ""
    product: str = ""
    """Empty where it is not said; then it is looked for in name and description."""
    amount: float | None = None
    """What the deal is worth, in US dollars."""

    @property
    def id(self) -> str:
        """The same for the same customer and name: ``example-corp-cloud-migration-1f0c29ab``."""
        digest = _digest(self.customer.casefold(), self.name.casefold(), length=8)
        return f"{_slug(self.customer)}-{_slug(self.name)}-{digest}"


def execution_name(opportunity: Opportunity, request_id: str) -> str:
    """Return an execution's name of customer, opportunity and request: asked twice, it is one run.

    >>> execution_name(Opportunity("Example Corp", "", date(2026, 1, 1), "Cloud Migration"), "r1")
    'example-corp-cloud-migration-27c9d6ddbd57c1c3'
    """
    digest = _digest(opportunity.customer.casefold(), opportunity.name.casefold(), request_id, length=16)
    return f"{_slug(opportunity.customer)}-{_slug(opportunity.name)}-{digest}"


def plain(text: str) -> str:
    """Return a text for comparing: case, accents, signs and spaces left out.

    >>> plain("  Éxample-Corp, Inc. ")
    'example corp inc'
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(letters.split())


def _slug(text: str) -> str:
    ascii_only = re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")
    return ascii_only[:_SLUG_LETTERS].strip("-") or "x"


def _digest(*parts: str, length: int) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]
