"""An emergency as it was reported, made fit to run on. Nothing is refused for its form.

What is missing or wrong is replaced by what lets the emergency run, named in ``problems``, and the report's own
text is kept beside it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.errors import Problem
from chalicelib.fleet.domain.incidents import texts

HIGH_PRIORITY_TYPES = frozenset(("panic_button", "accident", "hijack"))
"""Reach authorities, owner and camera; every other type reaches the owner."""
LARGEST_PART = 40_000
"""Bytes of JSON kept of the metadata, and of a report's own text. Step Functions takes 256 KiB at a time, and a
task is given the event and the state it came with: both parts, twice."""
DEEPEST_METADATA = 30
"""Levels of lists and objects; nobody reads below, and every reader of JSON ends somewhere."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")
_EARLIEST_MS, _LATEST_MS = 0, 99_999_999_999_999
_SECONDS_NOT_MS = 100_000_000_000
"""Below it (March 1973 in milliseconds) a time stamp is in seconds."""
_MAY_BE_LATE_MS, _MAY_BE_EARLY_MS = 86_400_000, 300_000
"""A device that was out of reach reports a day late; clocks run five minutes ahead."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report of an emergency."""

    vehicle_id: str
    """Fit for an execution's name: letters, digits, "-" and "_", at most 61."""
    type: str
    """Small letters, such as "panic_button"; "unknown" where none was given."""
    severity: str
    location: Mapping[str, float] | None
    """``{"lat", "lon"}`` in degrees; None where it is missing or impossible."""
    event_timestamp: int
    """Milliseconds since 1970."""
    metadata: Mapping[str, Any]
    drill: bool
    report_id: str
    """Of this report: an SQS message's or a request's. The same report read twice has the same."""
    received_at: int
    """Milliseconds since 1970."""
    problems: tuple[Problem, ...] = ()
    original: str | None = None
    """The report's own text, where it has problems."""

    @property
    def incident_id(self) -> str:
        """The incident's id, which is its execution's name."""
        return incident_id(self.vehicle_id, self.event_timestamp)

    def as_input(self) -> dict[str, Any]:
        """Return the execution's input: the seed's fields, then what was noted on the way in."""
        return {
            "vehicleId": self.vehicle_id,
            "type": self.type,
            "severity": self.severity,
            "location": None if self.location is None else dict(self.location),
            "eventTimestamp": self.event_timestamp,
            "metadata": dict(self.metadata),
            "drill": self.drill,
            "report": {
                "id": self.report_id,
                "receivedAt": self.received_at,
                "problems": [problem.as_dict() for problem in self.problems],
                "original": self.original,
            },
        }


def incident_id(vehicle_id: str, event_timestamp: int) -> str:
    """Return the id of the incident of a vehicle at a time.

    >>> incident_id("VEH-12345", 1698765432000)
    'INC-VEH-12345-1698765432000'
    """
    return f"INC-{vehicle_id}-{event_timestamp}"


def is_high_priority(event: Mapping[str, Any]) -> bool:
    """Say whether an execution's input is of a type that reaches the authorities."""
    return event.get("type") in HIGH_PRIORITY_TYPES


def read_report(text: str, *, report_id: str, received_at: int, sender: str = "") -> Report:
    """Return the report in ``text``, whatever it is.

    Args:
        text: as it came; should be JSON like the seed's example.
        report_id: see `Report.report_id`.
        received_at: milliseconds since 1970; stands in for a missing time stamp, so that a report read twice
            is the same incident.
        sender: the vehicle that sent it, as the way it came tells; stands in for a missing ``vehicleId``.
    """
    return _Reader(text, report_id, received_at, sender).report()


@dataclass(slots=True)
class _Reader:
    """Reads one report and collects its problems."""

    text: str
    report_id: str
    received_at: int
    sender: str
    problems: list[Problem] = field(default_factory=list)

    def report(self) -> Report:
        data = self._data()
        values = Report(
            vehicle_id=self._vehicle_id(data.get("vehicleId")),
            type=self._type(data.get("type")),
            severity=self._severity(data.get("severity")),
            location=self._location(data.get("location")),
            event_timestamp=self._timestamp(data.get("eventTimestamp")),
            metadata=self._metadata(data.get("metadata")),
            drill=self._drill(data.get("drill")),
            report_id=self.report_id,
            received_at=self.received_at,
        )
        if not self.problems:
            return values
        original = texts.clean(self.text)
        if len(json.dumps(original)) > LARGEST_PART:
            digest = hashlib.sha256(original.encode()).hexdigest()
            self._problem("", "too_long", f"has {len(original)} characters, SHA-256 {digest}; the first are kept")
            original = texts.beginning(original, LARGEST_PART)
        return Report(
            **{name: getattr(values, name) for name in Report.__slots__ if name not in ("problems", "original")},
            problems=tuple(self.problems),
            original=original,
        )

    def _problem(self, path: str, code: str, message: str) -> None:
        self.problems.append(Problem(path, code, message))

    def _data(self) -> dict[str, Any]:
        try:
            data = json.loads(self.text)
        except (ValueError, RecursionError) as error:
            self._problem("", "unreadable_json", str(error)[:200])
            return {}
        if not isinstance(data, dict):
            self._problem("", "not_an_object", f"is a {type(data).__name__}, not an object")
            return {}
        return data

    def _vehicle_id(self, given: Any) -> str:
        name = str(given).strip() if isinstance(given, str | int) and not isinstance(given, bool) else ""
        if _NAME.fullmatch(name):
            return name
        if not name and _NAME.fullmatch(self.sender):
            self._problem("vehicleId", "required", f"is missing; {self.sender} sent the report")
            return self.sender
        if not name:
            self._problem("vehicleId", "required", "is missing; the incident runs under a derived id")
            return f"UNKNOWN-{texts.digest(self.text, 12)}"
        self._problem("vehicleId", "not_a_name", f"{name[:80]!r} is not of 1 to 40 letters, digits, '-' and '_'")
        return f"{_NOT_IN_NAMES.sub('-', name)[:40]}-{texts.digest(name, 8)}"

    def _type(self, given: Any) -> str:
        if isinstance(given, str) and given.strip():
            return re.sub(r"[\s-]+", "_", texts.clean(given).strip().lower())[:80]
        self._problem("type", "required", f"is {texts.shown(given)}; the standard response runs")
        return "unknown"

    def _severity(self, given: Any) -> str:
        if isinstance(given, str) and given.strip():
            return texts.clean(given).strip().lower()[:40]
        if given is not None:
            self._problem("severity", "invalid", f"is {texts.shown(given)}, not a text")
        return "unspecified"

    def _location(self, given: Any) -> dict[str, float] | None:
        if given is None:
            self._problem("location", "required", "is missing")
            return None
        if isinstance(given, dict):
            lat, lon = _number(given.get("lat")), _number(given.get("lon"))
            if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180:
                return {"lat": lat, "lon": lon}
        self._problem(
            "location", "invalid", f"{texts.shown(given)} is no lat from -90 to 90 and lon from -180 to 180"
        )
        return None

    def _timestamp(self, given: Any) -> int:
        at = _milliseconds(given)
        if at is None:
            self._problem("eventTimestamp", "invalid", f"is {texts.shown(given)}; the time of arrival stands in")
            return self.received_at
        if isinstance(given, str) or at != given:
            self._problem(
                "eventTimestamp", "not_milliseconds", f"{texts.shown(given)} was read as {at} milliseconds"
            )
        if not -_MAY_BE_EARLY_MS <= self.received_at - at <= _MAY_BE_LATE_MS:
            told = datetime.fromtimestamp(self.received_at / 1000, UTC).isoformat(timespec="seconds")
            self._problem("eventTimestamp", "implausible", f"{at} is far from the time of arrival, {told}")
        return at

    def _metadata(self, given: Any) -> dict[str, Any]:
        if given is None:
            return {}
        if not isinstance(given, dict):
            self._problem("metadata", "invalid", f"is {texts.shown(given)}, not an object")
            return {}
        if texts.is_deeper(given, DEEPEST_METADATA):
            self._problem("metadata", "too_deep", f"has more than {DEEPEST_METADATA} levels")
            return {}
        clean: dict[str, Any] = texts.plain(given)
        if len(json.dumps(clean)) > LARGEST_PART:
            self._problem("metadata", "too_long", f"has more than {LARGEST_PART} bytes")
            return {}
        return clean

    def _drill(self, given: Any) -> bool:
        if given is not None and not isinstance(given, bool):
            self._problem("drill", "invalid", f"is {texts.shown(given)}, not true; this is taken for no drill")
        return given is True


def _milliseconds(given: Any) -> int | None:
    """Return a time stamp in milliseconds, None for what is none."""
    if isinstance(given, str):
        text = given.strip()
        if re.fullmatch(r"\d{1,14}", text):
            return _milliseconds(int(text))
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return _milliseconds(int(moment.timestamp() * 1000))
    number = _number(given)
    if number is None or not _EARLIEST_MS < number <= _LATEST_MS:
        return None
    return round(number * 1000 if number < _SECONDS_NOT_MS else number)


def _number(given: Any) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    try:
        return given if math.isfinite(given) else None
    except OverflowError:
        return None
