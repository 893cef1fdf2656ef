"""Finds wrong prices and shrinking lines in the digests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.retail.domain.books import StoreBook
from chalicelib.retail.domain.digests import Digest
from chalicelib.retail.domain.findings import FOLLOWED_DAYS, LINES_SMALL, PRICE_SLIP, PRICES_LOW, WIDE, Finding
from chalicelib.retail.domain.lasting_falls import lasting
from chalicelib.retail.domain.price_evidence import NEW, PRODUCTS, SHORT
from chalicelib.retail.domain.price_falls import Fall, Falls

SHARE = 0.5
"""Of the known lines: from here on it is not a promotion of some products."""
STORE_LINES = 3
CATEGORY_LINES = 5
"""Fewer known lines prove nothing."""
CATEGORY_MONEY = 2.0
"""In thousandths of the company's sales, for small lines: customers buy fewer of something all the time."""
STORE_FALL_MONEY = 0.2
"""Times the least money: prices that fell all over a store are worth a line before that costs much."""
FALL_MONEY = 0.1
"""The same for a category, which sells less and costs the same each day until somebody looks."""
SLIP_MONEY = 0.5
"""Times the least money: a price that far off is worth a line before it has cost much."""
_PLACES = {PRICES_LOW: (1, 2), LINES_SMALL: (3, 4)}
"""Kind -> where a `Level`'s fields have the lines affected, and the money short."""


def price_findings(book: StoreBook, digests: Mapping[str, Digest], least: int) -> Iterator[Finding]:
    """Yield stores and categories where most lines are cheap or small, and single products at a wrong price.

    Args:
        book: the stores' days.
        digests: day -> its products.
        least: the least money worth a line, in cents.
    """
    day = book.days[-1]
    today = digests.get(day)
    if today is None:
        return
    company = sum(columns["net"][-1] or 0 for columns in book.stores.values())
    cheap, small = set[str](), set[str]()
    for store, level in today.stores.items():
        scope = f"store:{store}"
        for finding in _levels(scope, level, PRICES_LOW, STORE_LINES, STORE_FALL_MONEY * least, book, digests):
            cheap.add(scope)
            yield finding
        for finding in _levels(scope, level, LINES_SMALL, STORE_LINES, float(least), book, digests):
            small.add(scope)
            yield finding
    if len(small) < WIDE * len(today.stores):
        money = max(least, company * CATEGORY_MONEY / 1000)
        for category, level in today.categories.items():
            yield from _levels(f"category:{category}", level, LINES_SMALL, CATEGORY_LINES, money, book, digests)
    if len(cheap) < WIDE * len(today.stores):
        for finding in _falls(book, digests, FALL_MONEY * least):
            if finding.scope not in cheap:
                cheap.add(finding.scope)
                yield finding
    slips = [slip for slip in today.slips if cheap.isdisjoint((f"store:{slip[0]}", f"category:{slip[2]}"))]
    yield from _slips(slips, day, round(SLIP_MONEY * least))


def _levels(
    scope: str,
    level: Sequence[float],
    kind: str,
    lines: int,
    least: float,
    book: StoreBook,
    digests: Mapping[str, Digest],
) -> Iterator[Finding]:
    count, short = _PLACES[kind]
    if not _is_low(level, kind, lines, least):
        return
    last = len(book.days) - 1
    days = book.days_in_a_row(lambda place: _was_low(scope, digests.get(book.days[place]), kind, lines, least))
    actual = _sold(scope, book, digests)
    usual = actual + round(level[short])
    yield Finding(
        kind, scope, book.days[-1], round(level[short]), actual, usual, usual, usual,
        book.days[last - days + 1], days,
        {"lines": int(level[0]), "affected": int(level[count]), "share": level[count] / level[0]},
    )  # fmt: skip


def _falls(book: StoreBook, digests: Mapping[str, Digest], least: float) -> Iterator[Finding]:
    """Yield the categories whose prices fell together today, and those that are still where they fell to."""
    until = {date: one for date, one in digests.items() if date <= book.days[-1]}
    falls = Falls({date: one.testimony for date, one in until.items()}, least)
    new = list(falls.on(book.days[-1]))
    for fall in new:
        heard = fall.testimony
        products, affected = round(heard[PRODUCTS]), max(1, round(heard[NEW]))
        yield _of_fall(fall, heard[SHORT], products, affected, book, digests)
    told = {fall.scope for fall in new}
    for date in book.days[-2 : -1 - FOLLOWED_DAYS : -1]:
        for fall in falls.on(date):
            one = None if fall.scope in told else lasting(fall, until)
            if one and one.short_cents >= least:
                told.add(fall.scope)
                yield _of_fall(fall, one.short_cents, one.products, one.discounted, book, digests)


def _of_fall(
    fall: Fall, short: float, products: int, affected: int, book: StoreBook, digests: Mapping[str, Digest]
) -> Finding:
    actual = _sold(fall.scope, book, digests)
    usual = actual + round(short)
    how = {"belowHalf": True} if fall.share is None else {"ofEarlierPrice": round(fall.share, 2)}
    return Finding(
        PRICES_LOW, fall.scope, book.days[-1], round(short), actual, usual, usual, usual, fall.day,
        len(book.days) - book.days.index(fall.day),
        {"lines": products, "affected": affected, "share": affected / products, **how},
    )  # fmt: skip


def _is_low(level: Sequence[float], kind: str, lines: int, least: float) -> bool:
    count, short = _PLACES[kind]
    return level[0] >= lines and level[count] >= SHARE * level[0] and level[short] >= least


def _was_low(scope: str, digest: Digest | None, kind: str, lines: int, least: float) -> bool:
    if digest is None:
        return False
    what, _, name = scope.partition(":")
    level = (digest.stores if what == "store" else digest.categories).get(name)
    return level is not None and _is_low(level, kind, lines, least)


def _sold(scope: str, book: StoreBook, digests: Mapping[str, Digest]) -> int:
    kind, _, name = scope.partition(":")
    if kind == "store":
        return book.stores[name]["net"][-1] or 0 if name in book.stores else 0
    return digests[book.days[-1]].category_net.get(name, 0)


def _slips(slips: Sequence[Sequence[float | str]], day: str, least: int) -> Iterator[Finding]:
    """Yield wrong prices by product: over all stores that have it."""
    by_product: dict[str, list[Sequence[float | str]]] = {}
    for slip in slips:
        by_product.setdefault(str(slip[1]), []).append(slip)
    for product, ones in by_product.items():
        money = round(sum(float(slip[5]) for slip in ones))
        if money < least:
            continue
        price, usual = round(float(ones[0][3])), round(float(ones[0][4]))
        stores = sorted({str(slip[0]) for slip in ones})
        yield Finding(
            PRICE_SLIP, f"product:{product}", day, money, price, usual, usual, usual, day, 1,
            {"stores": len(stores), "store": stores[0], "priceCents": price, "usualPriceCents": usual},
        )  # fmt: skip
