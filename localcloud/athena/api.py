"""Athena's API: running queries and reading their results."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

from localcloud.athena.dialect import to_duckdb
from localcloud.athena.lake import Lake, LakeError
from localcloud.athena.results import text_of, type_name
from localcloud.aws.router import Answer

_MOST_RESULTS = 1_000


class AthenaApi:
    """Answers requests signed for "athena"; those it does not know are left to moto."""

    def __init__(self, client: Callable[[str], Any], now: Callable[[], float]) -> None:
        self.lake = Lake(client)
        self._client = client
        self._now = now
        self._executions: dict[str, dict[str, Any]] = {}
        self._results: dict[str, tuple[list[dict[str, str]], list[list[str | None]]]] = {}
        self._by_token: dict[str, tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._operations = {
            "StartQueryExecution": self._start,
            "GetQueryExecution": self._get,
            "GetQueryResults": self._page,
            "StopQueryExecution": self._stop,
        }

    def __call__(self, request: Any) -> Answer | None:
        """See `localcloud.aws.router.Service`."""
        target = request.headers.get("X-Amz-Target", "")
        name = (target.decode() if isinstance(target, bytes) else str(target)).rpartition(".")[2]
        operation = self._operations.get(name)
        if operation is None:
            return None
        try:
            return 200, _HEADERS, json.dumps(operation(json.loads(request.body or "{}")))
        except _InvalidRequestError as error:
            body = {"__type": "InvalidRequestException", "Message": str(error), "AthenaErrorCode": "INVALID_INPUT"}
            return 400, _HEADERS, json.dumps(body)

    def _start(self, arguments: dict[str, Any]) -> dict[str, Any]:
        token, wanted = arguments.get("ClientRequestToken", ""), json.dumps(arguments, sort_keys=True)
        with self._lock:
            if token in self._by_token:
                query_id, before = self._by_token[token]
                if before != wanted:
                    raise _InvalidRequestError("Idempotent parameters do not match")
                return {"QueryExecutionId": query_id}
            query_id = str(uuid.uuid4())
            self._by_token[token or query_id] = query_id, wanted
        workgroup = arguments.get("WorkGroup", "primary")
        configuration = self._configuration(workgroup)
        execution = {
            "QueryExecutionId": query_id,
            "Query": arguments["QueryString"],
            "StatementType": "DML",
            "WorkGroup": workgroup,
            "QueryExecutionContext": arguments.get("QueryExecutionContext", {}),
            "ExecutionParameters": arguments.get("ExecutionParameters", []),
            "ResultConfiguration": configuration.get("ResultConfiguration", {}),
            "Status": {"State": "SUCCEEDED", "SubmissionDateTime": self._now(), "CompletionDateTime": self._now()},
            "Statistics": {"DataScannedInBytes": 0, "ResultReuseInformation": {"ReusedPreviousResult": False}},
        }
        self._run(query_id, execution, configuration.get("BytesScannedCutoffPerQuery"))
        self._executions[query_id] = execution
        return {"QueryExecutionId": query_id}

    def _run(self, query_id: str, execution: dict[str, Any], most_bytes: int | None) -> None:
        """Run a query and put its end into its execution."""
        database = execution["QueryExecutionContext"].get("Database", "default")
        try:
            sql = to_duckdb(execution["Query"], execution["ExecutionParameters"])
            found = self.lake.run(sql, database, _tables(execution["Query"]))
            if most_bytes and found.scanned_bytes > most_bytes:
                raise LakeError(f"Bytes scanned limit was exceeded: {found.scanned_bytes} of {most_bytes}")
        except (ValueError, LakeError) as error:
            execution["Status"] |= {
                "State": "FAILED",
                "StateChangeReason": str(error),
                "AthenaError": {"ErrorCategory": 2, "ErrorMessage": str(error), "Retryable": False},
            }
            return
        execution["Statistics"]["DataScannedInBytes"] = found.scanned_bytes
        columns = [
            {"CatalogName": "hive", "Name": name, "Label": name, "Type": type_name(kind)}
            for name, kind in zip(found.names, found.types, strict=True)
        ]
        self._results[query_id] = columns, [[text_of(value) for value in row] for row in found.rows]

    def _get(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"QueryExecution": self._execution(arguments)}

    def _stop(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._execution(arguments)
        return {}

    def _page(self, arguments: dict[str, Any]) -> dict[str, Any]:
        execution = self._execution(arguments)
        if execution["Status"]["State"] != "SUCCEEDED":
            raise _InvalidRequestError(
                f"Query did not finish successfully. Final query state: {execution['Status']['State']}"
            )
        columns, rows = self._results[execution["QueryExecutionId"]]
        header: list[str | None] = [column["Name"] for column in columns]
        lines = [header, *rows]
        start, count = int(arguments.get("NextToken", 0)), int(arguments.get("MaxResults", _MOST_RESULTS))
        shown = lines[start : start + count]
        page: dict[str, Any] = {
            "UpdateCount": 0,
            "ResultSet": {
                "Rows": [
                    {"Data": [{} if text is None else {"VarCharValue": text} for text in row]} for row in shown
                ],
                "ResultSetMetadata": {"ColumnInfo": columns},
            },
        }
        if start + count < len(lines):
            page["NextToken"] = str(start + count)
        return page

    def _execution(self, arguments: dict[str, Any]) -> dict[str, Any]:
        query_id = arguments["QueryExecutionId"]
        if query_id not in self._executions:
            raise _InvalidRequestError(f"QueryExecution {query_id} was not found")
        return self._executions[query_id]

    def _configuration(self, workgroup: str) -> dict[str, Any]:
        athena = self._client("athena")
        try:
            found = athena.get_work_group(WorkGroup=workgroup)["WorkGroup"]
        except Exception as error:
            raise _InvalidRequestError(f"WorkGroup {workgroup} is not found") from error
        configuration: dict[str, Any] = found.get("Configuration", {})
        return configuration


class _InvalidRequestError(Exception):
    """The request is refused."""


_HEADERS = {"Content-Type": "application/x-amz-json-1.1"}


def _tables(sql: str) -> set[str]:
    import sqlglot
    from sqlglot import exp

    return {table.name.lower() for table in sqlglot.parse_one(sql, read="athena").find_all(exp.Table)}
