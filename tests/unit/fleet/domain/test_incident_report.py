"""No form of a report stops an emergency."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.fleet.domain.incidents.report import LARGEST_PART, Report, is_high_priority, read_report

NOW = 1_780_370_055_000
GOOD: dict[str, Any] = {
    "vehicleId": "VEH-12345",
    "type": "panic_button",
    "severity": "critical",
    "location": {"lat": 4.6097, "lon": -74.0817},
    "eventTimestamp": NOW - 1_000,
    "metadata": {"driver_id": "DRV-789"},
}
EXECUTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


def read(text: str, sender: str = "") -> Report:
    return read_report(text, report_id="r-1", received_at=NOW, sender=sender)


def changed(**changes: Any) -> Report:
    return read(json.dumps(GOOD | changes))


def codes(report: Report) -> dict[str, str]:
    return {problem.path: problem.code for problem in report.problems}


def test_the_seeds_event_is_taken_as_it_is() -> None:
    report = changed()
    assert report.problems == ()
    assert report.original is None
    assert report.incident_id == f"INC-VEH-12345-{NOW - 1_000}"
    assert {key: report.as_input()[key] for key in GOOD} == GOOD


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"vehicleId": None}, "vehicleId", "required"),
        ({"vehicleId": "V/1"}, "vehicleId", "not_a_name"),
        ({"vehicleId": "V" * 41}, "vehicleId", "not_a_name"),
        ({"type": None}, "type", "required"),
        ({"type": 7}, "type", "required"),
        ({"severity": 9}, "severity", "invalid"),
        ({"location": None}, "location", "required"),
        ({"location": {"lat": 91, "lon": 0}}, "location", "invalid"),
        ({"location": {"lat": True, "lon": 0}}, "location", "invalid"),
        ({"eventTimestamp": None}, "eventTimestamp", "invalid"),
        ({"eventTimestamp": True}, "eventTimestamp", "invalid"),
        ({"eventTimestamp": -1}, "eventTimestamp", "invalid"),
        ({"eventTimestamp": NOW - 90_000_000}, "eventTimestamp", "implausible"),
        ({"eventTimestamp": NOW + 301_000}, "eventTimestamp", "implausible"),
        ({"eventTimestamp": NOW // 1000}, "eventTimestamp", "not_milliseconds"),
        ({"metadata": [1]}, "metadata", "invalid"),
        ({"drill": "yes"}, "drill", "invalid"),
    ],
)
def test_what_is_wrong_is_named_and_kept(changes: dict[str, Any], path: str, code: str) -> None:
    report = changed(**changes)
    assert codes(report) == {path: code}
    assert report.original == json.dumps(GOOD | changes)


def test_all_problems_are_named_at_once() -> None:
    report = read('{"location": "here", "eventTimestamp": "soon", "drill": 1}')
    assert set(codes(report)) == {"vehicleId", "type", "location", "eventTimestamp", "drill"}


@pytest.mark.parametrize("text", ["", "no json", "[]", "null", "1e999", '"panic"', "[" * 100_000, '{"vehicleId"'])
def test_what_is_no_object_is_an_incident_too(text: str) -> None:
    report = read(text)
    assert report.vehicle_id.startswith("UNKNOWN-")
    assert report.incident_id == read(text).incident_id
    assert not is_high_priority(report.as_input())
    assert read(text, sender="VEH-7").vehicle_id == "VEH-7"


def test_time_is_read_in_other_forms() -> None:
    assert changed(eventTimestamp=str(NOW)).event_timestamp == NOW
    assert changed(eventTimestamp="2026-06-02T03:14:15Z").event_timestamp == NOW
    assert changed(eventTimestamp=NOW / 1000).event_timestamp == NOW


def test_type_is_read_whatever_its_spelling() -> None:
    assert changed(type=" Panic Button ").type == "panic_button"
    assert changed(type="PANIC-BUTTON").type == "panic_button"


def test_only_true_is_a_drill() -> None:
    assert [changed(drill=given).drill for given in (True, False, None, "true", 1)] == [True] + [False] * 4


def test_names_that_clean_alike_stay_apart() -> None:
    assert changed(vehicleId="V/1").incident_id != changed(vehicleId="V:1").incident_id


def test_a_huge_report_is_cut_and_says_so() -> None:
    report = changed(metadata={"note": "x" * 200_000})
    assert codes(report) == {"metadata": "too_long", "": "too_long"}
    assert len(json.dumps(report.as_input()).encode()) < 200_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.fixed_dictionaries({}, optional=dict.fromkeys(GOOD, JSON)).map(json.dumps)))
def test_any_text_makes_an_execution(text: str) -> None:
    report = read(text)
    assert EXECUTION_NAME.fullmatch(report.incident_id)
    sent = json.dumps(report.as_input(), allow_nan=False)
    assert json.loads(sent.encode("utf-8")) == report.as_input()
    assert read(text) == report


@pytest.mark.parametrize(
    "field", ["metadata", "location", "type", "severity", "vehicleId", "drill", "eventTimestamp"]
)
@pytest.mark.parametrize("depth", [50, 400, 900])
def test_what_is_nested_beyond_reason_stops_no_emergency(field: str, depth: int) -> None:
    good = {key: value for key, value in GOOD.items() if key != field}
    nested = '{"a":' * depth + "1" + "}" * depth
    report = read(f'{json.dumps(good)[:-1]}, "{field}": {nested}}}')
    assert field in codes(report) or report.metadata["a"]
    assert json.loads(json.dumps(report.as_input()))["vehicleId"]


def test_control_characters_reach_no_channel() -> None:
    noisy = "bre\x00ak\x07do\ufffewn"
    report = changed(type=noisy, severity=noisy, metadata={noisy: [noisy]}, vehicleId="V\x00")
    shown = json.dumps(report.as_input() | {"report": None}, ensure_ascii=False)
    assert not set(shown) & set("\x00\x07\ufffe")
    assert "\\u0000" not in shown
    assert "\\u0007" not in shown
    assert report.original is not None
    assert not set(report.original) & set("\x00\x07\ufffe")


@pytest.mark.parametrize("letter", ["x", '"', "\\", "é", "🚨", "\n"])
def test_a_report_however_large_fits_the_machine_twice_over(letter: str) -> None:
    """Step Functions takes 262,144 bytes in a task's payload, which has the event and the state it came with."""
    for length in (100_000, 250_000, LARGEST_PART // len(json.dumps(letter)[1:-1]) - 100):
        text = json.dumps(GOOD | {"location": None, "metadata": {"note": letter * length}}, ensure_ascii=False)
        report = read(text)
        assert codes(report)["location"] == "required"
        data = json.dumps(report.as_input())
        assert 2 * len(data) < 200_000
        assert len(json.dumps({"event": {"S": data}})) < 240_000


def test_metadata_of_a_reasonable_size_are_kept_whole() -> None:
    report = changed(location=None, metadata={"note": "x" * 30_000})
    assert len(report.metadata["note"]) == 30_000
    assert report.original is not None
    assert len(report.original) > 30_000
