"""What both pages show, as text: tiles, tables and the bars of the chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.retail.domain.wording import amount, money, percent

CHART_DAYS = 28


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure."""

    label: str
    value: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; the first column is text, the others are figures."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tiles(report: dict[str, Any]) -> list[Tile]:
    """Return the day's large figures."""
    currency, day, against = report["currency"], report["company"]["day"], report["company"]["against"]
    expected = report["company"]["expected"]
    inside = f"expected {amount(expected['low'])} to {amount(expected['high'])}" if expected else ""
    shown = [
        Tile("Net sales", money(day["netCents"], currency), inside),
        Tile("Same weekday", percent(against["sameWeekday"]["change"]), "median of 8 weeks"),
        Tile(
            "Day before",
            percent(against["yesterday"]["change"]),
            money(against["yesterday"]["netCents"], currency),
        ),
        Tile("Month to date", percent(against["monthToDate"]["change"]), "same days 4 weeks before"),
        Tile("Units", f"{day['units']:,}"),
    ]
    if day["tickets"] is not None:
        shown.append(Tile("Tickets", f"{day['tickets']:,}", f"basket {money(day['basketCents'], currency)}"))
    shown.append(Tile("Returns", money(day["returnsCents"], currency), _share(day["returnsShare"])))
    if day["marginShare"] is not None:
        known = day["costedShare"]
        hint = "" if known is None else f"cost known for {100 * known:.0f} % of sales"
        shown.append(Tile("Margin", f"{100 * day['marginShare']:.1f} %", hint))
    return shown


def sheets(report: dict[str, Any]) -> list[Sheet]:
    """Return the tables."""
    currency = report["currency"]

    def title(what: str, rows: tuple[tuple[str, ...], ...], count: int) -> str:
        some = "" if len(rows) == count else f", the best {len(rows)} of {count:,}"
        return f"{what}{some}, in {currency}"

    def line(name: str, one: dict[str, Any]) -> tuple[str, ...]:
        usual = one["sameWeekday"]
        return (
            name,
            amount(one["netCents"]),
            "–" if usual["netCents"] is None else amount(usual["netCents"]),
            percent(usual["change"]),
            f"{one['units']:,}",
            amount(one["returnsCents"]) if one["returnsCents"] else "–",
        )

    heads = ("Net sales", "Usual", "Change", "Units", "Returns")
    company, products = report["company"], report["products"]
    stores = tuple(line(one["store"], one) for one in company["stores"])
    categories = tuple(line(one["category"], one) for one in products["categories"])
    best = tuple(line(f"{one['product']} · {one['category']}", one) for one in products["topProducts"])
    made = [
        Sheet(title("Stores", stores, company["completeness"]["reportedStores"]), ("Store", *heads), stores),
        Sheet(title("Categories", categories, products["categoryCount"]), ("Category", *heads), categories),
        Sheet(title("Products", best, products["productCount"]), ("Product", *heads), best),
    ]
    return [sheet for sheet in made if sheet.rows]


def bars(report: dict[str, Any]) -> list[tuple[str, int | None]]:
    """Return the last days' net sales: (ISO date, cents)."""
    return [(one["day"], one["netCents"]) for one in report["company"]["history"][-CHART_DAYS:]]


def bounds(report: dict[str, Any]) -> str:
    """Return the chart's highest day in words, and the lowest where a day took back more than it sold."""
    values = [value or 0 for _, value in bars(report)]
    lowest = f", lowest {money(min(values), report['currency'])}" if min(values) < 0 else ""
    return f"highest {money(max(values), report['currency'])}{lowest}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{100 * share:,.1f} % of gross"
