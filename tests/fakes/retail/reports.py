"""The daily analysis's surroundings in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from chalicelib.core.ai import Answer, TextModel, TextRequest
from chalicelib.retail.domain.calendars import Feedback, Knowledge, KnownEvent
from chalicelib.retail.domain.facts import ProductSheet, StoreDay
from chalicelib.retail.ports.facts import DailyFacts
from chalicelib.retail.ports.reports import AnalysisRuns, Memory, ReportLog, ReportPrinter, ReportRecord, Shelf


class FakeDailyFacts(DailyFacts):
    """Facts a test puts together."""

    def __init__(self) -> None:
        self.days: dict[tuple[str, date], StoreDay] = {}
        self.sheets: dict[tuple[str, date], ProductSheet] = {}

    def put(self, day: StoreDay, sheet: ProductSheet) -> None:
        """Keep a store's day, in the place of what was known of it."""
        self.days[day.store_id, day.day] = day
        self.sheets[day.store_id, day.day] = sheet

    def remove(self, store_id: str, day: date) -> None:
        """Forget a store's day."""
        del self.days[store_id, day], self.sheets[store_id, day]

    def store_days(self, first: date, last: date) -> Iterator[StoreDay]:
        return (fact for fact in self.days.values() if first <= fact.day <= last)

    def store_history(self, store_id: str, first: date, last: date) -> list[StoreDay]:
        days = [fact for fact in self.store_days(first, last) if fact.store_id == store_id]
        return sorted(days, key=lambda fact: fact.day)

    def product_sheets(self, day: date) -> Iterator[ProductSheet]:
        return (sheet for (_, of), sheet in self.sheets.items() if of == day)

    def store_products(self, store_id: str, day: date) -> list[ProductSheet]:
        sheet = self.sheets.get((store_id, day))
        return [sheet] if sheet else []


class FakeShelf(Shelf):
    """Files in a dict."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, key: str, body: bytes, content_type: str) -> None:
        self.files[key] = body

    def get(self, key: str) -> bytes | None:
        return self.files.get(key)

    def link(self, key: str, file_name: str) -> str:
        return f"https://files.example/{key}"


class FakeReportLog(ReportLog):
    """Records in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, ReportRecord] = {}
        self.claims: set[tuple[str, str]] = set()

    def record(self, day: str) -> ReportRecord | None:
        return self.kept.get(day)

    def records(self, first: str, last: str) -> list[ReportRecord]:
        return [record for day, record in sorted(self.kept.items()) if first <= day <= last]

    def latest(self, until: str, limit: int) -> list[ReportRecord]:
        return [one for one in self.records("", until)[::-1] if one.version][:limit]

    def claim(self, day: str, execution: str, *, force: bool) -> bool:
        record = self.kept.get(day, ReportRecord(day, 0, "", 0, ""))
        if record.sent_by and not force and (day, execution) not in self.claims:
            return False
        self.claims.add((day, execution))
        self.kept[day] = replace(record, sent_by=record.sent_by or execution)
        return True

    def written(self, record: ReportRecord) -> None:
        known = self.kept.get(record.day)
        self.kept[record.day] = replace(record, sent_by=known.sent_by if known else "")


class FakeMemory(Memory):
    """Events and answers in lists."""

    def __init__(self) -> None:
        self.events: dict[str, KnownEvent] = {}
        self.answers: dict[tuple[str, str, str], Feedback] = {}

    def knowledge(self, first: str, last: str) -> Knowledge:
        return Knowledge(
            [event for event in self.events.values() if event.last >= first and event.first <= last],
            [one for one in self.answers.values() if first <= one.day <= last],
        )

    def add_event(self, event: KnownEvent) -> None:
        self.events[event.id] = event

    def remove_event(self, event_id: str) -> None:
        self.events.pop(event_id, None)

    def add_feedback(self, feedback: Feedback) -> None:
        self.answers[feedback.day, feedback.finding, feedback.who] = feedback


class FakePrinter(ReportPrinter):
    """Prints nothing worth reading."""

    def html(self, report: dict[str, Any]) -> bytes:
        return b"<html></html>"

    def pdf(self, report: dict[str, Any]) -> bytes:
        return b"%PDF"


class FakeAnalysisRuns(AnalysisRuns):
    """Notes what would be started."""

    def __init__(self) -> None:
        self.started: dict[str, dict[str, Any]] = {}

    def start(self, name: str, payload: dict[str, Any]) -> str:
        self.started.setdefault(name, payload)
        return f"arn:aws:states:us-east-1:123456789012:execution:daily-analysis:{name}"


class FailingTextModel(TextModel):
    """Raises what a test says."""

    model_id = "failing"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def write(self, request: TextRequest[Answer]) -> Answer:
        raise self.error


class InventingTextModel(TextModel):
    """Says each sentence with a figure of its own in it."""

    model_id = "inventing"

    def write(self, request: TextRequest[Answer]) -> Answer:
        sentences = ["Sales fell 77.7 % in 4711 stores." for _ in request.facts]
        return msgspec.convert({"sentences": sentences}, request.answer)
