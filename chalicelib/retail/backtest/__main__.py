"""``python -m chalicelib.retail.backtest sales.csv``: alerts a week, precision and recall on injected drops."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from chalicelib.core.errors import InvalidInputError
from chalicelib.retail.backtest.number_forms import COMMA
from chalicelib.retail.backtest.replay import CATEGORY, DROP, INJECTIONS, KINDS, STORE, Outcome, replay
from chalicelib.retail.backtest.sales_files import SalesFile, read_sales
from chalicelib.retail.backtest.sales_headings import COLUMNS

_KINDS = {
    "price": "each piece brings less (price, discount, till)",
    "pieces": "fewer pieces on each line",
    "traffic": "fewer pieces and lines by chance (customers stay away)",
}


def main() -> None:
    """Replay and print."""
    parser = argparse.ArgumentParser(prog="python -m chalicelib.retail.backtest", description=__doc__)
    parser.add_argument(
        "sales",
        type=Path,
        help="CSV, also .gz; a row a sale, or a row a day, store and product. A negative quantity is a return or "
        "cancellation; rows that are no sale are left out, counted and named",
    )
    parser.add_argument(
        "--columns",
        default="",
        help=f"what=Heading,... where names do not tell; what is one of {', '.join(COLUMNS)}",
    )
    parser.add_argument("--drop", type=float, default=DROP, help="share of a day's sales that is taken away")
    parser.add_argument("--injections", type=int, default=INJECTIONS, help="seeds, from 0")
    parser.add_argument("--alerts", action="store_true", help="list what is raised on the untouched days")
    given = parser.parse_args()
    try:
        columns = dict(pair.split("=", 1) for pair in given.columns.split(",") if pair)
        sales = read_sales(given.sales, columns)
        outcome = replay(sales.days, drop=given.drop, injections=given.injections)
    except InvalidInputError as error:
        parser.error("".join(f"\n  {problem.path}: {problem.message}" for problem in error.problems))
    except (ValueError, OSError) as error:
        parser.error(str(error))
    for line in (*lines_read(sales), *lines(outcome, given.drop)):
        print(line)
    if given.alerts:
        for finding in outcome.raised:
            print(f"{finding.day}  {finding.key:40}  {finding.money_cents / 100:12,.2f}  day {finding.days}")


def lines_read(sales: SalesFile) -> list[str]:
    """Return what was in the file, in lines; money as `read_sales` counted it."""
    all_lines = [line for day in sales.days.values() for store in day.stores.values() for line in store.values()]
    gross, returns = sum(line.gross for line in all_lines) / 100, sum(line.returns for line in all_lines) / 100
    stores = {store for day in sales.days.values() for store in day.stores}
    read = ", ".join(
        f"{what}={name}" + (f" (as {COMMA})" if sales.number_forms.get(what) == COMMA else "")
        for what, name in sales.columns.items()
    )
    return [
        f"{sales.rows:,} rows, {sales.rows - sales.left_out.total():,} kept; days read as {sales.day_form}",
        f"  columns: {read}",
        *(f"  left out {count:,}: {reason}" for reason, count in sales.left_out.most_common()),
        *(
            f"  sold and taken back {count:,}: {sales.columns['status']} is {status}"
            for status, count in sales.taken_back.most_common()
        ),
        *(["  rows are totals: nothing is said of prices and pieces"] if sales.totals else []),
        f"{len(sales.days)} days, {len(stores)} stores; "
        f"gross {gross:,.2f}, returns and cancellations {returns:,.2f}, net {gross - returns:,.2f}",
    ]


def lines(outcome: Outcome, drop: float) -> list[str]:
    """Return what the replay showed, in lines."""
    middle = outcome.middle
    tried = sum(outcome.tried.values())
    hits = sum(outcome.found.values())
    a_day = len(outcome.raised) / max(1.0, 7 * outcome.weeks)
    precision = hits / (hits + a_day * tried) if hits else 0.0
    said = [
        f"{outcome.first} to {outcome.last}, {outcome.weeks:.1f} weeks",
        f"alerts a week on untouched days   {outcome.alerts_a_week():.2f}   first half "
        f"{outcome.alerts_a_week(last=middle):.2f}, second half "
        f"{outcome.alerts_a_week(first=middle + timedelta(days=1)):.2f}",
        "  of that " + ", ".join(f"{kind} {count}" for kind, count in outcome.kinds_raised().most_common()),
        f"precision on injected days        {precision:.2f}   (found / found and all else raised those days)",
        f"drops of {drop:.0%} of one day: found / tried; first half, second half; with the least money at stake",
    ]
    for kind in KINDS:
        for what in ("store", "category"):
            key = (kind, what)
            if outcome.tried[key]:
                all_of_them = _share(outcome.found[key], outcome.tried[key])
                heavy = _share(outcome.heavy_found[key], outcome.heavy[key])
                halves = "".join(f"  {_mean(outcome.halves[*key, half])}" for half in (False, True))
                said.append(f"  {kind:8} {what:9} {all_of_them} {halves}   {heavy}   {_KINDS[kind]}")
        both = [
            hit for what in (STORE, CATEGORY) for half in (False, True) for hit in outcome.halves[kind, what, half]
        ]
        if both:
            said.append(f"  {kind:8} {'together':9} {_share(sum(both), len(both))}")
    return said


def _mean(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / len(hits):.2f}" if hits else "   –"


def _share(part: int, whole: int) -> str:
    return f"{part:4}/{whole:<4} {part / max(1, whole):5.2f}"


if __name__ == "__main__":
    main()
