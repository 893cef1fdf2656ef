"""How many contacts a second one core judges and ranks: ``python -m benchmarks.rules``.

Every contact is judged by all rules (zones, window, restricted dates, retry delay, cap, suppression), scored
by a model of twenty features and given its rank. One figure a line, with its bar; exits 1 when one is missed.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time

from chalicelib.campaigns.domain.campaign import CallingWindow, Campaign, CampaignStatus, Weekday
from chalicelib.campaigns.domain.contact import Contact
from chalicelib.campaigns.domain.holds import judge
from chalicelib.campaigns.domain.priority import Binned, Levels, Model, Numeric, rank, scorer
from chalicelib.campaigns.domain.windows import WindowBook

BAR_PER_SECOND = 100_000
CONTACTS = 100_000
ROUNDS = 3
ZONE_SETS = (
    ("America/New_York",),
    ("America/Chicago",),
    ("America/Denver",),
    ("America/Los_Angeles",),
    ("America/Phoenix",),
    ("Pacific/Honolulu",),
    ("America/Chicago", "America/New_York"),
    ("America/Boise", "America/Los_Angeles"),
    ("Europe/London",),
    ("Australia/Sydney",),
    (),
)
NOON = datetime(2025, 6, 2, 16, 0, tzinfo=UTC)
NIGHT = datetime(2025, 6, 3, 7, 0, tzinfo=UTC)


def main() -> int:
    """Print the figures and return the exit code."""
    contacts, attempts = _contacts(), _attempts()
    figures = {
        "rules and ranking, windows open": _rate(lambda: _judge_and_rank(contacts, attempts, NOON)),
        "rules and ranking, windows closed": _rate(lambda: _judge_and_rank(contacts, attempts, NIGHT)),
        "rules alone, windows open": _rate(lambda: _judge(contacts, attempts, NOON)),
        "ranking alone": _rate(lambda: _rank(contacts)),
    }
    for name, per_second in figures.items():
        verdict = "ok" if per_second >= BAR_PER_SECOND else "MISSED"
        print(f"{name}: {per_second:,.0f} contacts/s a core (bar {BAR_PER_SECOND:,}) {verdict}")
    return 0 if min(figures.values()) >= BAR_PER_SECOND else 1


def _judge_and_rank(contacts: Sequence[Contact], attempts: Sequence[list[datetime]], now: datetime) -> None:
    book, score = WindowBook(_campaign()), scorer(_model())
    for contact, past in zip(contacts, attempts, strict=True):
        judge(contact, book.campaign, now, book=book, person_attempts=past)
        rank(score(contact.features))


def _judge(contacts: Sequence[Contact], attempts: Sequence[list[datetime]], now: datetime) -> None:
    book = WindowBook(_campaign())
    for contact, past in zip(contacts, attempts, strict=True):
        judge(contact, book.campaign, now, book=book, person_attempts=past)


def _rank(contacts: Sequence[Contact]) -> None:
    score = scorer(_model())
    for contact in contacts:
        rank(score(contact.features))


def _rate(work: Callable[[], None]) -> float:
    """Return the contacts a second of CPU time, the best of a few rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return CONTACTS / best


def _campaign() -> Campaign:
    workdays = tuple(Weekday)[:5]
    return Campaign(
        id="bench",
        name="bench",
        status=CampaignStatus.ACTIVE,
        generation=1,
        windows=(
            CallingWindow(workdays, wall_time(9), wall_time(12)),
            CallingWindow(workdays, wall_time(12), wall_time(20)),
        ),
        caller_id="+12025550100",
        restricted_dates=(date(2025, 6, 9),),
        holiday_calendars=("US-federal",),
        end_at=NOON + timedelta(days=30),
    )


def _contacts() -> list[Contact]:
    dice = random.Random(1)
    return [
        Contact(
            campaign_id="bench",
            id=str(i),
            phone=f"+1212{i:07}",
            zones=dice.choice(ZONE_SETS),
            next_attempt_at=NOON + timedelta(minutes=dice.randint(-600, 60)) if i % 3 == 0 else None,
            features=_features(dice),
        )
        for i in range(CONTACTS)
    ]


def _attempts() -> list[list[datetime]]:
    """Return how often each person was called of late: nine in ten never."""
    dice = random.Random(2)
    return [
        [NOON - timedelta(hours=dice.randint(1, 300)) for _ in range(4)] if dice.random() < 0.1 else []
        for _ in range(CONTACTS)
    ]


def _features(dice: random.Random) -> dict[str, str | float]:
    words: dict[str, str | float] = {f"word_{i}": f"level_{dice.randint(0, 11)}" for i in range(10)}
    return words | {f"number_{i}": dice.gauss(40, 12) for i in range(10)}


def _model() -> Model:
    levels = tuple(Levels(f"word_{i}", {f"level_{k}": 0.1 * k - 0.5 for k in range(10)}, -0.1) for i in range(10))
    binned = tuple(Binned(f"number_{i}", (25.0, 35.0, 45.0, 55.0), (-0.2, 0.0, 0.1, 0.2, 0.3)) for i in range(5))
    numeric = tuple(Numeric(f"number_{i}", 40.0, 12.0, 0.0, 90.0, 0.1) for i in range(5, 10))
    return Model(-1.0, levels + binned + numeric)


if __name__ == "__main__":
    sys.exit(main())
