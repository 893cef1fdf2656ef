"""Who runs a query that may run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.opportunities.ports.guarding import SafeQuery

Value = str | int | float | bool | None
"""One cell. Dates, times, lists and maps are texts, as the engine writes them."""
Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found."""

    columns: tuple[str, ...]
    rows: list[Row]
    query_id: str
    """The engine's own id of the run."""
    scanned_bytes: int
    reused: bool
    """The engine had the result of an earlier run."""
    cut: bool
    """There were more rows than were fetched."""


class QueryEngine:
    """Runs queries over the sales history. A port."""

    def run(self, query: SafeQuery, values: Mapping[str, str], *, token: str) -> Answer:
        """Run a query and return its rows.

        Args:
            query: what the guard let through.
            values: the parameters' values by name; they travel beside the query, never in it.
            token: the same for a repeated call: the query runs once.

        Raises:
            QueryEngineBusyError: worth another try.
            QueryFailedError: the engine refused or gave up; another try would end the same.
            QueryTimeoutError: it took too long and was cancelled.
        """
        raise NotImplementedError
