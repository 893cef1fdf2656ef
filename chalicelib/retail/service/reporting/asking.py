"""Finds reports again, runs them again, and takes answers to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.retail.domain.calendars import EVERYWHERE, Feedback, KnownEvent
from chalicelib.retail.errors.reports import ReportNotFoundError
from chalicelib.retail.ports.reports import AnalysisRuns, Memory, ReportLog, Shelf
from chalicelib.retail.service.mornings import reported_day
from chalicelib.retail.service.reporting.writing import read_report, report_key

ANSWERS = ("expected", "real", "event")


@dataclass(frozen=True, slots=True)
class Ports:
    """What asking needs."""

    shelf: Shelf
    log: ReportLog
    memory: Memory
    runs: AnalysisRuns
    zone: str


def show(day: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Return a date's last report with fresh links to its pages and who mailed it.

    Raises:
        InvalidInputError: the date is none, or has not ended.
        ReportNotFoundError: it was never reported.
    """
    iso = reported_day(day, ports.zone, clock).isoformat()
    report = read_report(iso, ports.shelf)
    if report is None:
        raise ReportNotFoundError(f"there is no report of {iso}; POST /reports/{iso} makes one")
    record = ports.log.record(iso)
    links = {form: ports.shelf.link(report_key(iso, form), f"sales-{iso}.{form}") for form in ("html", "pdf")}
    return {**report, "sent": bool(record and record.sent_by), "links": links}


def listed(until: str | None, limit: int, log: ReportLog) -> dict[str, Any]:
    """Return at most ``limit`` reports of dates up to ``until`` (the latest date unless given), the latest first.

    Returns:
        ``{"reports": [{"date", "version", "netCents", "sent"}]}``.
    """
    return {
        "reports": [
            {"date": one.day, "version": one.version, "netCents": one.net_cents, "sent": bool(one.sent_by)}
            for one in log.latest(until or "9999-12-31", limit)
        ]
    }


def run_again(day: str, force: bool, key: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Start the analysis of a date.

    Args:
        day: ISO date.
        force: mail the report even when the date's was mailed already.
        key: what makes this request another one than the last; the same key starts one execution.
        ports: the runs.
        clock: what time it is.

    Raises:
        InvalidInputError: the date is none, or has not ended.
    """
    iso = reported_day(day, ports.zone, clock).isoformat()
    arn = ports.runs.start(f"{iso}-{key}", {"date": iso, "force": force})
    return {"date": iso, "executionArn": arn}


def answer(day: str, finding: str, answer_given: str, who: str, ports: Ports, clock: Clock) -> str:
    """Take a person's answer to a finding and return it in words.

    ``event`` also makes a calendar row of the day for the finding's scope, which a later answer takes away again,
    whoever gives it: the last one counts.

    Raises:
        ReportNotFoundError: the date's report has no such finding.
    """
    report = read_report(day, ports.shelf) or {"items": [], "explained": []}
    told = [*report["items"], *report["explained"]]
    item = next((one for one in told if f"{one['kind']}|{one['scope']}" == finding), None)
    if item is None or answer_given not in ANSWERS:
        raise ReportNotFoundError(f"the report of {day} has no {finding} that could be {answer_given}")
    ports.memory.add_feedback(Feedback(finding, day, answer_given, who, clock.now().isoformat()))
    event_id = f"answer-{day}-{finding}"
    if answer_given == "event":
        scope = EVERYWHERE if item["scope"] == "company" else item["scope"]
        ports.memory.add_event(KnownEvent(event_id, "marked as a known event", day, day, scope))
    else:
        ports.memory.remove_event(event_id)
    return {
        "expected": "Noted as expected: it is not raised again for four weeks.",
        "real": "Noted as real.",
        "event": f"Noted as a known event of {day}.",
    }[answer_given]


def keep_event(event_id: str, name: str, first: str, last: str, scope: str, memory: Memory) -> dict[str, Any]:
    """Keep a calendar row.

    Raises:
        InvalidInputError: a day is none, or the last is before the first.
    """
    problems = []
    for field, text in (("first", first), ("last", last)):
        try:
            date.fromisoformat(text)
        except ValueError:
            problems.append(Problem(field, "no_date", f"{text!r} is no date such as 2025-01-15"))
    if not problems and last < first:
        problems.append(Problem("last", "before_first", f"{last} is before {first}"))
    if problems:
        raise InvalidInputError(problems)
    memory.add_event(KnownEvent(event_id, name, first, last, scope))
    return {"id": event_id, "name": name, "first": first, "last": last, "scope": scope}
