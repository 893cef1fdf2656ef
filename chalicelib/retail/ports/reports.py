"""What the daily analysis needs of the world: files, a log of reports, a memory of answers, a printer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.retail.domain.calendars import Feedback, Knowledge, KnownEvent


class Shelf:
    """Files of the analysis, by key."""

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Keep ``body`` under ``key``, in the place of what was there."""
        raise NotImplementedError

    def get(self, key: str) -> bytes | None:
        """Return what is kept under ``key``, None when nothing is."""
        raise NotImplementedError

    def link(self, key: str, file_name: str) -> str:
        """Return an address at which a browser reads ``key`` for some time."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """What is known of a date's report."""

    day: str
    """ISO date."""
    version: int
    """1, and one more with each restatement."""
    stamp: str
    """Of the facts it was made from; see `StoreBook.stamps`."""
    net_cents: int
    sent_by: str
    """The execution that mailed it, empty while none has."""


class ReportLog:
    """Which reports there are, and which execution may mail one."""

    def record(self, day: str) -> ReportRecord | None:
        """Return what is known of a date's report."""
        raise NotImplementedError

    def records(self, first: str, last: str) -> list[ReportRecord]:
        """Return the records of dates from ``first`` to ``last``, in order."""
        raise NotImplementedError

    def latest(self, until: str, limit: int) -> list[ReportRecord]:
        """Return the records of at most ``limit`` written reports of dates up to ``until``, the latest first."""
        raise NotImplementedError

    def claim(self, day: str, execution: str, *, force: bool) -> bool:
        """Say whether ``execution`` may mail the report of ``day``: the first that asks may, and may ask again.

        ``force`` lets this execution mail, too, once.
        """
        raise NotImplementedError

    def written(self, record: ReportRecord) -> None:
        """Note the report that was written; who mailed it stays as it is."""
        raise NotImplementedError


class Memory:
    """Calendar rows and answers to findings."""

    def knowledge(self, first: str, last: str) -> Knowledge:
        """Return the events that touch the days from ``first`` to ``last``, and the answers given in that time."""
        raise NotImplementedError

    def add_event(self, event: KnownEvent) -> None:
        """Keep an event; the same id again replaces it."""
        raise NotImplementedError

    def remove_event(self, event_id: str) -> None:
        """Forget an event; one that is not there is fine."""
        raise NotImplementedError

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep an answer; the same person's next one on the same finding replaces it."""
        raise NotImplementedError


class ReportPrinter:
    """Makes a report for people's eyes."""

    def html(self, report: dict[str, Any]) -> bytes:
        """Return the report as one page without anything to load, UTF-8."""
        raise NotImplementedError

    def pdf(self, report: dict[str, Any]) -> bytes:
        """Return the report as PDF."""
        raise NotImplementedError


class AnalysisRuns:
    """Executions of ``daily-analysis``."""

    def start(self, name: str, payload: dict[str, Any]) -> str:
        """Start one and return its ARN; the same name again starts no second one."""
        raise NotImplementedError
