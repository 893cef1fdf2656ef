from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.domain.campaign import CallingWindow, Campaign, Weekday
from chalicelib.campaigns.domain.windows import WindowBook, is_legal, next_legal
from tests.unit.campaigns.domain.examples import EVERY_DAY, campaign, utc, window

NEW_YORK, LOS_ANGELES, BERLIN, SYDNEY = (
    "America/New_York",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Australia/Sydney",
)


def test_the_start_is_inside_and_the_end_is_not() -> None:
    nine_to_five = campaign()
    assert not is_legal(nine_to_five, (NEW_YORK,), utc("2025-06-02 12:59:59"))
    assert is_legal(nine_to_five, (NEW_YORK,), utc("2025-06-02 13:00"))
    assert is_legal(nine_to_five, (NEW_YORK,), utc("2025-06-02 20:59:59"))
    assert not is_legal(nine_to_five, (NEW_YORK,), utc("2025-06-02 21:00"))


def test_every_zone_must_be_open() -> None:
    both = (NEW_YORK, LOS_ANGELES)
    assert next_legal(campaign(), both, utc("2025-06-02 12:00")) == utc("2025-06-02 16:00")
    assert not is_legal(campaign(), both, utc("2025-06-02 21:00"))
    assert next_legal(campaign(), (NEW_YORK, SYDNEY), utc("2025-06-02 00:00")) is None


@pytest.mark.parametrize(
    "zones", [(), ("Mars/Olympus",), (NEW_YORK, "Mars/Olympus"), ("",), ("America",), ("../x",)]
)
def test_without_a_known_zone_there_is_no_legal_time(zones: tuple[str, ...]) -> None:
    assert not is_legal(campaign(), zones, utc("2025-06-02 15:00"))
    assert next_legal(campaign(), zones, utc("2025-06-02 15:00")) is None


def test_a_closed_weekend_opens_on_monday() -> None:
    friday_evening = utc("2025-06-06 21:00")
    assert next_legal(campaign(), (NEW_YORK,), friday_evening) == utc("2025-06-09 13:00")


def test_restricted_dates_and_holidays_are_skipped_in_local_dates() -> None:
    closed = campaign(restricted_dates=(date(2025, 7, 3),), holiday_calendars=("US-federal",))
    assert next_legal(closed, (NEW_YORK,), utc("2025-07-02 21:00")) == utc("2025-07-07 13:00")
    # In Sydney the third has not begun when New York's second of July is still open.
    assert is_legal(closed, (NEW_YORK,), utc("2025-07-02 20:00"))


def test_nothing_is_legal_at_or_after_the_end() -> None:
    ending = campaign(end_at=utc("2025-06-02 13:00"))
    assert next_legal(ending, (NEW_YORK,), utc("2025-06-01 00:00")) is None
    assert next_legal(campaign(end_at=utc("2025-06-02 13:01")), (NEW_YORK,), utc("2025-06-01 00:00")) == utc(
        "2025-06-02 13:00"
    )
    assert next_legal(ending, (NEW_YORK,), utc("2025-06-03 15:00")) is None


def test_a_campaign_without_end_is_searched_for_a_year() -> None:
    leap = campaign(windows=(window("09:00", "10:00", EVERY_DAY),))
    year = tuple(date(2025, 1, 1) + timedelta(days=n) for n in range(400))
    assert next_legal(campaign(windows=()), (NEW_YORK,), utc("2025-01-01 00:00")) is None
    assert next_legal(leap, (NEW_YORK,), utc("2025-01-01 00:00")) == utc("2025-01-01 14:00")
    assert next_legal(campaign(restricted_dates=year), (NEW_YORK,), utc("2025-01-01 12:00")) is None


@pytest.mark.parametrize(
    ("zone", "skipped_hour_begins"),
    [(NEW_YORK, "2025-03-09 07:00"), (BERLIN, "2025-03-30 01:00"), (SYDNEY, "2025-10-04 16:00")],
)
def test_a_window_inside_the_skipped_hour_is_not_there_that_day(zone: str, skipped_hour_begins: str) -> None:
    before = utc(skipped_hour_begins) - timedelta(minutes=1)
    early = campaign(windows=(window("02:15", "02:45", EVERY_DAY),))
    assert next_legal(early, (zone,), before) == before + timedelta(minutes=1, hours=23, seconds=15 * 60)


@pytest.mark.parametrize(
    ("zone", "second_pass_begins", "start", "end"),
    [
        (NEW_YORK, "2025-11-02 06:00", "01:15", "01:45"),
        (BERLIN, "2025-10-26 01:00", "02:15", "02:45"),
        (SYDNEY, "2025-04-05 16:00", "02:15", "02:45"),
    ],
)
def test_a_window_inside_the_repeated_hour_opens_twice(
    zone: str, second_pass_begins: str, start: str, end: str
) -> None:
    twice = campaign(windows=(window(start, end, EVERY_DAY),))
    again = utc(second_pass_begins)
    first = next_legal(twice, (zone,), again - timedelta(hours=1))
    assert first == again - timedelta(minutes=45)
    assert next_legal(twice, (zone,), again - timedelta(minutes=15)) == again + timedelta(minutes=15)


def test_windows_keep_their_wall_time_over_the_change() -> None:
    for zone, saturday, monday in [
        (NEW_YORK, "2025-03-08 15:00", "2025-03-10 13:00"),
        (NEW_YORK, "2025-11-01 15:00", "2025-11-03 14:00"),
        (SYDNEY, "2025-10-04 01:00", "2025-10-05 22:00"),
        (SYDNEY, "2025-04-05 01:00", "2025-04-06 23:00"),
    ]:
        assert next_legal(campaign(), (zone,), utc(saturday)) == utc(monday)


def test_a_date_that_a_zone_skips_is_never_open() -> None:
    # Samoa went from 29 to 31 December 2011.
    opening = next_legal(
        campaign(windows=(window("09:00", "17:00", EVERY_DAY),)), ("Pacific/Apia",), utc("2011-12-30 06:00")
    )
    assert opening == utc("2011-12-30 19:00")


def test_the_book_says_why_it_is_closed_and_until_when() -> None:
    book = WindowBook(campaign(restricted_dates=(date(2025, 6, 3),)))
    night = book.state((NEW_YORK,), utc("2025-06-03 03:30"))
    assert (night.legal, night.restricted) == (False, False)
    assert night.next_legal == utc("2025-06-04 13:00")
    assert book.state((NEW_YORK,), utc("2025-06-03 04:00")).restricted
    assert book.state((NEW_YORK,), utc("2025-06-04 13:00")).legal


QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
ZONES = st.sampled_from(
    [
        NEW_YORK,
        LOS_ANGELES,
        BERLIN,
        SYDNEY,
        "America/Phoenix",
        "America/Sao_Paulo",
        "Australia/Lord_Howe",  # daylight saving of half an hour
        "Asia/Kathmandu",  # 5:45
        "Africa/Casablanca",
        "Pacific/Chatham",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
    ]
)
WINDOWS = st.builds(
    lambda days, a, b: CallingWindow(tuple(sorted(days, key=EVERY_DAY.index)), min(a, b), max(a, b)),
    st.sets(st.sampled_from(list(Weekday)), min_size=1),
    QUARTERS,
    QUARTERS,
)
INSTANTS = st.integers(0, 4 * 365 * 24 * 4).map(
    lambda n: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * n)
)
ZONE_SETS = st.lists(ZONES, min_size=1, max_size=3, unique=True).map(lambda names: tuple(sorted(names)))


@st.composite
def campaigns(draw: st.DrawFn, at: datetime) -> Campaign:
    """Campaigns that end within eight days of ``at``."""
    near = st.integers(-2, 9).map(lambda n: at.date() + timedelta(days=n))
    return campaign(
        windows=tuple(draw(st.lists(WINDOWS, max_size=3))),
        restricted_dates=tuple(draw(st.lists(near, max_size=2))),
        holiday_calendars=tuple(draw(st.sets(st.sampled_from(["US-federal", "DE-national"])))),
        end_at=at + timedelta(hours=draw(st.integers(1, 8 * 24))),
    )


@settings(max_examples=60, deadline=None)
@given(st.data(), ZONE_SETS, INSTANTS)
def test_next_legal_is_legal_and_no_earlier_quarter_is(
    data: st.DataObject, zones: tuple[str, ...], at: datetime
) -> None:
    drawn = data.draw(campaigns(at))
    assert drawn.end_at is not None
    found = next_legal(drawn, zones, at)
    assert found is None or (at <= found < drawn.end_at and is_legal(drawn, zones, found))
    stop = drawn.end_at if found is None else found
    instant = at
    while instant < stop:
        assert not is_legal(drawn, zones, instant)
        instant += timedelta(minutes=15)


@settings(max_examples=60, deadline=None)
@given(st.data(), ZONE_SETS, INSTANTS, st.lists(st.integers(-86_400, 5 * 86_400), min_size=1, max_size=40))
def test_the_book_agrees_with_the_wall_clocks(
    data: st.DataObject, zones: tuple[str, ...], at: datetime, seconds: list[int]
) -> None:
    drawn = data.draw(campaigns(at))
    book = WindowBook(drawn)
    for second in seconds:
        instant = at + timedelta(seconds=second)
        assert book.is_legal(zones, instant) == is_legal(drawn, zones, instant)
        assert book.next_legal(zones, instant) == next_legal(drawn, zones, instant)
        state = book.state(zones, instant)
        assert state.next_legal is None or not state.legal


@settings(max_examples=50, deadline=None)
@given(st.data(), ZONE_SETS, INSTANTS)
def test_a_zone_more_never_opens_anything(data: st.DataObject, zones: tuple[str, ...], at: datetime) -> None:
    drawn = data.draw(campaigns(at))
    together = next_legal(drawn, zones, at)
    for zone in zones:
        alone = next_legal(drawn, (zone,), at)
        assert together is None or (alone is not None and alone <= together)
