"""The template's words: what the report says when no model says it better. Figures come from the arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.retail.domain import findings as kinds
from chalicelib.retail.domain.digests import UNCLASSIFIED
from chalicelib.retail.domain.findings import Finding

_SCALES = ((1e9, "bn"), (1e6, "M"))
_PARTS = {"anomalies": "what is unusual", "trends": "trends", "recommendations": "what to do"}
_NO_CATEGORY = f"category:{UNCLASSIFIED}"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def money(cents: float | None, currency: str) -> str:
    """Return cents as people read them.

    >>> money(123_456_789, "USD"), money(-1_250, "USD"), money(4_711_000_000_000, "COP")
    ('1,234,568 USD', '-12.50 USD', '47,110M COP')
    """
    return "–" if cents is None else f"{amount(cents)} {currency}"


def amount(cents: float) -> str:
    """Return cents as whole money: no cents from a thousand on, millions (M) from ten thousand of them on."""
    units = cents / 100
    if abs(units) < 1_000:
        return f"{units:,.2f}"
    for scale, sign in _SCALES:
        if abs(units) >= 10_000 * scale:
            return f"{units / scale:,.0f}{sign}"
    return f"{units:,.0f}"


def percent(share: float | None) -> str:
    """Return a share as percent, with its sign; one place below ten.

    >>> percent(0.1234), percent(-0.02)
    ('+12 %', '-2.0 %')
    """
    if share is None:
        return "–"
    value = 100 * share
    if abs(value) < 0.05:
        return "0.0 %"
    return f"{value:+.1f} %" if abs(value) < 10 else f"{value:+,.0f} %"


def weekday(day: str) -> str:
    """Return the weekday's name of an ISO date."""
    return _WEEKDAYS[date.fromisoformat(day).weekday()]


def scope_words(scope: str) -> str:
    """Return what a scope is called within a sentence: ``store:S07`` is "store S07"."""
    if scope == _NO_CATEGORY:
        return "goods without a category"
    return "the company" if scope == kinds.COMPANY else scope.replace(":", " ", 1)


def parts_words(parts: Sequence[str]) -> str:
    """Return the parts of the analysis as people call them."""
    return ", ".join(_PARTS[part] for part in parts)


def stake_words(item: Mapping[str, Any], currency: str) -> str:
    """Return the money at stake of an item, nothing where more was sold than usual."""
    return "" if item["kind"] == kinds.SALES_HIGH else f"{money(item['money_cents'], currency)} at stake"


def nothing_words(company: Mapping[str, Any], unavailable: Sequence[str]) -> str:
    """Return why there is no item: nothing is unusual, or nobody could say what is."""
    if "anomalies" in unavailable:
        return "what is unusual could not be computed"
    return "nothing needs action" if company["expected"] else "too few days are known to say what is unusual"


def not_shown_words(count: int) -> str:
    """Return how many findings a report leaves out."""
    return "One smaller one is not shown." if count == 1 else f"{count:,} smaller ones are not shown."


def subject(one: Finding) -> str:
    """Return what the finding is about, as a sentence begins with it."""
    what, _, name = one.scope.partition(":")
    if what == kinds.COMPANY:
        many = next((what for what in ("stores", "categories") if what in one.facts), None)
        return f"{one.facts[many]} {many} together" if many else "The company"
    if one.scope == _NO_CATEGORY:
        return "Goods without a category"
    return {"store": "Store", "category": "Category", "product": "Product"}[what] + f" {name}"


def finding_text(one: Finding, currency: str) -> str:
    """Return a finding as one or two sentences, with the expected range."""
    who = subject(one)
    expected = f"{money(one.low_cents, currency)} to {money(one.high_cents, currency)} expected"
    usual = money(one.usual_cents, currency)
    at_stake = money(one.money_cents, currency)
    match one.kind:
        case kinds.NO_DATA:
            sell = "they usually sell" if "stores" in one.facts else "it usually sells"
            text = f"{who} sent no sales; on a {weekday(one.day)} {sell} {usual}."
        case kinds.SALES_LOW | kinds.SALES_HIGH:
            word = "less" if one.kind == kinds.SALES_LOW else "more"
            text = f"{who} sold {money(one.actual_cents, currency)}, {at_stake} {word} than usual ({expected})."
        case kinds.PRICES_LOW:
            lines = (
                f"{one.facts['affected']} of {one.facts['lines']} products"
                if "lines" in one.facts
                else "most products"
            )
            text = f"{who} sold {lines} {_low_words(one)}; at usual prices that would be {at_stake} more."
        case kinds.PRICE_SLIP:
            where = (
                f"in store {one.facts['store']}"
                if one.facts["stores"] == 1
                else f"in {one.facts['stores']} stores"
            )
            text = (
                f"{who} sold at {money(one.facts['priceCents'], currency)} {where}, usually "
                f"{money(one.facts['usualPriceCents'], currency)}; {at_stake} were lost."
            )
        case kinds.LINES_SMALL:
            text = f"{who} sold fewer pieces a product than usual; {at_stake} are missing."
        case _:
            text = f"{who} took back goods for {money(one.actual_cents, currency)}, usually " + (
                f"{usual} (up to {money(one.high_cents, currency)} expected)." if one.high_cents else "none."
            )
    if one.days == kinds.FOLLOWED_DAYS:
        return f"{text} For {kinds.FOLLOWED_DAYS} days or more."
    return text + (f" Day {one.days} since {one.since}." if one.days > 1 else "")


def verdict(
    day: str,
    company: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]],
    currency: str,
    unavailable: Sequence[str] = (),
) -> str:
    """Return the day in one sentence: what was sold, against what, and what matters most."""
    figures, usual = company["day"], company["against"]["sameWeekday"]
    sold = f"{weekday(day)} {day} brought {money(figures['netCents'], currency)}"
    if usual["change"] is not None:
        expected = company["expected"]
        inside = expected["low"] <= figures["netCents"] <= expected["high"]
        sold += f", {percent(usual['change'])} against a usual {weekday(day)}" + (
            ", within the expected range" if inside else ""
        )
    complete = company["completeness"]
    if complete["missingStores"]:
        sold += f"; {complete['reportedStores']:,} of {complete['expectedStores']:,} stores reported"
    if not items:
        return f"{sold}; {nothing_words(company, unavailable)}."
    many = "one thing needs" if len(items) == 1 else f"{len(items)} things need"
    at_stake = _at_stake(items)
    return f"{sold}; {many} attention" + (f", {money(at_stake, currency)} at stake." if at_stake else ".")


def _at_stake(items: Sequence[Mapping[str, Any]]) -> int:
    """Return the money of all items, counted once: stores, categories and products divide the same sales.

    What was sold beyond the usual is not at stake.
    """
    sums: dict[str, int] = {}
    for item in items:
        if item["kind"] != kinds.SALES_HIGH:
            cut = item["scope"].partition(":")[0]
            sums[cut] = sums.get(cut, 0) + item["money_cents"]
    return max(sums.values(), default=0)


def trend_text(trend: Mapping[str, Any], currency: str) -> str:
    """Return a trend as a sentence."""
    what, _, name = trend["scope"].partition(":")
    word = "grows" if trend["weekly_cents"] > 0 else "shrinks"
    return (
        f"{what.capitalize()} {name} {word} by {money(abs(trend['weekly_cents']), currency)} a week "
        f"({percent(trend['weekly_share'])}), over {trend['weeks']} weeks."
    )


def _low_words(one: Finding) -> str:
    if "ofEarlierPrice" in one.facts:
        return f"at new prices, most at {100 * one.facts['ofEarlierPrice']:.0f} % of an earlier one"
    if "belowHalf" in one.facts:
        return "at new prices, most below half of all earlier ones"
    return "at new prices, lower than before" if "newPrices" in one.facts else "below their usual low"
