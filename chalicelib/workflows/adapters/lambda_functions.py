"""Lambda and CloudWatch Logs, by boto3."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.core.aws import client
from chalicelib.workflows.ports import Functions, Log, LogLine

_MARGIN = timedelta(seconds=5)
"""Step Functions' clock and the log's are not one."""
_MOST_LINES, _LONGEST_LINE = 1_000, 4_000
"""What is given fits Lambda's 6 MB; what is longer is for CloudWatch's own page."""
_MOST_READ = 50_000


class LambdaFunctions(Functions):
    """Functions of this account and region."""

    def memory_mb(self, function: str) -> int | None:
        """See `Functions.memory_mb`."""
        return _memory_mb(function)

    def log(self, function: str, request_id: str, since: datetime, until: datetime) -> Log:
        """See `Functions.log`.

        Only some lines name the invocation. But one stream is of one container, which runs one invocation at a
        time: so the lines are those between its START and its REPORT.
        """
        from botocore.exceptions import ClientError

        wanted: dict[str, Any] = {
            "logGroupName": f"/aws/lambda/{_name_of(function)}",
            "startTime": int((since - _MARGIN).timestamp() * 1000),
            "endTime": int((until + _MARGIN).timestamp() * 1000),
        }
        try:
            naming = next(_found({**wanted, "filterPattern": f'"{request_id}"'}), None)
            if naming is None:
                return Log([], 0)
            return _cut_out(request_id, _found({**wanted, "logStreamNames": [naming["logStreamName"]]}))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return Log([], 0)
            raise


def _found(wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    pages = (
        client("logs")
        .get_paginator("filter_log_events")
        .paginate(**wanted, PaginationConfig={"MaxItems": _MOST_READ})
    )
    for page in pages:
        yield from page["events"]


def _cut_out(request_id: str, events: Iterable[dict[str, Any]]) -> Log:
    """Return the lines from the first that names the invocation to its REPORT, or to what another began."""
    lines: deque[LogLine] = deque(maxlen=_MOST_LINES)
    count, begun = 0, False
    for event in events:
        text = event["message"].rstrip("\n")
        named = request_id in text
        begun = begun or named
        if not begun:
            continue
        if text.startswith("START ") and not named:  # the container's next invocation: this one wrote no REPORT
            break
        lines.append(LogLine(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), text[:_LONGEST_LINE]))
        count += 1
        if named and text.startswith("REPORT "):
            break
    return Log(list(lines), count - len(lines))


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
