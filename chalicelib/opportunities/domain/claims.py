"""A claim: one thing said of an opportunity, the figures in it, and the rows it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.opportunities.domain.history import Deal

MOST_ROWS_CITED = 10


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim."""

    kind: str
    """``similar``, ``win_probability``, ``cycle``, ``discount``, ``risk``, ``funding``, ``follow_on``, ``gap``."""
    text: str
    figures: dict[str, Any] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    """Ids of rows it stands on, at most `MOST_ROWS_CITED` of them."""
    row_count: int = 0
    """On how many rows it stands."""

    def as_dict(self) -> dict[str, Any]:
        """Return the claim as it travels in JSON."""
        return {
            "kind": self.kind,
            "text": self.text,
            "figures": self.figures,
            "rows": list(self.rows),
            "rowCount": self.row_count,
        }


def claim(kind: str, text: str, among: Sequence[Deal], **figures: Any) -> Claim:
    """Return a claim that stands on ``among``; the latest of them are cited."""
    return Claim(kind, text, figures, cited(among), len(among))


def cited(among: Sequence[Deal]) -> tuple[str, ...]:
    """Return the ids of the latest deals."""
    return tuple(deal.id for deal in among[::-1][:MOST_ROWS_CITED])


def figures_of(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """Return the figures that a text about these claims may have, and no text of anybody's beside them."""
    return [{**claim.figures, "rowCount": claim.row_count} for claim in claims]


def percent(share: float) -> str:
    """Return a share in whole percent: 0.632 is "63 %"."""
    return f"{100 * share:.0f} %"


def dollars(amount: float) -> str:
    """Return an amount in whole dollars: 12500.4 is "$12,500"."""
    return f"${amount:,.0f}"
