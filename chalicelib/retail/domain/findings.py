"""What is unusual, as the desk speaks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

COMPANY = "company"

NO_DATA = "no_data"
SALES_LOW = "sales_low"
SALES_HIGH = "sales_high"
PRICES_LOW = "prices_low"
PRICE_SLIP = "price_slip"
LINES_SMALL = "lines_small"
RETURNS_HIGH = "returns_high"

FOLLOWED_DAYS = 14
"""As many days back a lasting finding is followed: one that has lasted so long may have begun earlier."""
WIDE = 0.5
"""Share of the stores from which on a finding is the company's."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as usual. All money in cents."""

    kind: str
    """One of this module's kinds."""
    scope: str
    """`COMPANY`, ``store:<id>``, ``category:<name>`` or ``product:<id>``."""
    day: str
    """ISO date."""
    money_cents: int
    """Money at stake: what was lost against the usual, or is unaccounted for; orders the findings."""
    actual_cents: int
    usual_cents: int
    low_cents: int
    """Lower end of the range in which the value was expected."""
    high_cents: int
    since: str
    """The first of the days in a row with the same finding."""
    days: int = 1
    """How many days in a row."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Figures of the kind's own."""
    explained: str = ""
    """The known event that explains it, or why it is not raised; empty: it is raised."""

    @property
    def key(self) -> str:
        """What the finding is called from day to day: ``sales_low|store:S07``."""
        return f"{self.kind}|{self.scope}"

    @property
    def name(self) -> str:
        """The store's, category's or product's own name."""
        return self.scope.partition(":")[2] or "the company"

    def as_json(self) -> dict[str, Any]:
        """Return the finding as it travels."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        """Return the finding that `as_json` made."""
        return cls(**data)
