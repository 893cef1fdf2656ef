"""What the win model makes of your closed deals: ``python -m benchmarks.win_model FILE --ended COLUMN``.

FILE is CSV with a heading, or JSON lines; each row is a deal. It learns from the oldest four fifths and is judged
by the latest fifth, which it has not seen. Columns that are known only after the end are named with
``--after``; in the application the catalogue says so. A column that tells the end nearly by itself is left out and
told in any case. Exits 2 where the file cannot be used.

    python -m benchmarks.win_model deals.csv --ended stage --created created_on --after closed_on,days_in_stage
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.opportunities.domain.history import as_date
from chalicelib.opportunities.domain.winning import learn

WON = frozenset({"won", "closed won", "closed-won", "win", "true", "yes", "1", "1.0"})
LOST = frozenset({"lost", "closed lost", "closed-lost", "loss", "false", "no", "0", "0.0"})
_PARTS = 10
_DRAWS = 50

Row = dict[str, Any]


class UnusableFileError(Exception):
    """The file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed deals, oldest first where their dates are known."""

    rows: list[Row]
    won: list[bool]
    columns: list[str]
    """What may be learned from."""
    undated: int
    """Rows whose date could not be read; they stand first."""
    others: Counter[str]
    """Other ends than won and lost, such as open ones, which are not looked at."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what the model makes of a file and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.win_model", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--ended", required=True, help="the column that says how a deal ended")
    parser.add_argument(
        "--won", action="append", help="what it says of a won deal; 'Won', 'Closed Won', 1 unless given"
    )
    parser.add_argument("--lost", action="append", help="what it says of a lost one")
    parser.add_argument(
        "--created", default="", help="the column with the day a deal came in; else the file's order"
    )
    parser.add_argument(
        "--date-format", default="", help="of that column, such as %%d/%%m/%%Y; 2025-03-14 unless given"
    )
    parser.add_argument("--after", default="", help="columns known only after the end, with commas between")
    given = parser.parse_args(arguments)
    try:
        closed = closed_deals(
            read(given.file),
            ended=given.ended,
            won=frozenset(map(str.lower, given.won or WON)),
            lost=frozenset(map(str.lower, given.lost or LOST)),
            created=given.created,
            date_format=given.date_format,
            after=[name.strip() for name in given.after.split(",") if name.strip()],
        )
    except UnusableFileError as error:
        print(f"win model: {error}", file=sys.stderr)
        return 2
    print("\n".join(report(closed)))
    return 0


def read(path: Path) -> list[Row]:
    """Return the rows of a CSV file or of JSON lines.

    Raises:
        UnusableFileError: it is missing, is neither, or is empty.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix in (".json", ".jsonl", ".ndjson"):
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            heading = text.partition("\n")[0]
            separator = max(",;\t|", key=heading.count)
            rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))
    except (OSError, ValueError, csv.Error) as error:
        raise UnusableFileError(f"{path} cannot be read: {error}") from error
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise UnusableFileError(f"{path} has no rows with named columns")
    # A row that is longer than the heading has the rest below None, lists are no values to compare.
    return [
        {
            str(name): value
            for name, value in row.items()
            if name is not None and not isinstance(value, list | dict)
        }
        for row in rows
    ]


def closed_deals(
    rows: Sequence[Row],
    *,
    ended: str,
    won: frozenset[str],
    lost: frozenset[str],
    created: str = "",
    date_format: str = "",
    after: Sequence[str] = (),
) -> Closed:
    """Return the closed deals, oldest first.

    Raises:
        UnusableFileError: a column is not there, or nothing has ended.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    if missing := [name for name in (ended, created, *after) if name and name not in names]:
        raise UnusableFileError(f"there is no column {', '.join(missing)}; there are {', '.join(names)}")
    ends = [_said(row.get(ended)) for row in rows]
    kept = [(row, end in won) for row, end in zip(rows, ends, strict=True) if end in won or end in lost]
    others = Counter(end or "(empty)" for end in ends if end not in won and end not in lost)
    if not kept:
        seen = ", ".join(name for name, _ in others.most_common(8))
        raise UnusableFileError(f"no deal has ended: {ended} says {seen}; name the ends with --won and --lost")
    undated = 0
    if created:
        days = [_day(row.get(created), date_format) for row, _ in kept]
        undated = days.count("")
        kept = [one for _, one in sorted(zip(days, kept, strict=True), key=lambda dated: dated[0])]
        days.sort()
        kept = [({**row, created: day or None}, end) for day, (row, end) in zip(days, kept, strict=True)]
    columns = [name for name in names if name not in (ended, *after)]
    return Closed([row for row, _ in kept], [end for _, end in kept], columns, undated, others)


def report(closed: Closed) -> list[str]:
    """Return what the model makes of closed deals, line by line."""
    mark = len(closed.rows) * 4 // 5
    model = learn(closed.rows[:mark], closed.won[:mark], closed.columns)
    later = closed.won[mark:]
    said = [model.chance(row) for row in closed.rows[mark:]]
    lines = [f"closed deals: {len(closed.rows)}, won {sum(closed.won) / len(closed.won):.1%}"]
    if closed.others:
        lines.append(
            f"not looked at: {', '.join(f'{end} {count}' for end, count in closed.others.most_common(8))}"
        )
    if closed.undated:
        lines.append(f"without a date that can be read: {closed.undated}; they are taken for the oldest")
    lines += [
        f"signal: {'yes' if model.has_signal else 'no'}: {model.evidence.why}",
        f"base rate of the oldest four fifths: {model.base_rate:.4f}",
        f"columns used: {', '.join(model.columns) or 'none'}",
    ]
    lines += [f"left out: {column}: {why}" for column, why in model.evidence.left_out]
    if not later:
        return lines
    gained = log_loss([model.base_rate] * len(later), later) - log_loss(said, later)
    return [
        *lines,
        f"log loss gained over the base rate on the latest fifth ({len(later)}): {gained:+.4f}",
        f"calibration error there, {_PARTS} parts: {calibration_error(said, later):.4f}"
        f" (of a model that is right about each: {_by_luck(said):.4f})",
    ]


def log_loss(said: Sequence[float], won: Sequence[bool]) -> float:
    """Return the mean log loss of chances, in nats."""
    return sum(-math.log(p if ended else 1 - p) for p, ended in zip(said, won, strict=True)) / len(won)


def calibration_error(said: Sequence[float], won: Sequence[bool]) -> float:
    """Return the mean distance of what was said from what happened, over ten parts of equal size.

    Where chances are alike the order stays: sorting by what happened would tear them apart.
    """
    pairs = sorted(zip(said, won, strict=True), key=lambda pair: pair[0])
    parts = [pairs[n * len(pairs) // _PARTS : (n + 1) * len(pairs) // _PARTS] for n in range(_PARTS)]
    return sum(abs(sum(p for p, _ in part) - sum(ended for _, ended in part)) for part in parts) / len(pairs)


def _by_luck(said: Sequence[float]) -> float:
    """Return the calibration error that luck alone gives where every chance is right; few deals leave much."""
    draw = random.Random(1)
    errors = [calibration_error(said, [draw.random() < p for p in said]) for _ in range(_DRAWS)]
    return sum(errors) / len(errors)


def _said(value: Any) -> str:
    """Return an end as it is compared; false and 0 are ends, too."""
    return "" if value is None else str(value).strip().lower()


def _day(value: Any, date_format: str) -> str:
    """Return a date as 2025-03-14, "" for what is none."""
    text = str(value or "").strip()
    if date_format:
        try:
            return datetime.strptime(text, date_format).replace(tzinfo=UTC).date().isoformat()
        except ValueError:
            return ""
    day = as_date(text)
    return day.isoformat() if day is not None else ""


if __name__ == "__main__":
    sys.exit(main())
