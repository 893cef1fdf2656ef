"""Past opportunities like this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.opportunities.domain.history import Deal
from chalicelib.opportunities.domain.profile import Profile

MOST = 10
_WEIGHTS = {"product": 4.0, "series": 2.0, "account": 3.0, "sector": 2.0, "office": 1.0, "amount": 2.0}
_LEAST = 2.0
"""Below this two opportunities have too little in common to be called alike."""


@dataclass(frozen=True, slots=True)
class Similar:
    """One past opportunity, and what it has in common with this one."""

    deal: Deal
    score: float
    shared: tuple[str, ...]


def similar(profile: Profile, history: Sequence[Deal], most: int = MOST) -> list[Similar]:
    """Return the past opportunities most like this one, the most alike and then the latest first."""
    scored = [_scored(profile, deal) for deal in history]
    close = [one for one in scored if one.score >= _LEAST]
    return sorted(close, key=lambda one: (-one.score, -(one.deal.closed.toordinal() if one.deal.closed else 0)))[
        :most
    ]


def _scored(profile: Profile, deal: Deal) -> Similar:
    shared = [
        name
        for name, ours, theirs in (
            ("product", profile.product, deal.product),
            ("series", profile.series, str(deal.row.get("series") or "")),
            ("account", profile.account, deal.account),
            ("sector", profile.sector, deal.sector),
            ("office", profile.office, deal.office),
        )
        if ours and ours == theirs
    ]
    score = sum(_WEIGHTS[name] for name in shared)
    size = deal.value if deal.value > 0 else deal.list_price
    if profile.amount and size:
        nearness = min(profile.amount, size) / max(profile.amount, size)
        score += _WEIGHTS["amount"] * nearness
        if nearness > 0.75:
            shared.append("amount")
    return Similar(deal, round(score, 4), tuple(shared))
