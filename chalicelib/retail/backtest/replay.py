"""The replay: one day after the other, each judged by the days before it."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from chalicelib.retail.backtest.sales_days import Line, SalesDay
from chalicelib.retail.domain.anomalies import LEAST_OF_A_STORE, detect
from chalicelib.retail.domain.books import HISTORY_DAYS, days_until, write_book
from chalicelib.retail.domain.calendars import Knowledge
from chalicelib.retail.domain.digests import Digest, digest
from chalicelib.retail.domain.facts import StoreDay
from chalicelib.retail.domain.findings import Finding
from chalicelib.retail.domain.product_memory import Known, Memory

WARM_UP_DAYS = 60
INJECTIONS = 200
PRICE, PIECES, TRAFFIC = "price", "pieces", "traffic"
"""How sales fall by 30 %: cheaper pieces; fewer pieces on each line; fewer pieces and lines."""
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
    """The same, found: a finding of exactly that store or category that the untouched day does not have."""
    heavy: dict[tuple[str, str], int] = field(default_factory=Counter)
    """The same, tried with at least the least money at stake."""
    heavy_found: dict[tuple[str, str], int] = field(default_factory=Counter)
    halves: dict[tuple[str, str, bool], list[bool]] = field(default_factory=lambda: defaultdict(list))
    """(kind, store or category, in the second half of the days) -> found, an injection each."""

    @property
    def middle(self) -> date:
        """The last day of the first half."""
        return self.first + (self.last - self.first) // 2

    @property
    def weeks(self) -> float:
        """How long the replay was."""
        return ((self.last - self.first).days + 1) / 7

    def alerts_a_week(self, first: date | None = None, last: date | None = None) -> float:
        """Return the lines raised a week, a lasting one once."""
        since, until = first or self.first, last or self.last
        new = [f for f in self.raised if f.days == 1 and since.isoformat() <= f.day <= until.isoformat()]
        return len(new) / (((until - since).days + 1) / 7)

    def kinds_raised(self) -> Counter[str]:
        """Return how many new lines each kind and scope raised: ``prices_low category`` -> 12."""
        return Counter(f"{one.kind} {one.scope.partition(':')[0]}" for one in self.raised if one.days == 1)


class _Past:
    """The days before the one judged."""

    def __init__(self) -> None:
        self.facts: dict[date, list[StoreDay]] = {}
        self.digests: dict[str, Digest] = {}
        self.memory = Memory()
        self.known = Known()

    def judge(self, day: date, sold: SalesDay) -> list[Finding]:
        """Return what is unusual about ``day``, had it sold this."""
        since = day - timedelta(days=HISTORY_DAYS)
        past = (fact for one, facts in self.facts.items() if since <= one < day for fact in facts)
        window = itertools.chain(past, sold.store_days(day))
        in_time = dict.fromkeys(days_until(day, HISTORY_DAYS + 1), _NEVER)
        made = digest(sold.sheets(day), self.known, "")
        return detect(write_book(window, day, in_time), {**self.digests, day.isoformat(): made}, Knowledge())

    def take_in(self, day: date, sold: SalesDay) -> None:
        """Let the day be past, as it really was."""
        made = digest(sold.sheets(day), self.known, "")
        self.facts[day] = list(sold.store_days(day))
        self.memory.learn(day, made)
        self.known = self.memory.known()
        self.digests[day.isoformat()] = made
        oldest = (day - timedelta(days=HISTORY_DAYS)).isoformat()
        self.digests = {one: digest for one, digest in self.digests.items() if one > oldest}


_NEVER = 1 << 40
"""Seconds: no file is late."""


def replay(sales: Mapping[date, SalesDay], *, drop: float = DROP, injections: int = INJECTIONS) -> Outcome:
    """Replay all days after the first `WARM_UP_DAYS`.

    Each seed draws a day, and a store and a category that sold something that day; every kind of drop is tried on
    both. The day is judged again with the drop in it, the days before it as they were.

    Raises:
        ValueError: there are too few days.
    """
    days = list(sales)
    judged = [day for day in days if (day - days[0]).days >= WARM_UP_DAYS]
    if not judged:
        raise ValueError(f"{len(days)} days are too few: the first {WARM_UP_DAYS} are only learnt from")
    outcome = Outcome(judged[0], judged[-1])
    planned = _plan(sales, judged, injections)
    past = _Past()
    for day in days:
        if day >= judged[0]:
            untouched = past.judge(day, sales[day])
            outcome.raised += untouched
            for injection in planned.get(day, ()):
                _try(injection, sales[day], past, drop, untouched, outcome)
        past.take_in(day, sales[day])
    return outcome


def _plan(sales: Mapping[date, SalesDay], judged: list[date], injections: int) -> dict[date, list[Injection]]:
    planned: dict[date, list[Injection]] = {}
    sold = [
        day for day in judged if any(line.gross for lines in sales[day].stores.values() for line in lines.values())
    ]
    if not sold:
        return planned
    for seed in range(injections):
        chance = random.Random(seed)
        day = chance.choice(sold)
        stores = sorted(
            store for store, lines in sales[day].stores.items() if any(line.gross for line in lines.values())
        )
        categories = sorted(
            {line.category for lines in sales[day].stores.values() for line in lines.values() if line.gross}
        )
        for scope in (f"{STORE}:{chance.choice(stores)}", f"{CATEGORY}:{chance.choice(categories)}"):
            if not scope.endswith(":"):
                planned.setdefault(day, []).append(Injection(seed, day, scope))
    return planned


def _try(
    injection: Injection,
    before: SalesDay,
    past: _Past,
    drop: float,
    untouched: Sequence[Finding],
    outcome: Outcome,
) -> None:
    known = {(one.key, one.since) for one in untouched}
    what = injection.scope.partition(":")[0]
    whole = sum(line.gross for lines in before.stores.values() for line in lines.values())
    for kind in KINDS:
        dropped, lost = drop_day(before, injection, kind, drop)
        heavy = lost >= LEAST_OF_A_STORE * whole / len(before.stores)
        raised = past.judge(injection.day, dropped)
        hit = any(one.scope == injection.scope and (one.key, one.since) not in known for one in raised)
        outcome.tried[kind, what] += 1
        outcome.found[kind, what] += hit
        outcome.heavy[kind, what] += heavy
        outcome.heavy_found[kind, what] += heavy and hit
        outcome.halves[kind, what, injection.day > outcome.middle].append(hit)


def drop_day(before: SalesDay, injection: Injection, kind: str, drop: float) -> tuple[SalesDay, float]:
    """Return the day with the drop in it, and the money lost in cents."""
    after = SalesDay({store: dict(lines) for store, lines in before.stores.items()}, before.tickets)
    chance = random.Random(injection.seed)
    lost = 0.0
    for line in _lines(after, injection.scope):
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


def _lines(day: SalesDay, scope: str) -> Iterator[Line]:
    """Yield copies of the scope's lines, each put into the day in the place of its original."""
    what, _, name = scope.partition(":")
    for store, lines in day.stores.items():
        for product, line in lines.items():
            if (store if what == STORE else line.category) == name:
                lines[product] = copied = replace(line)
                yield copied
