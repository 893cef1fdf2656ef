"""The process dies at every step of the world, before and after it; the next try leaves facts once and whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.kill import KilledError
from tests.fakes.retail.sale_rows import json_lines, row
from tests.fakes.retail.upload_desk import NOW, UploadDesk

KEY = "uploads/day.jsonl"
FIRST = json_lines(*(row(n, store=f"s{n % 4}", date=f"2025-01-1{n % 3}") for n in range(12)), "broken")
SECOND = json_lines(*(row(n, store=f"s{n % 3}", date=f"2025-01-1{n % 3}", quantity=5) for n in range(6)))


def corrected() -> UploadDesk:
    """A desk at which the first version has been taken in and the second has arrived."""
    desk = UploadDesk()
    desk.put(KEY, FIRST)
    desk.process(KEY)
    desk.put(KEY, SECOND, at=NOW + timedelta(hours=1))
    return desk


def steps_of_a_correction() -> int:
    desk = corrected()
    before = desk.fuse.steps
    desk.process(KEY)
    return desk.fuse.steps - before


def whole() -> UploadDesk:
    desk = corrected()
    desk.process(KEY)
    return desk


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_death_at_any_step_of_a_correction_is_mended_by_the_next_try(after: bool) -> None:
    expected = whole()
    steps = steps_of_a_correction()
    assert steps > 20
    for step in range(1, steps + 1):
        desk = corrected()
        desk.fuse.at, desk.fuse.after = desk.fuse.steps + step, after
        with pytest.raises(KilledError):
            desk.process(KEY)
        desk.fuse.at = None
        result = desk.process(KEY)
        assert result["restatement"] == 2, step
        assert desk.facts.days == expected.facts.days, step
        assert desk.facts.sheets == expected.facts.sheets, step
        assert desk.records.page_items == expected.records.page_items, step
        assert desk.files.quarantined == {}, step


def test_a_version_that_died_is_replaced_whole_by_the_next_version() -> None:
    for step in range(1, steps_of_a_correction() + 1):
        desk = corrected()
        desk.fuse.at, desk.fuse.after = desk.fuse.steps + step, True
        with pytest.raises(KilledError):
            desk.process(KEY)
        desk.fuse.at = None
        desk.clock.at += timedelta(minutes=17)
        desk.put(KEY, FIRST, at=NOW + timedelta(hours=2))
        assert desk.process(KEY)["restatement"] == 3
        fresh = UploadDesk()
        fresh.put(KEY, FIRST)
        fresh.process(KEY)
        assert desk.facts.days.keys() == fresh.facts.days.keys(), step
        for place, day in fresh.facts.days.items():
            seen = desk.facts.days[place]
            assert seen._replace(restatement=1, arrived_seconds=day.arrived_seconds) == day
