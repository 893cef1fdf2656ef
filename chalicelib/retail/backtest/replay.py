"""The replay: one day after the other, each judged by the days before it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta

from chalicelib.retail.backtest.sales_files import SalesDay
from chalicelib.retail.domain.anomalies import LEAST_OF_A_STORE, detect
from chalicelib.retail.domain.books import HISTORY_DAYS, write_book
from chalicelib.retail.domain.calendars import Knowledge
from chalicelib.retail.domain.digests import Digest, Memory, digest
from chalicelib.retail.domain.facts import StoreDay
from chalicelib.retail.domain.findings import Finding

WARM_UP_DAYS = 60
INJECTIONS = 200
PRICE, PIECES, TRAFFIC = "price", "pieces", "traffic"
"""How sales fall by 30 %: each piece brings less; each line has fewer pieces; fewer lines and pieces come about."""
KINDS = (PRICE, PIECES, TRAFFIC)
DROP = 0.3
STORE, CATEGORY = "store", "category"


@dataclass(frozen=True, slots=True)
class Injection:
    """One drop of one day."""

    seed: int
    day: date
    scope: str


@dataclass(slots=True)
class Outcome:
    """What a replay showed."""

    first: date
    last: date
    raised: list[Finding] = field(default_factory=list)
    """On the untouched days."""
    tried: dict[tuple[str, str], int] = field(default_factory=Counter)
    """(kind, store or category) -> injections."""
    found: dict[tuple[str, str], int] = field(default_factory=Counter)
    """The same, found: a finding of exactly that store or category, on that day."""
    heavy: dict[tuple[str, str], int] = field(default_factory=Counter)
    """The same, tried with at least the least money at stake."""
    heavy_found: dict[tuple[str, str], int] = field(default_factory=Counter)

    @property
    def weeks(self) -> float:
        """How long the replay was."""
        return ((self.last - self.first).days + 1) / 7

    def alerts_a_week(self, first: date | None = None, last: date | None = None) -> float:
        """Return the lines raised a week, a lasting one once."""
        since, until = first or self.first, last or self.last
        new = [f for f in self.raised if f.days == 1 and since.isoformat() <= f.day <= until.isoformat()]
        return len(new) / (((until - since).days + 1) / 7)


def replay(sales: Mapping[date, SalesDay], *, drop: float = DROP, injections: int = INJECTIONS) -> Outcome:
    """Replay all days after the first `WARM_UP_DAYS`.

    Each seed draws a day, and a store and a category that sold something that day; every kind of drop is tried on
    both. The day is judged again with the drop in it, the days before it as they were.
    """
    days = list(sales)
    judged = [day for day in days if (day - days[0]).days >= WARM_UP_DAYS]
    outcome = Outcome(judged[0], judged[-1])
    planned = _plan(sales, judged, injections)
    facts: dict[date, list[StoreDay]] = {}
    digests: dict[str, Digest] = {}
    memory = Memory()
    for day in days:
        usual = memory.usual() if day >= judged[0] else {}

        def judge(sold: SalesDay, day: date = day, usual: Mapping = usual) -> tuple[list[Finding], Digest]:  # type: ignore[type-arg]
            facts[day] = list(sold.store_days(day))
            since = day - timedelta(days=HISTORY_DAYS)
            window = (fact for d, ones in facts.items() if since <= d <= day for fact in ones)
            far = dict.fromkeys((f"{day - timedelta(days=n)}" for n in range(HISTORY_DAYS + 1)), 1 << 40)
            book = write_book(window, day, far)
            made = digest(sold.sheets(day), usual, "")
            if day < judged[0]:
                return [], made
            return detect(book, {**digests, day.isoformat(): made}, Knowledge()), made

        for injection in planned.get(day, ()):
            _try(injection, sales, judge, drop, outcome)
        raised, made = judge(sales[day])
        outcome.raised += [finding for finding in raised if not finding.explained]
        memory.learn(made)
        digests[day.isoformat()] = made
        digests.pop((day - timedelta(days=HISTORY_DAYS + 1)).isoformat(), None)
    return outcome


def _plan(sales: Mapping[date, SalesDay], judged: list[date], injections: int) -> dict[date, list[Injection]]:
    planned: dict[date, list[Injection]] = {}
    for seed in range(injections):
        chance = random.Random(seed)
        day = chance.choice(judged)
        stores = sorted(
            store for store, lines in sales[day].stores.items() if any(l.gross for l in lines.values())
        )
        categories = sorted(
            {line.category for lines in sales[day].stores.values() for line in lines.values() if line.gross}
        )
        for scope in (f"{STORE}:{chance.choice(stores)}", f"{CATEGORY}:{chance.choice(categories)}"):
            if not scope.endswith(":"):
                planned.setdefault(day, []).append(Injection(seed, day, scope))
    return planned


def _try(injection: Injection, sales: Mapping[date, SalesDay], judge, drop: float, outcome: Outcome) -> None:  # type: ignore[no-untyped-def]
    what = injection.scope.partition(":")[0]
    before = sales[injection.day]
    for kind in KINDS:
        dropped, lost = drop_day(before, injection, kind, drop)
        whole = sum(line.gross for lines in before.stores.values() for line in lines.values())
        heavy = lost >= LEAST_OF_A_STORE * whole / len(before.stores)
        raised, _ = judge(dropped)
        hit = any(one.scope == injection.scope and not one.explained for one in raised)
        outcome.tried[kind, what] += 1
        outcome.found[kind, what] += hit
        outcome.heavy[kind, what] += heavy
        outcome.heavy_found[kind, what] += heavy and hit


def drop_day(before: SalesDay, injection: Injection, kind: str, drop: float) -> tuple[SalesDay, float]:
    """Return the day with the drop in it, and the money lost in cents."""
    after = deepcopy(before)
    chance = random.Random(injection.seed)
    lost = 0.0
    for line in list(_lines(after, injection.scope)):
        was = line.gross
        if kind == PRICE:
            line.gross *= 1 - drop
        elif kind == PIECES:
            line.units *= 1 - drop
            line.gross *= 1 - drop
        elif line.units > 0:
            kept = (
                sum(chance.random() >= drop for _ in range(round(line.units)))
                if line.units <= 500
                else (line.units * (1 - drop))
            )
            line.gross *= kept / line.units
            line.units = kept
        lost += was - line.gross
    return after, lost


def _lines(day: SalesDay, scope: str) -> Iterator:  # type: ignore[type-arg]
    what, _, name = scope.partition(":")
    for store, lines in day.stores.items():
        for line in lines.values():
            if (store if what == STORE else line.category) == name:
                yield line
