"""Amazon Athena: start, wait, page through the result; cancel what takes too long.

https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html

The workgroup is the second wall behind the guard: its settings are enforced, it ends a query that scans more than
its limit, and its role reads the sales history alone.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from chalicelib.core.aws import client, error_code
from chalicelib.core.log import logger
from chalicelib.opportunities.errors import QueryEngineBusyError, QueryFailedError, QueryTimeoutError
from chalicelib.opportunities.ports.guarding import SafeQuery
from chalicelib.opportunities.ports.querying import Answer, QueryEngine, Row, Value

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.1, 2.0
_PAGE_ROWS = 1_000
_SYSTEM_CATEGORY = 1
"""Of AthenaError.ErrorCategory: Athena's own failure. 2 is the user's, 3 another's."""
_BUSY = {"TooManyRequestsException", "ThrottlingException", "InternalServerException"}
_WHOLE = {"tinyint", "smallint", "integer", "int", "bigint"}
_FLOATING = {"float", "real", "double", "decimal"}


class AthenaQueryEngine(QueryEngine):
    """Queries one database through one workgroup."""

    def __init__(
        self,
        workgroup: str,
        database: str,
        *,
        longest_seconds: float,
        reuse_minutes: int,
        most_rows: int,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Name what is queried, and the limits.

        Args:
            workgroup: where results, limits and encryption are set.
            database: in Glue.
            longest_seconds: after so long a query is cancelled.
            reuse_minutes: a result of the same query that is younger is taken again; 0 for never.
            most_rows: so many rows are fetched.
            pause: waits so many seconds.
        """
        self._workgroup, self._database = workgroup, database
        self._longest_seconds, self._reuse_minutes, self._most_rows = longest_seconds, reuse_minutes, most_rows
        self._pause = pause

    def run(self, query: SafeQuery, values: Mapping[str, str], *, token: str) -> Answer:
        """See `QueryEngine.run`."""
        try:
            query_id = self._start(query, values, token)
            execution = self._finished(query_id)
            columns, rows, cut = self._result(query_id)
        except Exception as error:
            _raise_as_ours(error)
        statistics = execution.get("Statistics", {})
        reused = bool(statistics.get("ResultReuseInformation", {}).get("ReusedPreviousResult", False))
        return Answer(columns, rows, query_id, int(statistics.get("DataScannedInBytes", 0)), reused, cut)

    def _start(self, query: SafeQuery, values: Mapping[str, str], token: str) -> str:
        arguments: dict[str, Any] = {
            "QueryString": query.sql,
            "WorkGroup": self._workgroup,
            "QueryExecutionContext": {"Database": self._database, "Catalog": "AwsDataCatalog"},
            "ClientRequestToken": hashlib.sha256(f"{token}\n{query.sql}".encode()).hexdigest(),
        }
        if query.parameters:
            arguments["ExecutionParameters"] = [literal(values[name]) for name in query.parameters]
        if self._reuse_minutes:
            by_age = {"Enabled": True, "MaxAgeInMinutes": self._reuse_minutes}
            arguments["ResultReuseConfiguration"] = {"ResultReuseByAgeConfiguration": by_age}
        return str(client("athena").start_query_execution(**arguments)["QueryExecutionId"])

    def _finished(self, query_id: str) -> dict[str, Any]:
        """Wait for a query's end; cancel it when it takes too long, or when nothing is known of it any more."""
        waited, pause = 0.0, _FIRST_PAUSE_SECONDS
        while True:
            try:
                found = client("athena").get_query_execution(QueryExecutionId=query_id)
            except Exception:
                self._stop(query_id)  # another try starts a query of its own: two would scan the same
                raise
            execution: dict[str, Any] = found["QueryExecution"]
            status = execution["Status"]
            if status["State"] == "SUCCEEDED":
                return execution
            if status["State"] in ("FAILED", "CANCELLED"):
                raise _failure(query_id, status)
            if waited >= self._longest_seconds:
                self._stop(query_id)
                raise QueryTimeoutError(
                    f"query {query_id} was given up after {self._longest_seconds:.0f} s, the longest it may take"
                )
            self._pause(pause)
            waited, pause = waited + pause, min(pause * 2, _LONGEST_PAUSE_SECONDS)

    @staticmethod
    def _stop(query_id: str) -> None:
        """Cancel a query that nobody waits for; one that cannot be is ended by the workgroup's limits."""
        try:
            client("athena").stop_query_execution(QueryExecutionId=query_id)
        except Exception as error:
            logger().warning("a query was not cancelled", query=query_id, error=str(error))

    def _result(self, query_id: str) -> tuple[tuple[str, ...], list[Row], bool]:
        """Return columns, rows and whether there were more; the first row of the first page is the header."""
        rows: list[Row] = []
        names: tuple[str, ...] = ()
        types: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = client("athena").get_query_results(QueryExecutionId=query_id, MaxResults=_PAGE_ROWS, **after)
            data = page["ResultSet"]["Rows"]
            if not names:
                described = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
                names = _named_once([column["Name"].lower() for column in described])
                types = [column["Type"].lower() for column in described]
                data = data[1:]
            for row in data:
                if len(rows) == self._most_rows:
                    return names, rows, True
                cells = [cell.get("VarCharValue") for cell in row["Data"]]
                rows.append({n: _value(c, t) for n, c, t in zip(names, cells, types, strict=True)})
            if not (token := page.get("NextToken")):
                return names, rows, False
            after = {"NextToken": token}


def literal(text: str) -> str:
    """Return a text as the SQL literal that Athena takes as an execution parameter."""
    return "'" + text.replace("'", "''") + "'"


def _named_once(names: list[str]) -> tuple[str, ...]:
    """Return the columns' names with a number behind those that come again."""
    found: list[str] = []
    for name in names:
        found.append(name if name not in found else f"{name}_{len(found)}")
    return tuple(found)


def _value(text: str | None, kind: str) -> Value:
    if text is None:
        return None
    if kind in _WHOLE:
        return int(text)
    if kind in _FLOATING:
        number = float(text)
        return number if math.isfinite(number) else None  # JSON has neither NaN nor Infinity
    return text == "true" if kind == "boolean" else text


def _failure(query_id: str, status: dict[str, Any]) -> Exception:
    reason = str(status.get("StateChangeReason", "no reason given"))[:500]
    category = status.get("AthenaError", {}).get("ErrorCategory")
    if status["State"] == "FAILED" and (
        category == _SYSTEM_CATEGORY or status.get("AthenaError", {}).get("Retryable")
    ):
        return QueryEngineBusyError(f"query {query_id} failed inside Athena: {reason}")
    return QueryFailedError(f"query {query_id} is {status['State']}: {reason}")


def _raise_as_ours(error: Exception) -> NoReturn:
    """Raise ``error`` under our name for it; botocore is loaded by now, so it need not be imported to ask."""
    if not type(error).__module__.startswith("botocore"):
        raise error
    code = error_code(error)
    if not code or code in _BUSY:
        raise QueryEngineBusyError(f"Athena: {error}") from error
    raise QueryFailedError(f"Athena: {error}") from error
