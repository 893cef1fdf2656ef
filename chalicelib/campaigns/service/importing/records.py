"""Lines in, records out: CSV (quoted line breaks, any usual delimiter) or one JSON object a line.

A record that cannot be read is a record too, with its reason: none is passed over. An opening quote that is never
closed costs its own line alone; reading goes on with the next.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from chalicelib.campaigns.service.importing.lines import LONGEST_LINE_BYTES, Line, UnreadableUploadError

MOST_LINES_A_RECORD = 50
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a record could not be read."""

    code: str
    message: str


TOO_LONG = Unread("line_too_long", f"the line is longer than {LONGEST_LINE_BYTES} bytes")
OPEN_QUOTE = Unread("open_quote", "a quote is opened and not closed")


@dataclass(frozen=True, slots=True)
class Record:
    """One row of an upload."""

    line: int
    """The line it begins in, from 1."""
    end: int
    """Offset of the first byte after it."""
    next_line: int
    """Number of the line after it."""
    cells: Any
    """CSV: list of texts. JSONL: the JSON value. When it could not be read: `Unread`."""


def delimiter_of(header: str) -> str:
    """Return the delimiter that occurs most often in the header line, a comma when none does."""
    return max(DELIMITERS, key=header.count)


def csv_records(lines: Iterator[Line], delimiter: str) -> Iterator[Record]:
    """Yield the records of a CSV file; empty lines are no records."""
    feed = _Feed(lines)
    while True:
        reader = csv.reader(feed, delimiter=delimiter, strict=True, skipinitialspace=True)
        try:
            for cells in reader:
                taken = feed.take()
                if cells and not (len(cells) == 1 and not cells[0].strip()):
                    yield Record(taken[0].number, taken[-1].end, taken[-1].number + 1, cells)
            return
        except (csv.Error, _BrokenRecordError) as error:
            first = feed.give_back_all_but_first()
            yield Record(first.number, first.end, first.number + 1, _reason(error, first))


def json_records(lines: Iterator[Line]) -> Iterator[Record]:
    """Yield one record per line that is not empty."""
    decode = msgspec.json.Decoder().decode
    for line in lines:
        cells: Any
        if line.text is None:
            cells = TOO_LONG
        elif not line.text.strip():
            continue
        else:
            try:
                cells = decode(line.text)
            except msgspec.DecodeError as error:
                cells = Unread("unreadable_json", str(error))
        yield Record(line.number, line.end, line.number + 1, cells)


def header_of(record: Record | None) -> list[str]:
    """Return the column names of a CSV file's first record, in lower case.

    Raises:
        UnreadableUploadError: there is none, it cannot be read, or a name is there twice.
    """
    if record is None:
        raise UnreadableUploadError("the file is empty; it needs a header line with a column named phone")
    if isinstance(record.cells, Unread):
        raise UnreadableUploadError(f"the header line cannot be read: {record.cells.message}")
    columns = [name.strip().lower() for name in record.cells]
    if twice := sorted({name for name in columns if name and columns.count(name) > 1}):
        raise UnreadableUploadError(f"the header line names a column twice: {', '.join(twice)}")
    return columns


class _BrokenRecordError(Exception):
    """The record that is being read cannot end well."""


class _Feed(Iterator[str]):
    """Feeds csv.reader, which asks for a further line only inside quotes, and remembers what it fed."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._given_back: deque[Line] = deque()
        self._taken: list[Line] = []

    def __next__(self) -> str:
        if len(self._taken) >= MOST_LINES_A_RECORD:
            raise _BrokenRecordError
        line = self._given_back.popleft() if self._given_back else next(self._lines)
        self._taken.append(line)
        if line.text is None:
            raise _BrokenRecordError
        return line.text

    def take(self) -> list[Line]:
        """Return the lines of the record just read and begin with the next record."""
        taken, self._taken = self._taken, []
        return taken

    def give_back_all_but_first(self) -> Line:
        """Return the first line of the record that failed; the others will be read again."""
        first, *others = self.take()
        self._given_back.extendleft(reversed(others))
        return first


def _reason(error: Exception, first: Line) -> Unread:
    if first.text is None:
        return TOO_LONG
    text = str(error)
    if isinstance(error, _BrokenRecordError) or "unexpected end of data" in text:
        return OPEN_QUOTE
    return Unread("malformed_csv", text)
