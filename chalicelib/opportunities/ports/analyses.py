"""Where analyses, their rows and their runs are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.opportunities.ports.querying import Answer


class AnalysisStore:
    """The last finished analysis of each opportunity and kind. A port."""

    def put(self, opportunity_id: str, kind: str, analysis_id: str, body: dict[str, Any]) -> None:
        """Keep an analysis; it takes the place of an earlier one."""
        raise NotImplementedError

    def get(self, opportunity_id: str, kind: str) -> dict[str, Any] | None:
        """Return the analysis, None when there is none."""
        raise NotImplementedError

    def clear(self, opportunity_id: str, kind: str, *, but: str) -> bool:
        """Remove the analysis of this opportunity and kind unless its id is ``but``; True when one was removed."""
        raise NotImplementedError


class RowStore:
    """The rows queries found. A port."""

    def put(self, opportunity_id: str, kind: str, analysis_id: str, answer: Answer) -> str:
        """Keep rows and return their key."""
        raise NotImplementedError

    def get(self, key: str) -> list[dict[str, Any]]:
        """Return rows by their key.

        Raises:
            AnalysisNotFoundError: there are none, they were cleared.
        """
        raise NotImplementedError

    def clear(self, opportunity_id: str, kind: str, *, but: str) -> int:
        """Remove the rows of this opportunity and kind but those of the analysis ``but``; return how many
        files."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Run:
    """One execution."""

    name: str
    arn: str
    status: str
    """RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED."""
    started_at: datetime
    stopped_at: datetime | None
    input: dict[str, Any]
    error: str | None = None
    cause: str | None = None


class AnalysisRuns:
    """Executions of the three machines. A port."""

    def start(self, kind: str, name: str, run_input: dict[str, Any]) -> tuple[Run, bool]:
        """Start an execution and return it with whether it is new; one of this name is returned as it is.

        Raises:
            TransientError: Step Functions runs as many as it may.
        """
        raise NotImplementedError

    def get(self, kind: str, name: str) -> Run:
        """Return an execution.

        Raises:
            AnalysisNotFoundError: there is none.
        """
        raise NotImplementedError
