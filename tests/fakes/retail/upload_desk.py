"""The world of ``upload-processor`` in memory: files, records, facts and runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.core.clock import FixedClock
from chalicelib.retail.domain.facts import ProductSheet, StoreDay, merged
from chalicelib.retail.domain.uploads import UploadRecord
from chalicelib.retail.errors.uploads import UploadBusyError, UploadChangedError, UploadNotFoundError
from chalicelib.retail.ports.facts import FactWriter
from chalicelib.retail.ports.uploads import (
    FactPlace,
    Quarantine,
    UploadFile,
    UploadFiles,
    UploadRecords,
    UploadRuns,
    UploadTarget,
)
from chalicelib.retail.service import uploading
from tests.fakes.kill import KilledError

NOW = datetime(2025, 1, 16, 6, 0, tzinfo=UTC)
LEASE = timedelta(seconds=960)


class Fuse:
    """Dies at the ``at``-th step of the world, before or after it took place."""

    def __init__(self) -> None:
        self.at: int | None = None
        self.after = False
        self.steps = 0

    def step(self, work: Any) -> Any:
        """Do ``work``, or die."""
        self.steps += 1
        dies = self.steps == self.at
        if dies and not self.after:
            raise KilledError
        done = work()
        if dies:
            raise KilledError
        return done


class FakeQuarantine(Quarantine):
    def __init__(self, files: FakeUploadFiles, key: str) -> None:
        self._files, self._key, self._entries = files, key, list[dict[str, Any]]()

    def add(self, entry: dict[str, Any]) -> None:
        self._entries.append(entry)

    def close(self) -> str | None:
        def put() -> None:
            self._files.quarantined[self._key] = list(self._entries)

        if not self._entries:
            self._files.quarantined.pop(self._key, None)
            return None
        self._files.fuse.step(put)
        return self._key

    def abandon(self) -> None: ...


@dataclass
class FakeUploadFiles(UploadFiles):
    fuse: Fuse = field(default_factory=Fuse)
    objects: dict[str, tuple[UploadFile, bytes]] = field(default_factory=dict)
    quarantined: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    piece_bytes: int = 1 << 20

    def put(self, key: str, content: bytes, *, at: datetime = NOW, replaces: str | None = None) -> UploadFile:
        etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
        file = UploadFile(key, etag, len(content), at, replaces)
        self.objects[key] = file, content
        return file

    def look(self, key: str) -> UploadFile:
        if key not in self.objects:
            raise UploadNotFoundError(key)
        return self.objects[key][0]

    def chunks(self, file: UploadFile) -> Iterator[bytes]:
        present, content = self.objects[file.key]
        if present.etag != file.etag:
            raise UploadChangedError(file.key)
        for start in range(0, len(content), self.piece_bytes):
            yield content[start : start + self.piece_bytes]

    def quarantine(self, key: str) -> Quarantine:
        return FakeQuarantine(self, key)

    def target(self, key: str, *, content_type: str, size_bytes: int, replaces: str | None) -> UploadTarget:
        return UploadTarget(f"https://bucket/{key}", {"Content-Type": content_type}, 3600)


@dataclass
class FakeUploadRecords(UploadRecords):
    fuse: Fuse = field(default_factory=Fuse)
    records: dict[str, UploadRecord] = field(default_factory=dict)
    leases: dict[str, datetime] = field(default_factory=dict)
    page_items: dict[tuple[str, int, str], list[FactPlace]] = field(default_factory=dict)

    def get(self, upload_id: str) -> UploadRecord | None:
        return self.records.get(upload_id)

    def refused_rows(self, upload_ids: Iterable[str]) -> dict[str, int]:
        known = [self.records[one] for one in upload_ids if one in self.records]
        return {one.key: one.result["rows"]["quarantined"] for one in known if one.result["rows"]["quarantined"]}

    def claim(self, upload_id: str, file: UploadFile, moment: str, now: datetime) -> UploadRecord | None:
        before = self.records.get(upload_id)
        same = before is not None and (before.key, before.etag) == (file.key, file.etag)
        if before is not None and not same:
            if before.moment > moment:
                return None
            if before.status == "processing" and self.leases[upload_id] > now:
                raise UploadBusyError(file.key)
        if (holder := self.holder(file.etag)) and holder.upload_id != upload_id:
            raise UploadBusyError(holder.key)
        claimed = UploadRecord(
            upload_id, file.key, file.etag, moment, "processing",
            (before.restatement if before else 0) + (not same),
            (before.etags if before else frozenset()) | {file.etag},
            before.result if before else {},
            before.rejected if before else {},
        )  # fmt: skip

        def put() -> None:
            self.records[upload_id], self.leases[upload_id] = claimed, now + LEASE

        self.fuse.step(put)
        return claimed

    def holder(self, etag: str) -> UploadRecord | None:
        return next((one for one in self.records.values() if one.etag == etag), None)

    def finish(self, upload_id: str, etag: str, result: dict[str, Any]) -> None:
        def put() -> None:
            if self.records[upload_id].etag == etag:
                self.records[upload_id] = replace(self.records[upload_id], status="done", result=result)

        self.fuse.step(put)

    def reject(self, upload_id: str, rejected: dict[str, Any]) -> None:
        empty = UploadRecord(upload_id, "", "", "", "rejected", 0, frozenset())
        self.records[upload_id] = replace(self.records.get(upload_id, empty), rejected=rejected)

    def put_pages(self, upload_id: str, etag: str, pages: Mapping[int, Sequence[FactPlace]]) -> None:
        for number, places in pages.items():
            page = {(upload_id, number, etag): list(places)}
            self.fuse.step(lambda page=page: self.page_items.update(page))

    def pages(self, upload_id: str) -> Iterator[tuple[int, str, list[FactPlace]]]:
        for (owner, number, etag), places in sorted(self.page_items.items()):
            if owner == upload_id:
                yield number, etag, places

    def remove_page(self, upload_id: str, etag: str, number: int) -> None:
        self.fuse.step(lambda: self.page_items.pop((upload_id, number, etag), None))


@dataclass
class FakeFactWriter(FactWriter):
    fuse: Fuse = field(default_factory=Fuse)
    sheets: dict[tuple[str, date, str, int], ProductSheet] = field(default_factory=dict)
    days: dict[tuple[str, date, str], StoreDay] = field(default_factory=dict)

    def put_sheets(self, sheets: Sequence[ProductSheet]) -> None:
        for sheet in sheets:
            place = (sheet.store_id, sheet.day, sheet.upload_id, sheet.part)
            self.fuse.step(lambda place=place, sheet=sheet: self.sheets.update({place: sheet}))

    def remove_sheets(self, upload_id: str, places: Iterable[FactPlace]) -> None:
        for store_id, day, part in places:
            place = (store_id, day, upload_id, part)
            self.fuse.step(lambda place=place: self.sheets.pop(place, None))

    def put_days(self, days: Sequence[StoreDay]) -> None:
        for one in days:
            self.fuse.step(lambda one=one: self.days.update({(one.store_id, one.day, one.uploads[0]): one}))

    def remove_days(self, upload_id: str, places: Sequence[tuple[str, date]]) -> None:
        for store_id, day in places:
            place = (store_id, day, upload_id)
            self.fuse.step(lambda place=place: self.days.pop(place, None))

    def store_day(self, store_id: str, day: date) -> StoreDay:
        """What a reader sees of the store and day."""
        return merged(one for (store, at, _), one in sorted(self.days.items()) if (store, at) == (store_id, day))


@dataclass
class FakeUploadRuns(UploadRuns):
    started: dict[str, dict[str, Any]] = field(default_factory=dict)

    def start(self, name: str, payload: dict[str, Any]) -> bool:
        if name in self.started:
            return False
        self.started[name] = payload
        return True


class UploadDesk:
    """Everything together."""

    def __init__(self) -> None:
        self.fuse = Fuse()
        self.files = FakeUploadFiles(self.fuse)
        self.records = FakeUploadRecords(self.fuse)
        self.facts = FakeFactWriter(self.fuse)
        self.runs = FakeUploadRuns()
        self.clock = FixedClock(NOW)
        self.ports = uploading.Ports(self.files, self.records, self.facts)

    def put(self, key: str, content: bytes | str, **more: Any) -> UploadFile:
        return self.files.put(key, content.encode() if isinstance(content, str) else content, **more)

    def process(self, key: str, held: int = 50_000) -> dict[str, Any]:
        return uploading.process(key, self.ports, self.clock, held)
