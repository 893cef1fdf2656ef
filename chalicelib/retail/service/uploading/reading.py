"""A file read to its end: good rows into the spool, the others into quarantine, every one counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from chalicelib.core.errors import Problem
from chalicelib.retail.domain.sales import Sale
from chalicelib.retail.ports.uploads import Quarantine
from chalicelib.retail.service.uploading.plain_bytes import FileState, plain
from chalicelib.retail.service.uploading.raw_rows import Oversized, Raw
from chalicelib.retail.service.uploading.row_examination import Refusal
from chalicelib.retail.service.uploading.row_reader import RowReader
from chalicelib.retail.service.uploading.splitting import rows
from chalicelib.retail.service.uploading.spool import Spool
from chalicelib.retail.service.uploading.totals import Repeated

FIRST_PROBLEMS = 20


@dataclass(slots=True)
class Reading:
    """What was read; at the end ``rows`` = ``kept`` + ``quarantined``."""

    quarantine: Quarantine
    state: FileState = field(default_factory=FileState)
    rows: int = 0
    kept: int = 0
    quarantined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Problem code -> rows that have it; a row may have several."""
    first: list[str] = field(default_factory=list)
    """The first problems in words, for messages."""

    def read(self, chunks: Iterable[bytes], last_day: date, spool: Spool) -> None:
        """Read the file whose bytes are ``chunks``; its days may be up to ``last_day``."""
        reader = RowReader(last_day, self.state)
        outcome: Sale | Refusal | None = None
        whole = True
        for position, raw in enumerate(rows(plain(chunks, self.state), self.state), 1):
            outcome = reader.read(raw, position)
            if outcome.__class__ is Sale:
                self.kept += 1
                spool.add(outcome)
            elif outcome is not None:
                self._refuse(outcome)  # type: ignore[arg-type]
                whole = _is_whole(raw, outcome)  # type: ignore[arg-type]
            else:
                continue
            self.rows += 1
        if isinstance(outcome, Refusal) and not whole:
            self.state.damage = self.state.damage or "the file is cut off within its last row"

    def take_back(self, repeated: Repeated) -> None:
        """Move a row that was kept into quarantine, for its row id came before."""
        sale = repeated.sale
        where = f"{self.state.positions} {repeated.first_position}"
        problem = Problem("row_id", "duplicate_row", f"{sale.row_id!r} stands at {where} already")
        self.kept -= 1
        self._put(sale.position, (problem,), {"row": dict(zip(Sale._fields, sale, strict=True))})

    def _refuse(self, refusal: Refusal) -> None:
        self._put(refusal.position, refusal.problems, {"row": refusal.row, "bytes": refusal.length})

    def _put(self, position: int, problems: Iterable[Problem], row: dict[str, object]) -> None:
        problems = tuple(problems)
        self.quarantined += 1
        self.reasons.update({problem.code for problem in problems})
        for problem in problems:
            if len(self.first) < FIRST_PROBLEMS:
                words = f"{problem.path} {problem.message}".strip()
                self.first.append(f"{self.state.positions} {position}: {words}")
        place: dict[str, object] = {self.state.positions: position}
        self.quarantine.add({**place, "problems": [problem.as_dict() for problem in problems], **row})


def _is_whole(raw: Raw, refusal: Refusal) -> bool:
    """Say whether a refused row stands there to its end: other values than objects end without a brace."""
    if isinstance(raw, Oversized):
        return raw.ended
    readable = all(problem.code != "unreadable_json" for problem in refusal.problems)
    return readable or raw.endswith((b"\n", b"\r", b"}"))
