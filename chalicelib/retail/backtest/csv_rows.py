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
        with self._opened() as raw:
            start = raw.read(4)
        if start == b"PK\x03\x04":
            words = "is a workbook or an archive; save it as CSV"
            raise InvalidInputError([Problem(str(self._path), "not_csv", words)])
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        return next(code for code in _CODES if self._is_in(code))

    def _is_in(self, code: str) -> bool:
        with self._opened() as raw, io.TextIOWrapper(raw, encoding=code) as text:
            try:
                while text.read(1 << 20):
                    pass
            except UnicodeDecodeError:
                return False
            except (EOFError, zlib.error) as error:
                raise self._unreadable(f"is damaged: {error}") from error
        return True

    def _opened(self) -> IO[bytes]:
        return cast("IO[bytes]", gzip.open(self._path) if self._path.suffix == ".gz" else self._path.open("rb"))

    def _unreadable(self, words: str) -> InvalidInputError:
        return InvalidInputError([Problem(str(self._path), "unreadable", words)])
