from __future__ import annotations

from datetime import date

import pytest

from chalicelib.campaigns.domain.calendars import CALENDARS, easter, holidays
from chalicelib.core.errors import InvalidInputError


def test_federal_holidays_of_2026_are_those_the_government_lists() -> None:
    assert sorted(holidays("US-federal", 2026)) == [
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 16),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),  # Independence Day is a Saturday: observed on Friday, and restricted itself
        date(2026, 7, 4),
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 11),
        date(2026, 11, 26),
        date(2026, 12, 25),
    ]


def test_new_year_on_a_saturday_is_observed_in_the_old_year() -> None:
    assert date(2021, 12, 31) in holidays("US-federal", 2021)
    assert date(2021, 12, 31) not in holidays("US-federal", 2022)


def test_juneteenth_begins_in_2021() -> None:
    assert date(2020, 6, 19) not in holidays("US-federal", 2020)
    assert {date(2021, 6, 18), date(2021, 6, 19)} <= holidays("US-federal", 2021)


def test_english_christmas_on_a_weekend_takes_the_next_two_free_days() -> None:
    assert {date(2021, 12, 27), date(2021, 12, 28)} <= holidays("GB-england-wales", 2021)  # Saturday and Sunday
    assert {date(2022, 12, 26), date(2022, 12, 27)} <= holidays("GB-england-wales", 2022)  # Sunday and Monday


def test_german_holidays_stay_where_they_are() -> None:
    assert sorted(holidays("DE-national", 2027)) == [
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 1),
        date(2027, 5, 6),
        date(2027, 5, 17),
        date(2027, 10, 3),
        date(2027, 12, 25),
        date(2027, 12, 26),
    ]


@pytest.mark.parametrize(
    "sunday", [date(2019, 4, 21), date(2024, 3, 31), date(2025, 4, 20), date(2038, 4, 25), date(2285, 3, 22)]
)
def test_easter(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_an_unknown_calendar_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError, match="'US-fedral' is not one of DE-national"):
        holidays("US-fedral", 2026)


def test_every_calendar_names_its_source() -> None:
    assert all(calendar.source for calendar in CALENDARS.values())
