"""Killed at any point and resumed, a campaign calls nobody twice in one attempt and loses nobody."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.domain import figures
from chalicelib.campaigns.domain.contact import FINAL_CONTACT_STATUSES, ContactStatus
from chalicelib.campaigns.service.settling import split_attempt_key
from tests.fakes.campaigns.rough_world import RoughWorld
from tests.fakes.campaigns.samples import ALWAYS, MONDAY_NOON, campaign, contact


def rough_world(kill_at: int | None = None, seed: int = 0, contacts: int = 13) -> RoughWorld:
    return RoughWorld(
        campaign(windows=(ALWAYS,), max_attempts_per_person=5),
        [contact(n) for n in range(contacts)],
        MONDAY_NOON,
        kill_at=kill_at,
        seed=seed,
    )


def assert_nobody_is_lost_or_called_twice(world: RoughWorld, contacts: int = 13) -> None:
    counts = world.campaigns.counters("spring")
    assert figures.mismatches(counts) == []
    assert counts["total"] == contacts
    statuses = Counter(c.status for c in world.contacts.contacts["spring"].values())
    assert set(statuses) <= FINAL_CONTACT_STATUSES
    for status in ContactStatus:
        assert counts.get(figures.status_key(status), 0) == statuses[status]
    rings: dict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for key, at in world.rings:
        _, contact_id, attempt = split_attempt_key(key)
        rings[contact_id].append((attempt, at))
    for contact_id, calls in rings.items():
        attempts = [attempt for attempt, _ in calls]
        assert len(attempts) == len(set(attempts)), f"{contact_id} was called twice in one attempt"
        assert attempts == sorted(attempts)
        assert max(attempts) <= world.contacts.contacts["spring"][contact_id].attempt


def test_without_a_death_everybody_is_called_as_the_rules_say() -> None:
    world = rough_world()
    world.run()
    assert_nobody_is_lost_or_called_twice(world)
    counts = world.campaigns.counters("spring")
    assert len(world.rings) == sum(figures.figures(counts).dispositions.values())


def test_death_at_every_point_of_a_campaign() -> None:
    quiet = rough_world()
    quiet.run()
    points = quiet.switch.points
    assert {"before apply", "after send", "after claim", "before place", "after place", "after suppress"} <= {
        *points
    }
    for at in range(len(points)):
        world = rough_world(kill_at=at)
        world.run()
        assert world.switch.at is None, f"nobody died at point {at}"
        assert_nobody_is_lost_or_called_twice(world)


@settings(max_examples=60)
@given(kill_at=st.integers(0, 400), seed=st.integers(1, 10_000), contacts=st.integers(1, 25))
def test_death_among_doubled_late_lost_and_reordered_messages_and_events(
    kill_at: int, seed: int, contacts: int
) -> None:
    world = rough_world(kill_at, seed, contacts)
    world.run()
    assert_nobody_is_lost_or_called_twice(world, contacts)
