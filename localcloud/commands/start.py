"""`start MACHINE INPUT`: start an execution in the local cloud that runs in another terminal, and follow it."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from localcloud.errors import UsageError

_LOOK_SECONDS = 0.2


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("machine", help="name or ARN of the state machine")
    parser.add_argument("input", nargs="?", default="{}", help="JSON, or @FILE (default {})")
    parser.add_argument("--name", help="name of the execution")
    parser.add_argument("--no-wait", action="store_true", help="print the execution's ARN and do not follow it")
    parser.add_argument("--aws-port", type=int, default=4566, help="port of the local cloud's AWS API")


def run(arguments: argparse.Namespace) -> int:
    """Start and follow; 0 when the execution succeeds, 1 when not."""
    text = json_argument(arguments.input, "the input")
    states = _client(arguments.aws_port)
    arn = _machine_arn(states, arguments.machine, arguments.aws_port)
    named = {"name": arguments.name} if arguments.name else {}
    try:
        execution_arn = states.start_execution(stateMachineArn=arn, input=text, **named)["executionArn"]
    except states.exceptions.ClientError as error:
        raise UsageError(error.response["Error"]["Message"]) from None
    print(execution_arn)
    if arguments.no_wait:
        return 0
    description = _follow(states, execution_arn)
    print(description["status"])
    if description["status"] == "SUCCEEDED":
        print(json.dumps(json.loads(description["output"]), indent=2))
        return 0
    print(f"{description.get('error', '')}: {_reason(description.get('cause', ''))}".strip(": "))
    return 1


def json_argument(text: str, what: str) -> str:
    """Return JSON text given in full or as @FILE.

    Raises:
        UsageError: there is no such file, or it is no JSON; the message has the line and column.
    """
    if text.startswith("@"):
        try:
            text = Path(text[1:]).read_text(encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{text[1:]}: {error.strerror}") from None
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{what} is no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    return text


def _reason(cause: str) -> str:
    """Return a function's message out of its error payload, any other cause as it is."""
    try:
        return str(json.loads(cause)["errorMessage"])
    except (ValueError, KeyError, TypeError):
        return cause


def _client(port: int) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        "stepfunctions",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106
        config=Config(retries={"max_attempts": 0}, connect_timeout=2),
    )


def _machine_arn(states: Any, name: str, port: int) -> str:
    from botocore.exceptions import EndpointConnectionError

    try:
        machines = states.list_state_machines()["stateMachines"]
    except EndpointConnectionError:
        raise UsageError(f"no local cloud answers on port {port}; start one with `make run`") from None
    for machine in machines:
        if name in (machine["name"], machine["stateMachineArn"]):
            return str(machine["stateMachineArn"])
    known = ", ".join(machine["name"] for machine in machines) or "none"
    raise UsageError(f"there is no state machine {name!r}; known are {known}")


def _follow(states: Any, arn: str) -> dict[str, Any]:
    shown = 0
    while True:
        description: dict[str, Any] = states.describe_execution(executionArn=arn)
        pages = states.get_paginator("get_execution_history").paginate(executionArn=arn)
        events = (event for page in pages for event in page["events"])
        names = [e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e]
        for name in names[shown:]:
            print(f"  {name}", flush=True)
        shown = len(names)
        if description["status"] != "RUNNING":
            return description
        time.sleep(_LOOK_SECONDS)
