"""What the history knows of a new opportunity: its customer, its product, the office that sells it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.opportunities.domain.history import Deal, as_number
from chalicelib.opportunities.domain.opportunity import Opportunity, plain

_ACCOUNT_COLUMNS = (
    "account", "sector", "year_established", "revenue", "employees", "office_location", "subsidiary_of",
)  # fmt: skip
_PRODUCT_COLUMNS = ("product", "series", "sales_price")


@dataclass(frozen=True, slots=True)
class Profile:
    """A new opportunity in the history's words; empty where the history does not know."""

    account: str = ""
    sector: str = ""
    product: str = ""
    series: str = ""
    office: str = ""
    amount: float | None = None
    amount_from: str = ""
    """``given``, ``list price``, ``deals of the product``, or empty."""
    row: dict[str, Any] = field(default_factory=dict)
    """The columns known at creation, as the win model reads them."""


def profile_of(opportunity: Opportunity, history: Sequence[Deal]) -> Profile:
    """Return what the history says of an opportunity."""
    account = _latest(history, "account", opportunity.customer)
    product = (
        _latest(history, "product", opportunity.product) if opportunity.product else _named(opportunity, history)
    )
    office = _office(opportunity.region, history)
    row: dict[str, Any] = {}
    if account is not None:
        row |= {name: account.row.get(name) for name in _ACCOUNT_COLUMNS if name in account.row}
    if product is not None:
        row |= {name: product.row.get(name) for name in _PRODUCT_COLUMNS if name in product.row}
    if office:
        row["regional_office"] = office
    amount, source = _amount(opportunity, product, history)
    return Profile(
        account=account.account if account else "",
        sector=account.sector if account else "",
        product=product.product if product else "",
        series=str(product.row.get("series") or "") if product else "",
        office=office,
        amount=amount,
        amount_from=source,
        row=row,
    )


def _latest(history: Sequence[Deal], column: str, wanted: str) -> Deal | None:
    key = plain(wanted)
    return next(
        (deal for deal in reversed(history) if key and plain(str(deal.row.get(column) or "")) == key), None
    )


def _named(opportunity: Opportunity, history: Sequence[Deal]) -> Deal | None:
    """Return a deal of the longest product name that the opportunity's name or else its description has in it."""
    latest = {plain(deal.product): deal for deal in history if deal.product}
    for text in (opportunity.name, opportunity.description):
        words = f" {plain(text)} "
        named = [name for name in latest if name and f" {name} " in words]
        if named:
            return latest[max(named, key=lambda name: (len(name), name))]
    return None


def _office(region: str, history: Sequence[Deal]) -> str:
    """Return the office whose name is in the region: ``us-east-1`` is East's."""
    offices = sorted({deal.office for deal in history if deal.office})
    words = plain(region).split()
    return next((office for office in offices if plain(office) in words), "")


def _amount(opportunity: Opportunity, product: Deal | None, history: Sequence[Deal]) -> tuple[float | None, str]:
    if opportunity.amount is not None:
        return opportunity.amount, "given"
    if product is None:
        return None, ""
    paid = [deal.value for deal in history if deal.product == product.product and deal.won and deal.value > 0]
    if paid:
        return round(statistics.median(paid), 2), "deals of the product"
    price = as_number(product.row.get("sales_price"))
    return (price, "list price") if price else (None, "")
