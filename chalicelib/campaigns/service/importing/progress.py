"""How far an import has come, as it is kept in the checkpoint; and what the report says in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chalicelib.campaigns.service.importing.lines import Encoding
from chalicelib.campaigns.service.importing.rows import Invalid

PROBLEMS_IN_REPORT = 100


@dataclass(slots=True)
class Progress:
    """The state of one import between two records; at any checkpoint rows = accepted + duplicates + invalid."""

    offset: int = 0
    """Byte of the upload to go on from: the start of a line."""
    next_line: int = 1
    delimiter: str = ","
    columns: list[str] = field(default_factory=list)
    """CSV: names of the header line, empty while it is unread."""
    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    invalid: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    """Problem code -> rows."""
    first_problems: list[dict[str, Any]] = field(default_factory=list)
    problem_files: list[str] = field(default_factory=list)
    encoding: Encoding = field(default_factory=Encoding)

    def count_problem(self, line: int, problem: Invalid) -> dict[str, Any]:
        """Count one row that was not taken in and return it as it is reported."""
        if problem.code == "duplicate":
            self.duplicates += 1
        else:
            self.invalid += 1
        self.reasons[problem.code] = self.reasons.get(problem.code, 0) + 1
        entry = {"line": line, "code": problem.code, "message": problem.message, "value": problem.value}
        if len(self.first_problems) < PROBLEMS_IN_REPORT:
            self.first_problems.append(entry)
        return entry

    def report(self, status: str, detail: str = "") -> dict[str, Any]:
        """Return what the upload's report says."""
        encoding: dict[str, Any] = {"name": self.encoding.name}
        if self.encoding.foreign_lines:
            encoding["note"] = (
                f"{self.encoding.foreign_lines} lines are no UTF-8 and were read as Windows-1252 (Latin-1), "
                f"the first of them line {self.encoding.first_foreign_line}: check their accented letters"
            )
        return {
            "status": status,
            "detail": detail,
            "counts": {
                "rows": self.rows,
                "accepted": self.accepted,
                "duplicates": self.duplicates,
                "invalid": self.invalid,
            },
            "reasons": dict(sorted(self.reasons.items(), key=lambda item: -item[1])),
            "encoding": encoding,
            "problems": sorted(self.first_problems, key=lambda problem: int(problem["line"])),
            "problemFiles": self.problem_files,
        }
