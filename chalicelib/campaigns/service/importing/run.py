"""The import of one upload: row by row, in batches, from checkpoint to checkpoint.

Memory is that of one batch and of the problems since the last checkpoint, whatever the upload's size. A run that
is killed is taken up at its last checkpoint; rows between there and its end come a second time and change nothing,
because the store knows which line of which upload a contact came from.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.domain.contact import Contact
from chalicelib.campaigns.ports.files import Uploads
from chalicelib.campaigns.ports.stores import Arrival, Arrived, ContactIntake
from chalicelib.campaigns.service.importing.keys import UploadKey
from chalicelib.campaigns.service.importing.lines import read_lines
from chalicelib.campaigns.service.importing.progress import Progress
from chalicelib.campaigns.service.importing.records import (
    Record,
    csv_records,
    delimiter_of,
    header_of,
    json_records,
)
from chalicelib.campaigns.service.importing.rows import Columns, Invalid, RowReader
from chalicelib.core import payload


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is done between two looks at the clock, the store and the checkpoint."""

    batch: int = 990
    """Contacts handed to the store at once."""
    look_every: int = 1_000
    """Rows between two looks at the time left."""
    checkpoint_every: int = 20_000
    """Rows between two checkpoints."""
    reserve_seconds: float = 60.0
    """Time left at which the run stops at a checkpoint and goes on in a fresh invocation."""


class UploadRun:
    """One invocation's share of an import."""

    def __init__(
        self,
        upload: UploadKey,
        reader: RowReader,
        progress: Progress,
        *,
        intake: ContactIntake,
        uploads: Uploads,
        pace: Pace,
    ) -> None:
        self._upload, self._reader, self.progress = upload, reader, progress
        self._intake, self._uploads, self._pace = intake, uploads, pace
        self._batch: dict[str, Arrival] = {}
        self._problems: list[dict[str, Any]] = []
        self._problems_from = progress.next_line

    def advance(self, time_left: Callable[[], float]) -> bool:
        """Take rows in until the upload ends (True) or time runs short (False: the checkpoint is written).

        Raises:
            UnreadableUploadError: the file as a whole cannot be read.
        """
        progress, pace = self.progress, self._pace
        for record, found in self._rows():
            progress.rows += 1
            self._sort(record.line, found)
            if len(self._batch) >= pace.batch:
                self._hand_in()
            if progress.rows % pace.look_every == 0:
                short = time_left() < pace.reserve_seconds
                if short or progress.rows % pace.checkpoint_every == 0:
                    self._checkpoint(record)
                if short:
                    return False
        self._hand_in()
        self._write_problems()
        return True

    def _rows(self) -> Iterator[tuple[Record, Contact | Invalid]]:
        """Yield each record from the checkpoint on, with the contact it makes or why it makes none."""
        progress = self.progress
        chunks = self._uploads.chunks(self._upload.key, progress.offset)
        lines = read_lines(chunks, progress.encoding, offset=progress.offset, number=progress.next_line)
        if not self._upload.is_csv:
            for record in json_records(lines):
                yield record, self._reader.from_json(record.cells)
            return
        if progress.columns:
            records = csv_records(lines, progress.delimiter)
        else:
            header = next(lines, None)
            progress.delimiter = delimiter_of((header and header.text) or "")
            records = csv_records(itertools.chain([header] if header else [], lines), progress.delimiter)
            progress.columns = header_of(next(records, None))
        columns = Columns.of(progress.columns)
        for record in records:
            yield record, self._reader.from_csv(record.cells, columns)

    def _sort(self, line: int, found: Contact | Invalid) -> None:
        if isinstance(found, Invalid):
            self._problems.append(self.progress.count_problem(line, found))
        elif earlier := self._batch.get(found.id):
            self._duplicate(line, found.phone, f"is the number of line {earlier.line} again")
        else:
            self._batch[found.id] = Arrival(line, found)

    def _duplicate(self, line: int, phone: str, message: str) -> None:
        self._problems.append(self.progress.count_problem(line, Invalid("duplicate", message, phone)))

    def _hand_in(self) -> None:
        arrivals = list(self._batch.values())
        self._batch.clear()
        if not arrivals:
            return
        answers = self._intake.add(self._upload.campaign_id, self._upload.upload_id, arrivals)
        for arrival, answer in zip(arrivals, answers, strict=True):
            if answer is Arrived.ACCEPTED:
                self.progress.accepted += 1
            else:
                self._duplicate(arrival.line, arrival.contact.phone, "is in the campaign already")

    def _checkpoint(self, record: Record) -> None:
        self._hand_in()
        self._write_problems()
        self.progress.offset, self.progress.next_line = record.end, record.next_line
        self._problems_from = record.next_line
        self._uploads.write(
            self._upload.beside("checkpoint.json"),
            json.dumps(payload.to_json_types(self.progress)).encode(),
            "application/json",
        )

    def _write_problems(self) -> None:
        if not self._problems:
            return
        key = self._upload.beside(f"problems.{self._problems_from:09d}.jsonl")
        self._problems.sort(key=lambda problem: int(problem["line"]))
        body = "".join(json.dumps(problem) + "\n" for problem in self._problems)
        self._uploads.write(key, body.encode(), "application/x-ndjson")
        self.progress.problem_files.append(key)
        self._problems.clear()
