"""What to do about a finding or a trend, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.retail.domain import findings as kinds
from chalicelib.retail.domain.findings import Finding
from chalicelib.retail.domain.wording import scope_words

STORE_MANAGER, PRICING, LOSS_PREVENTION = "store manager", "pricing", "loss prevention"
CATEGORY_MANAGER, DATA_DESK, SALES_LEAD = "category manager", "data desk", "sales lead"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One thing to do."""

    action: str
    owner: str
    """A role, not a person."""


def for_finding(one: Finding) -> Recommendation:
    """Return what to do about a finding."""
    name = scope_words(one.scope) if one.scope.startswith("category:") else one.name
    wide = one.scope == kinds.COMPANY
    match one.kind:
        case kinds.NO_DATA if wide:
            return Recommendation("Check whether uploads arrive at all before calling stores.", DATA_DESK)
        case kinds.NO_DATA:
            return Recommendation(
                f"Ask store {name} whether it was closed; if not, have it send its file.", DATA_DESK
            )
        case kinds.SALES_LOW if one.scope.startswith("category:"):
            return Recommendation(f"Check stock and listing of {name} in all stores.", CATEGORY_MANAGER)
        case kinds.SALES_LOW if wide:
            return Recommendation("Look for one cause over all stores: weather, payment, supply.", SALES_LEAD)
        case kinds.SALES_LOW:
            return Recommendation(f"Call store {name}: opening hours, tills, stock, staff.", STORE_MANAGER)
        case kinds.SALES_HIGH:
            return Recommendation("Check the figures, then stock for the days to come.", SALES_LEAD)
        case kinds.PRICES_LOW:
            return Recommendation("Compare the price file with the price list and correct it today.", PRICING)
        case kinds.PRICE_SLIP:
            return Recommendation(
                f"Correct the price of {name} and look for other prices of the same change.", PRICING
            )
        case kinds.LINES_SMALL:
            return Recommendation("Check stock: customers take fewer pieces than they used to.", CATEGORY_MANAGER)
    return Recommendation(f"Go through the returns of {name} ticket by ticket.", LOSS_PREVENTION)


def for_trend(trend: Mapping[str, Any]) -> Recommendation:
    """Return what to do about a trend."""
    what, _, name = trend["scope"].partition(":")
    owner = STORE_MANAGER if what == "store" else CATEGORY_MANAGER
    if trend["weekly_cents"] < 0:
        return Recommendation(f"Find out what {what} {name} loses and to whom.", owner)
    return Recommendation(f"Plan stock of {what} {name} for its growth.", owner)
