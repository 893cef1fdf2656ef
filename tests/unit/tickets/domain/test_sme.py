from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from chalicelib.tickets.domain.sme import Leave, Weekday, WorkingHours, problems
from tests.fakes.tickets.samples import ADA, BEN, CLEO


def test_good_profiles_have_no_problem() -> None:
    assert [list(problems(profile)) for profile in (ADA, BEN, CLEO)] == [[], [], []]


def test_every_problem_is_told_at_once() -> None:
    wrong = replace(
        ADA,
        cre_id="two words",
        name=" ",
        slack_id="<!here>",
        zone="Mars/Base",
        capacity=0,
        leave=(Leave(date(2026, 2, 2), date(2026, 2, 1)),),
        hours=(WorkingHours((), time(9), time(17)),),
    )
    places = ["creId", "name", "slackId", "zone", "capacity", "leave[0].last", "hours[0].days"]
    assert [problem.path for problem in problems(wrong)] == places


@pytest.mark.parametrize("zone", ["America", "../../etc/passwd", "", "UTC\0"])
def test_what_is_no_zone_is_a_problem_and_no_crash(zone: str) -> None:
    assert [problem.code for problem in problems(replace(ADA, zone=zone))] == ["unknown_zone"]


def test_a_date_has_its_weekday() -> None:
    assert Weekday.of(date(2026, 11, 21)) is Weekday.SATURDAY
