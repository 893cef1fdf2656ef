"""Reads a file of JSON objects, one a line, gzipped or not, whatever else may stand in it."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chalicelib.core.errors import Problem

LONGEST_LINE = 5_000_000
"""Bytes; a longer line is told and not kept."""
_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def json_lines(path: Path, problems: list[Problem]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects and the numbers of their lines; blank lines are left out, others told in ``problems``.

    Raises:
        OSError: the file cannot be read.
    """
    for number, line in _lines(path, problems):
        try:
            found = json.loads(line.decode()) if len(line) <= LONGEST_LINE else None
        except UnicodeDecodeError:
            problems.append(Problem(f"line {number}", "not_utf8", "is not in UTF-8"))
        except (ValueError, RecursionError):
            is_list = line.lstrip().startswith(b"[")
            message = "begins a JSON list; give each ticket a line of its own" if is_list else "is no JSON"
            problems.append(Problem(f"line {number}", "unreadable_json", message))
        else:
            if isinstance(found, dict):
                yield number, found
            elif len(line) > LONGEST_LINE:
                problems.append(Problem(f"line {number}", "too_large", f"is longer than {LONGEST_LINE:,} bytes"))
            else:
                problems.append(
                    Problem(f"line {number}", "not_an_object", "is no JSON object; a line is a ticket")
                )


def _lines(path: Path, problems: list[Problem]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank and their numbers; of a line that is too long only its beginning."""
    number = 0
    with path.open("rb") as stored:
        is_packed = stored.peek(2)[:2] == _GZIP
        with gzip.open(stored) if is_packed else stored as lines:
            try:
                while line := lines.readline(LONGEST_LINE + 1):
                    number += 1
                    rest = line
                    while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
                        rest = lines.readline(LONGEST_LINE + 1)
                    whole = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
                    if whole.strip():
                        yield number, whole
            except (EOFError, zlib.error, gzip.BadGzipFile):
                problems.append(Problem(f"line {number + 1}", "unreadable_gzip", "the gzip file is cut off here"))
