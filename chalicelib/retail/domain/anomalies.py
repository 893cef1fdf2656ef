"""Finds what is unusual in a day.

Every series is measured against its own past (`expectations`), after the move that all share is taken out; prices
and line sizes against each product's usual low (`digests`). What half of the stores have is one line of the
company, not a line a store. docs/benchmarks.md has what the thresholds find and miss, and where they come from.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.retail.domain.books import StoreBook
from chalicelib.retail.domain.calendars import Knowledge
from chalicelib.retail.domain.digests import Digest
from chalicelib.retail.domain.expectations import Expectation, expect
from chalicelib.retail.domain.findings import (
    COMPANY,
    FOLLOWED_DAYS,
    LINES_SMALL,
    NO_DATA,
    PRICES_LOW,
    RETURNS_HIGH,
    SALES_HIGH,
    SALES_LOW,
    WIDE,
    Finding,
)
from chalicelib.retail.domain.price_findings import price_findings
from chalicelib.retail.domain.return_findings import return_findings

COMPANY_STRAYS = 4.0
STORE_STRAYS = 4.5
"""At 25 stores; more stores stray by chance, so it grows with their number."""
CATEGORY_STRAYS = 5.0
HIGH_STRAYS = 6.0
"""Selling more is unusual, too, but seldom a reason to act."""
LEAST_OF_A_STORE = 1 / 40
"""Of an average store's day: money below is not worth a line."""
SILENT_STRAYS = 3.5
"""Where nothing sold is within what chance brings, a silent store is none."""
STEADY_DAYS = 42
"""A store that reported on all of the last six weeks is missed when it does not."""
LEAST_OF_USUAL, MOST_OF_USUAL = 0.01, 3.0
"""How far a move of all is taken out of the stores' and categories' own."""


def detect(book: StoreBook, digests: Mapping[str, Digest], knowledge: Knowledge) -> list[Finding]:
    """Return what is unusual on the book's last day, the most money at stake first, and then what sold more.

    Args:
        book: the stores' days.
        digests: day -> its products, of as many of the book's days as there are.
        knowledge: known events and answers; they explain findings and keep special days out of expectations.
    """
    special = knowledge.special_days()
    usable = [day not in special for day in book.days]
    day = book.days[-1]
    reported = book.reported()
    if not reported:
        return []
    totals = _total(book)
    company = expect(totals, len(totals) - 1, usable=usable)
    least = round(LEAST_OF_A_STORE * (company.middle if company else (totals[-1] or 0)) / max(1, len(reported)))
    found = [
        *_sales(book, company, usable, least),
        *_categories(book, digests, usable, least),
        *price_findings(book, digests, least),
        *return_findings(book, least),
    ]
    today = digests.get(day)
    found = list(_wide(list(_causes(found)), day, len(reported), len(today.category_net) if today else 0))
    found = list(_causes(found))  # what many stores have may be the cause of the company's own
    return sorted((_explained(one, knowledge) for one in found), key=_severity)


def _sales(book: StoreBook, company: Expectation | None, usable: Sequence[bool], least: int) -> Iterator[Finding]:
    last = len(book.days) - 1
    expected = {
        store: one for store, columns in book.stores.items()
        if (one := expect(columns["net"], last, usable=usable)) is not None
    }  # fmt: skip
    reported = [store for store in expected if book.stores[store]["net"][last] is not None]
    factor = _common([(book.stores[store]["net"][last] or 0, expected[store].middle) for store in reported])
    totals = _total(book)
    if company:  # stores that sent nothing are findings themselves
        silent = sum(one.middle for store, one in expected.items() if book.stores[store]["net"][last] is None)
        company = company.with_actual((totals[last] or 0) + silent)
    if company and abs(company.strays) >= COMPANY_STRAYS:
        kind = SALES_LOW if company.strays < 0 else SALES_HIGH
        yield _of_sales(kind, COMPANY, book, totals, company, usable)
    more = 0.8 * math.log10(max(1.0, len(book.stores) / 25))
    for store, plain in expected.items():
        one = plain.scaled(factor)
        series = book.stores[store]["net"]
        scope = f"store:{store}"
        if series[last] is None:
            if plain.strays <= -SILENT_STRAYS and plain.middle >= least and _steady(series, last, usable):
                yield _missing(scope, book, series, plain)
        elif abs(one.strays) >= STORE_STRAYS + more and abs((series[last] or 0) - one.middle) >= 4 * least:
            if one.strays < 0:
                yield _of_sales(SALES_LOW, scope, book, series, one, usable)
            elif one.strays >= HIGH_STRAYS + more:
                yield _of_sales(SALES_HIGH, scope, book, series, one, usable)


def _categories(
    book: StoreBook, digests: Mapping[str, Digest], usable: Sequence[bool], least: int
) -> Iterator[Finding]:
    days = {day: digests[day].category_net for day in book.days if day in digests}
    today = days.get(book.days[-1])
    if not today:
        return
    names = {name for sums in days.values() for name in sums}
    last = len(book.days) - 1
    all_sums: list[int | None] = [sum(days[day].values()) if day in days else None for day in book.days]
    whole = expect(all_sums, last, usable=usable)
    factor = _bounded(sum(today.values()) / whole.middle) if whole and whole.middle > 0 else 1.0
    for name in sorted(names):
        series: list[int | None] = [days[day].get(name, 0) if day in days else None for day in book.days]
        one = expect(series, last, usable=usable)
        if one is None:
            continue
        one = one.scaled(factor)
        if one.strays <= -CATEGORY_STRAYS and one.middle - (series[last] or 0) >= 8 * least:
            low = _of_sales(SALES_LOW, f"category:{name}", book, series, one, usable)
            returned = sum(values[4] for values in digests[book.days[-1]].products.values() if values[0] == name)
            yield replace(low, facts={**low.facts, "returnedCents": returned})


def _of_sales(
    kind: str, scope: str, book: StoreBook, series: Sequence[int | None], one: Expectation, usable: Sequence[bool]
) -> Finding:
    last = len(book.days) - 1
    sign = -1 if kind == SALES_LOW else 1

    def strayed(place: int) -> bool:
        before = expect(series, place, usable=usable)
        return before is not None and sign * before.strays >= 0.7 * STORE_STRAYS and series[place] is not None

    days = book.days_in_a_row(strayed)
    actual = series[last] or 0
    return Finding(
        kind, scope, book.days[-1], abs(round(one.middle) - actual), actual, round(one.middle), round(one.low),
        round(one.high), book.days[last - days + 1], days,
        {"change": (actual - one.middle) / one.middle if one.middle else 0.0, "strays": round(one.strays, 1)},
    )  # fmt: skip


def _missing(scope: str, book: StoreBook, series: Sequence[int | None], one: Expectation) -> Finding:
    last = len(book.days) - 1
    days = 1
    while days < FOLLOWED_DAYS and series[last - days] is None:
        days += 1
    return Finding(
        NO_DATA, scope, book.days[-1], round(one.middle), 0, round(one.middle), round(one.low), round(one.high),
        book.days[last - days + 1], days,
    )  # fmt: skip


def _steady(series: Sequence[int | None], last: int, usable: Sequence[bool]) -> bool:
    """Say whether the store reported on every day of six weeks before it fell silent, if that was lately."""
    end = last
    while end > last - FOLLOWED_DAYS and series[end - 1] is None:
        end -= 1
    before = [series[place] is not None for place in range(max(0, end - STEADY_DAYS), end) if usable[place]]
    return len(before) >= STEADY_DAYS // 2 and all(before)


def _causes(found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield one finding a scope where they have one cause: wrong prices make sales low, those make lines small."""
    left = [one for one in found if one.kind != SALES_LOW or one.actual_cents + _told(one, found) < one.low_cents]
    have = {(one.scope, one.kind) for one in left}
    for one in left:
        causes = ((COMPANY, SALES_LOW), (one.scope, SALES_LOW), (one.scope, PRICES_LOW))
        if one.kind != LINES_SMALL or have.isdisjoint(causes):
            yield one


def _told(one: Finding, found: Sequence[Finding]) -> int:
    """Return how much of what is missing in a scope other findings tell: wrong prices, and what was taken back."""
    causes = [other for other in found if other.kind in (PRICES_LOW, RETURNS_HIGH)]
    own = sum(other.money_cents for other in causes if other.scope == one.scope)
    if one.scope == COMPANY:  # the same money may be missing in stores and categories
        parts = ("store:", "category:")
        return max(own, *(sum(other.money_cents for other in causes if other.scope.startswith(p)) for p in parts))
    returned = one.facts.get("returnedCents", 0) if any(other.kind == RETURNS_HIGH for other in causes) else 0
    return own + int(returned)


def _wide(found: Sequence[Finding], day: str, stores: int, categories: int) -> Iterator[Finding]:
    """Yield findings; those of a kind that many stores have, or prices of many categories, as the company's."""
    of_all = {"store": stores, "category": categories}
    groups: dict[tuple[str, str], list[Finding]] = {}
    told = {one.kind for one in found if one.scope == COMPANY}
    for one in found:
        what = one.scope.partition(":")[0]
        is_wide = what == "store" or (what, one.kind) == ("category", PRICES_LOW)
        groups.setdefault((one.kind, what) if is_wide else ("", ""), []).append(one)
    for (kind, what), group in groups.items():
        if not kind or len(group) < max(3, WIDE * of_all[what]):
            yield from group
            continue
        if kind in told:
            continue
        lasting = max(group, key=lambda one: one.days)
        money, actual, usual, low, high = (
            sum(amounts)
            for amounts in zip(
                *((f.money_cents, f.actual_cents, f.usual_cents, f.low_cents, f.high_cents) for f in group),
                strict=True,
            )
        )
        told.add(kind)
        facts = {_MANY[what]: len(group), **_how(group)}
        yield Finding(kind, COMPANY, day, money, actual, usual, low, high, lasting.since, lasting.days, facts)


_MANY = {"store": "stores", "category": "categories"}


def _how(group: Sequence[Finding]) -> dict[str, Any]:
    """Return what all of a group say of their prices, or that they are new where they differ."""
    said: list[dict[str, Any]] = [
        {key: one.facts[key] for key in ("ofEarlierPrice", "belowHalf") if key in one.facts} for one in group
    ]
    if all(one == said[0] for one in said):
        return said[0]
    return {"newPrices": True}


def _explained(one: Finding, knowledge: Knowledge) -> Finding:
    if event := knowledge.event(one.day, one.scope):
        return replace(one, explained=event.name)
    if knowledge.muted(one.key, one.day):
        return replace(one, explained="marked as expected")
    return one


def _severity(one: Finding) -> tuple[bool, int, str]:
    return one.kind == SALES_HIGH, -one.money_cents, one.key


def _common(sales: Sequence[tuple[int, float]]) -> float:
    """Return the share of their usual that all stores sold, as far as the middle half of them agrees; else 1.

    So no store moves what is expected of the others, however large it is.

    Args:
        sales: sold and usual of each store, in cents; a store counts by its usual.
    """
    whole = sum(usual for _, usual in sales)
    passed, low, high = 0.0, None, 1.0
    for share, usual in sorted((sold / usual, usual) for sold, usual in sales if usual > 0):
        passed += usual
        if low is None and passed >= whole / 4:
            low = share
        high = share
        if passed >= whole * 3 / 4:
            break
    return 1.0 if low is None else _bounded(min(max(1.0, low), high))


def _bounded(factor: float) -> float:
    """Return the share that all sold of the usual; a day of returns alone is near none, and one line, too."""
    return min(MOST_OF_USUAL, max(LEAST_OF_USUAL, factor))


def _total(book: StoreBook) -> list[int | None]:
    return [value if day in book.stamps else None for day, value in zip(book.days, book.total("net"), strict=True)]
