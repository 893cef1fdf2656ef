"""A morning's figures: the day, and what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.retail.domain.books import FIGURES, StoreBook
from chalicelib.retail.domain.digests import PRODUCT_FIGURES
from chalicelib.retail.domain.expectations import LEAST_WEEKS, WEEKS, expect, median

TOP = 10
EXPECTED_DAYS = 14
"""Days after its latest facts that a store is expected."""

Figures = dict[str, Any]


def company_metrics(book: StoreBook) -> Figures:
    """Return the company's and the stores' figures of the book's last day.

    Money in cents, shares as fractions; None where something cannot be said: ``tickets`` when one store has no
    count, ``marginShare`` without costs.
    """
    totals = {figure: book.total(figure) for figure in FIGURES}
    reported = book.reported()
    without_tickets = any(book.stores[store]["tickets"][-1] is None for store in reported)
    day = {figure: values[-1] for figure, values in totals.items()}
    net: list[int | None] = list(totals["net"])
    for place, date in enumerate(book.days):
        if date not in book.stamps:
            net[place] = None
    usual = expect(net, len(net) - 1)
    month = book.days[-1][:8]
    lasting = [place for place, date in enumerate(book.days) if date.startswith(month)]
    before = _same_days_before(net, lasting)
    return {
        "day": _day_figures(day, tickets_known=not without_tickets),
        "against": {
            "yesterday": against(net[-1], net[-2]),
            "sameWeekday": against(net[-1], round(usual.middle) if usual else None),
            "monthToDate": against(sum(net[place] or 0 for place in lasting), before),
        },
        "expected": {"low": round(usual.low), "high": round(usual.high)} if usual else None,
        "history": [{"day": date, "netCents": value} for date, value in zip(book.days, net, strict=True)],
        "stores": store_lines(book),
        "completeness": completeness(book),
    }


def against(value: int | None, before: int | None) -> Figures:
    """Return a comparison: ``{"netCents": before, "changeCents", "change"}``; change is a share."""
    if value is None or before is None:
        return {"netCents": before, "changeCents": None, "change": None}
    change = value - before
    return {"netCents": before, "changeCents": change, "change": change / before if before > 0 else None}


def completeness(book: StoreBook) -> Figures:
    """Return who reported, and what of it could not be taken in.

    A store is expected when it had facts on a day of the two weeks before, and as a rule has: on at least half of
    the days on which any store had some, from its first facts to its latest. One that sells now and then is not
    missed.
    """
    days = [place for place, day in enumerate(book.days[:-1]) if day in book.stamps]
    expected = {store for store, columns in book.stores.items() if _is_regular(columns["net"], days)}
    reported = set(book.reported())
    return {
        "expectedStores": len(expected | reported),
        "reportedStores": len(reported),
        "missing": sorted(expected - reported)[:50],
        "missingStores": len(expected - reported),
        "late": book.late.get(book.days[-1], [])[:50],
        "lateStores": len(book.late.get(book.days[-1], [])),
        "damaged": book.damaged[:50],
        "damagedStores": len(book.damaged),
        "refusedRows": sum(book.refused.values()),
        "refusedFiles": [
            {"file": file, "rows": rows}
            for file, rows in sorted(book.refused.items(), key=lambda one: (-one[1], one[0]))[:10]
        ],
    }


def _is_regular(net: Sequence[int | None], days: Sequence[int]) -> bool:
    """Say whether a store is expected; ``days`` are the places of the days before on which any store had facts."""
    had = [place for place in days if net[place] is not None]
    if not had or had[-1] < len(net) - 1 - EXPECTED_DAYS:
        return False
    return 2 * len(had) >= sum(had[0] <= place <= had[-1] for place in days)


def store_lines(book: StoreBook) -> list[Figures]:
    """Return the best stores of the day with what they usually sell, the most sales first, at most `TOP`."""
    last = len(book.days) - 1
    ranked = sorted(book.reported(), key=lambda store: (-(book.stores[store]["net"][last] or 0), store))
    lines = []
    for store in ranked[:TOP]:
        columns = book.stores[store]
        day = {figure: columns[figure][-1] for figure in FIGURES}
        usual = expect(columns["net"], last)
        lines.append(
            {"store": store, **_day_figures(day, tickets_known=day["tickets"] is not None)}
            | {"sameWeekday": against(day["net"], round(usual.middle) if usual else None)}
        )
    return lines


def product_metrics(
    products: Mapping[str, Sequence[Any]], history: Sequence[Mapping[str, Sequence[Any]]]
) -> Figures:
    """Return the day's figures by category and the best products.

    Args:
        products: the day's `Digest.products`.
        history: the same of the same weekday of earlier weeks, the latest first.
    """
    categories: dict[str, dict[str, int]] = {}
    for values in products.values():
        sums = categories.setdefault(values[0], dict.fromkeys(PRODUCT_FIGURES, 0))
        for figure, value in zip(PRODUCT_FIGURES, values[1:8], strict=True):
            sums[figure] += value
    usual = [category_sums(day) for day in history[:WEEKS]]
    lines = [
        {"category": name, **_product_figures(sums)}
        | {"sameWeekday": against(net_cents(sums), _usual(name, usual))}
        for name, sums in categories.items()
    ]
    lines.sort(key=lambda line: (-line["netCents"], line["category"]))
    best = sorted(products, key=lambda product: (-product_net(products[product]), product))[:TOP]
    sold = [{one: product_net(day[one]) for one in best if one in day} for day in history[:WEEKS]]
    return {
        "categories": lines[:TOP],
        "categoryCount": len(lines),
        "topProducts": [
            {"product": product, "category": products[product][0]}
            | _product_figures(dict(zip(PRODUCT_FIGURES, products[product][1:8], strict=True)))
            | {"sameWeekday": against(product_net(products[product]), _usual(product, sold))}
            for product in best
        ],
        "productCount": len(products),
    }


def net_cents(sums: Mapping[str, int]) -> int:
    """Return sales after returns and discounts."""
    return sums["gross"] - sums["returns"] - sums["discount"]


def product_net(values: Sequence[Any]) -> int:
    """Return the net sales of one product of a `Digest`, in cents."""
    return int(values[3] - values[4] - values[5])


def category_sums(products: Mapping[str, Sequence[Any]]) -> dict[str, int]:
    """Return the net sales of each category of a day's `Digest.products`, in cents."""
    sums: dict[str, int] = {}
    for values in products.values():
        sums[values[0]] = sums.get(values[0], 0) + product_net(values)
    return sums


def _usual(name: str, days: Sequence[Mapping[str, int]]) -> int | None:
    return round(median([day.get(name, 0) for day in days])) if len(days) >= LEAST_WEEKS else None


def _product_figures(sums: Mapping[str, int]) -> Figures:
    return {
        "netCents": net_cents(sums),
        "units": sums["units"],
        "returnsCents": sums["returns"],
        "marginShare": _margin(sums["cost"], sums["costed"]),
    }


def _day_figures(day: Mapping[str, int | None], *, tickets_known: bool) -> Figures:
    net, gross = day["net"] or 0, day["gross"] or 0
    tickets = day["tickets"] if tickets_known else None
    return {
        "netCents": net,
        "grossCents": gross,
        "units": day["units"] or 0,
        "tickets": tickets,
        "basketCents": round(net / tickets) if tickets else None,
        "returnsCents": day["returns"] or 0,
        "returnsShare": (day["returns"] or 0) / gross if gross > 0 else None,
        "discountCents": day["discount"] or 0,
        "marginShare": _margin(day["cost"] or 0, day["costed"] or 0),
        "costedShare": min(1.0, (day["costed"] or 0) / net) if net > 0 else None,
    }


def _margin(cost: int, costed: int) -> float | None:
    return (costed - cost) / costed if costed > 0 else None


def _same_days_before(net: Sequence[int | None], lasting: Sequence[int]) -> int | None:
    """Return what as many days four weeks earlier sold: the same weekdays, in the month before.

    A day on which nobody sells is one four weeks earlier, too. None where a day that has facts now had none then.
    """
    if not lasting or lasting[0] < 28:
        return None
    if any(net[place - 28] is None and net[place] is not None for place in lasting):
        return None
    return sum(net[place - 28] or 0 for place in lasting)
