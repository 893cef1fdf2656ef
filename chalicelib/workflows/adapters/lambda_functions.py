"""Lambda and CloudWatch Logs, by boto3."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.core.aws import client
from chalicelib.workflows.ports import Functions, LogLine

_MARGIN = timedelta(seconds=5)
"""Step Functions' clock and the log's are not one."""
_MOST_LINES = 1_000


class LambdaFunctions(Functions):
    """Functions of this account and region."""

    def memory_mb(self, function: str) -> int | None:
        """See `Functions.memory_mb`."""
        return _memory_mb(function)

    def lines(self, function: str, request_id: str, since: datetime, until: datetime) -> list[LogLine]:
        """See `Functions.lines`.

        Only some lines name the invocation. But one stream is of one container, which runs one invocation at a
        time: so the lines are those between its START and its REPORT.
        """
        from botocore.exceptions import ClientError

        wanted: dict[str, Any] = {
            "logGroupName": f"/aws/lambda/{_name_of(function)}",
            "startTime": int((since - _MARGIN).timestamp() * 1000),
            "endTime": int((until + _MARGIN).timestamp() * 1000),
        }
        logs = client("logs")
        try:
            naming = _found(logs, {**wanted, "filterPattern": f'"{request_id}"'})
            if not naming:
                return []
            written = _found(logs, {**wanted, "logStreamNames": [naming[0]["logStreamName"]]})
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return []
            raise
        return [
            LogLine(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), event["message"].rstrip("\n"))
            for event in _of(request_id, written)
        ]


def _found(logs: Any, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for page in logs.get_paginator("filter_log_events").paginate(
        **wanted, PaginationConfig={"MaxItems": _MOST_LINES}
    ):
        events += page["events"]
    return events


def _of(request_id: str, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines from the invocation's START to its REPORT, both included."""
    naming = [place for place, event in enumerate(events) if request_id in event["message"]]
    return events[naming[0] : naming[-1] + 1] if naming else []


def _name_of(function: str) -> str:
    """Return a function's name without the rest of its ARN, a version or an alias."""
    return function.split(":function:")[-1].split(":")[0]


@functools.lru_cache(maxsize=200)
def _memory_mb(function: str) -> int | None:
    from botocore.exceptions import ClientError

    try:
        return int(client("lambda").get_function_configuration(FunctionName=function)["MemorySize"])
    except ClientError as error:
        if error.response["Error"]["Code"] in ("ResourceNotFoundException", "AccessDeniedException"):
            return None
        raise
