"""Whatever a client sends, it is a campaign or a list of problems with their paths."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.domain.validation import problems
from chalicelib.campaigns.service.lifecycle.drafts import CampaignDraft, campaign_of
from chalicelib.campaigns.service.lifecycle.views import configuration
from chalicelib.core import payload
from chalicelib.core.errors import InvalidInputError, Problem
from tests.fakes.campaigns.samples import MONDAY_NOON

FULL: dict[str, Any] = {
    "name": "Spring",
    "callerId": "+14155550100",
    "zone": "Europe/Berlin",
    "defaultRegion": "DE",
    "windows": [{"days": ["mon"], "start": "09:00", "end": "20:00"}],
    "startAt": "2026-07-01T10:00",
    "endAt": "2026-08-01T10:00+02:00",
    "audio": ["audio/a.wav"],
    "ivr": {
        "entry": "hello",
        "nodes": [
            {"id": "hello", "action": "menu", "audio": "audio/a.wav", "options": [{"key": "9", "goto": "stop"}]},
            {"id": "stop", "action": "opt_out"},
        ],
    },
    "restrictedDates": ["2026-12-25"],
    "holidayCalendars": [],
    "retryRules": {"no_answer": {"delayMinutes": 60, "maxAttempts": 2}},
    "maxAttemptsPerPerson": 3,
    "attemptWindowDays": 7,
    "callsPerSecond": 5,
    "maxConcurrentCalls": 50,
    "modelKey": "models/m.json",
}

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["0001-01-01T00:00", "9999-12-31T23:59+00:00", "../etc", "24:00", "mon", "US", "\x00", "Etc/"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def made(body: Any) -> Any:
    return campaign_of(payload.parse(CampaignDraft, body), "c", MONDAY_NOON)


def said_of(body: Any) -> list[Problem]:
    """Return every problem the API would name."""
    try:
        return problems(made(body), now=MONDAY_NOON)
    except InvalidInputError as refused:
        return list(refused.problems)


def test_the_full_body_is_a_sound_campaign_and_is_shown_as_it_was_sent() -> None:
    campaign = made(FULL)
    assert problems(campaign, now=MONDAY_NOON) == []
    shown = json.loads(json.dumps(configuration(campaign)))
    changed = {"startAt": "2026-07-01T08:00:00Z", "endAt": "2026-08-01T08:00:00Z"}
    assert {k: shown[k] for k in FULL if k != "ivr"} == {k: v for k, v in FULL.items() if k != "ivr"} | changed


@settings(max_examples=400)
@given(st.data(), values)
def test_no_value_in_any_place_breaks_anything(data: st.DataObject, value: Any) -> None:
    place: Any = (body := deepcopy(FULL))
    key = data.draw(st.sampled_from(sorted(body)))
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[key] = value
    assert all(problem.code and problem.message for problem in said_of(body))


@given(values)
def test_json_of_any_other_shape_is_refused(value: Any) -> None:
    assert said_of(value) != []
