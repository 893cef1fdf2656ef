"""What one invocation wrote, cut out of its container's stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from moto import mock_aws

from chalicelib.core import aws
from chalicelib.workflows.adapters.lambda_functions import LambdaFunctions

ARN = "arn:aws:lambda:us-east-1:123456789012:function:work:live"
GROUP, STREAM = "/aws/lambda/work", "2026/03/02/[$LATEST]1"
BEGAN = datetime.now(UTC)
"""CloudWatch takes no line that is older than 14 days."""


@pytest.fixture(autouse=True)
def cloudwatch() -> Iterator[None]:
    aws.client.cache_clear()
    with mock_aws():
        yield
    aws.client.cache_clear()


def write(*texts: str) -> None:
    """Write lines as a container does, a second apart where they are few."""
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)
    began = int(BEGAN.timestamp() * 1000)
    events = [{"timestamp": began + place, "message": f"{text}\n"} for place, text in enumerate(texts)]
    for first in range(0, len(events), 5_000):
        logs.put_log_events(logGroupName=GROUP, logStreamName=STREAM, logEvents=events[first : first + 5_000])


def invocation(request_id: str, *between: str) -> list[str]:
    return [
        f"START RequestId: {request_id}",
        *between,
        f"END RequestId: {request_id}",
        f"REPORT RequestId: {request_id}",
    ]


def log_of(request_id: str) -> tuple[list[str], int]:
    log = LambdaFunctions().log(ARN, request_id, BEGAN, BEGAN + timedelta(minutes=1))
    return [line.text for line in log.lines], log.omitted


def test_an_invocations_lines_are_told_from_its_neighbours() -> None:
    write(*invocation("r-1", "one"), *invocation("r-2", "two", "two more"), *invocation("r-3", "three"))
    assert log_of("r-2") == (invocation("r-2", "two", "two more"), 0)


def test_of_ten_thousand_lines_the_last_thousand_are_given_and_the_rest_counted() -> None:
    write(*invocation("r-1", *(f"line {number}" for number in range(10_000))), *invocation("r-2"))
    lines, omitted = log_of("r-1")
    assert (len(lines), omitted) == (1_000, 9_003)
    assert lines[-3:] == ["line 9999", "END RequestId: r-1", "REPORT RequestId: r-1"]


def test_an_invocation_that_was_cut_off_ends_where_the_next_begins() -> None:
    write("START RequestId: r-1", "half a", *invocation("r-2", "two"))
    assert log_of("r-1") == (["START RequestId: r-1", "half a"], 0)


def test_a_line_as_long_as_cloudwatch_takes_is_cut() -> None:
    write(*invocation("r-1", "x" * 200_000))
    assert [len(line) for line in log_of("r-1")[0]][1] == 4_000


def test_without_a_log_there_are_no_lines() -> None:
    assert log_of("r-1") == ([], 0)
    write(*invocation("r-2"))
    assert log_of("r-1") == ([], 0)
