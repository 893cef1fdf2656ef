"""A CSV file's rows, whatever wrote it: gzip, byte order marks, Windows-1252, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from chalicelib.core.errors import InvalidInputError, Problem

Row = dict[str | None, str | None]
_GZIP, _ARCHIVE = b"\x1f\x8b", b"PK\x03\x04"
_START_BYTES = 4_096
_SEPARATORS = ",;\t|"
_CODES = ("utf-8-sig", "cp1252", "latin-1")
"""Tried in this order; five bytes have no meaning in Windows-1252, Latin-1 gives every byte one."""


class CsvFile:
    """A file that can be read again and again."""

    def __init__(self, path: Path) -> None:
        """Find out how the file is written.

        Raises:
            InvalidInputError: it is no CSV, or cut off.
        """
        self._path = path
        self._code = self._code_of()

    @contextmanager
    def rows(self) -> Iterator[csv.DictReader[str]]:
        """Give the file's rows, from the first."""
        with self._opened() as raw, io.TextIOWrapper(raw, encoding=self._code, newline="") as text:
            heading = text.readline().removeprefix("\xef\xbb\xbf")  # UTF-8's mark, read as Windows-1252
            separator = max(_SEPARATORS, key=heading.count)
            names = next(csv.reader([heading], delimiter=separator), [])
            try:
                yield csv.DictReader(text, fieldnames=names, delimiter=separator)
            except (csv.Error, EOFError, zlib.error) as error:
                raise self._unreadable(f"is damaged or no CSV: {error}") from error

    def _code_of(self) -> str:
        try:
            with self._opened() as raw:
                start = raw.read(_START_BYTES)
            if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                return "utf-16"
            if start.startswith(_ARCHIVE) or b"\0" in start:
                words = "is a workbook, an archive or no text at all; save it as CSV"
                raise InvalidInputError([Problem(str(self._path), "not_csv", words)])
            return next(code for code in _CODES if self._is_in(code))
        except (EOFError, zlib.error) as error:
            raise self._unreadable(f"is damaged: {error}") from error

    def _is_in(self, code: str) -> bool:
        with self._opened() as raw, io.TextIOWrapper(raw, encoding=code) as text:
            try:
                while text.read(1 << 20):
                    pass
            except UnicodeDecodeError:
                return False
        return True

    def _opened(self) -> IO[bytes]:
        with self._path.open("rb") as plain:
            compressed = plain.read(len(_GZIP)) == _GZIP
        return cast("IO[bytes]", gzip.open(self._path) if compressed else self._path.open("rb"))

    def _unreadable(self, words: str) -> InvalidInputError:
        return InvalidInputError([Problem(str(self._path), "unreadable", words)])
