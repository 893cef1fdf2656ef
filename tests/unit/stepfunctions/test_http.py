"""The API as AWS's own clients see it: boto3 in process, boto3 over a socket, and the aws command."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.handlers import BUILTIN_HANDLERS
from moto import mock_aws

from localcloud.stepfunctions import Engine, Integrations, VirtualTimeline
from localcloud.stepfunctions.api import StepFunctionsApi
from localcloud.stepfunctions.http import handle, reached_by_boto3

ROLE = "arn:aws:iam::123456789012:role/machine"
DEFINITION = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 42, "End": True}}})
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


@pytest.fixture
def timeline() -> VirtualTimeline:
    return VirtualTimeline(start=1_700_000_000.25)


@pytest.fixture
def api(timeline: VirtualTimeline) -> StepFunctionsApi:
    return StepFunctionsApi(Engine(timeline, Integrations()))


def target(operation: str) -> dict[str, str]:
    return {"x-AMZ-target": f"AWSStepFunctions.{operation}"}


@pytest.fixture
def endpoint(api: StepFunctionsApi) -> Iterator[str]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, answer = handle(api, dict(self.headers.items()), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# -- the protocol


def test_an_answer_is_json_with_times_as_epoch_seconds(api: StepFunctionsApi) -> None:
    request = json.dumps({"name": "m", "definition": DEFINITION, "roleArn": ROLE}).encode()
    status, headers, body = handle(api, target("CreateStateMachine"), request)
    assert (status, headers["Content-Type"]) == (200, "application/x-amz-json-1.0")
    assert json.loads(body)["creationDate"] == 1_700_000_000.25
    assert headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        (target("DescribeExecution"), b"{}", "ValidationException"),
        (target("DescribeExecution"), b"{", "SerializationException"),
        (target("DescribeExecution"), b"[]", "SerializationException"),
        (target("Nothing"), b"", "UnknownOperationException"),
        ({}, b"{}", "UnknownOperationException"),
    ],
)
def test_a_refusal_is_an_answer(api: StepFunctionsApi, headers: dict[str, str], body: bytes, code: str) -> None:
    status, _headers, answer = handle(api, headers, body)
    assert (status, json.loads(answer)["__type"]) == (400, code)


class BrokenApi:
    """Fails as no API should."""

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        raise ZeroDivisionError("oops")


def test_a_defect_is_an_answer_too_and_leaves_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        status, _headers, body = handle(BrokenApi(), target("ListStateMachines"), b"{}")
    assert (status, json.loads(body)["message"]) == (500, "ZeroDivisionError: oops")
    assert "oops" in caplog.text


# -- boto3


def walk_through(client: Any, timeline: VirtualTimeline) -> None:
    """Create, start, describe, page through a history, and meet an error."""
    arn = client.create_state_machine(name="m", definition=DEFINITION, roleArn=ROLE)["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=arn, name="run")
    assert execution["startDate"] == datetime(2023, 11, 14, 22, 13, 20, 250_000, UTC)
    timeline.run_until_idle()
    assert client.describe_execution(executionArn=execution["executionArn"])["output"] == "42"
    pages = client.get_paginator("get_execution_history").paginate(
        executionArn=execution["executionArn"], PaginationConfig={"PageSize": 3}
    )
    types = [event["type"] for one in pages for event in one["events"]]
    assert types == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
    with pytest.raises(client.exceptions.ExecutionAlreadyExists):
        client.start_execution(stateMachineArn=arn, name="run", input="[]")
    state = json.dumps({"Type": "Pass", "Parameters": {"n": 1}, "Next": "On"})
    tested = client.test_state(definition=state, roleArn=ROLE, inspectionLevel="DEBUG")
    assert (tested["status"], tested["nextState"], tested["output"]) == ("SUCCEEDED", "On", '{"n":1}')


def test_boto3_in_the_process_reaches_the_api(api: StepFunctionsApi, timeline: VirtualTimeline) -> None:
    with reached_by_boto3(api):
        walk_through(boto3.session.Session().client("stepfunctions", **KEYS), timeline)


def test_the_api_stands_in_front_of_moto_and_leaves_it_the_rest(
    api: StepFunctionsApi, timeline: VirtualTimeline
) -> None:
    with mock_aws(), reached_by_boto3(api):
        session = boto3.session.Session()
        walk_through(session.client("stepfunctions", **KEYS), timeline)
        assert session.client("sqs", **KEYS).create_queue(QueueName="q")["QueueUrl"].endswith("/q")


def test_the_hook_is_taken_out_again(api: StepFunctionsApi) -> None:
    before = list(BUILTIN_HANDLERS)
    with mock_aws():
        with reached_by_boto3(api):
            client = boto3.session.Session().client("stepfunctions", **KEYS)
            assert client.list_state_machines()["stateMachines"] == []
            client.create_state_machine(name="ours", definition=DEFINITION, roleArn=ROLE)
        assert before == BUILTIN_HANDLERS
        assert client.list_state_machines()["stateMachines"] == []  # moto's own answer: it never saw ours


def test_a_client_made_before_can_be_attached(api: StepFunctionsApi, timeline: VirtualTimeline) -> None:
    client = boto3.session.Session().client("stepfunctions", **KEYS)
    with reached_by_boto3(api) as hook:
        hook.attach(client)
        walk_through(client, timeline)


def test_a_session_made_before_can_be_attached(api: StepFunctionsApi, timeline: VirtualTimeline) -> None:
    session = boto3.session.Session()
    with reached_by_boto3(api) as hook:
        hook.attach(session)
        walk_through(session.client("stepfunctions", **KEYS), timeline)


def test_boto3_over_a_socket(endpoint: str, timeline: VirtualTimeline) -> None:
    config = Config(inject_host_prefix=False, retries={"total_max_attempts": 1})
    session = boto3.session.Session()
    walk_through(session.client("stepfunctions", endpoint_url=endpoint, config=config, **KEYS), timeline)


# -- the aws command


def aws(endpoint: str, *arguments: str) -> tuple[int, str, str]:
    """Run the real command; returns exit status, output and error output."""
    command = Path(sys.executable).with_name("aws")
    keys = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PATH": os.environ.get("PATH", ""),
    }
    run = subprocess.run(
        [str(command), "--endpoint-url", endpoint, "stepfunctions", *arguments],
        capture_output=True, text=True, env=keys, timeout=60, check=False,
    )  # fmt: skip
    return run.returncode, run.stdout, run.stderr


def test_the_aws_command_creates_starts_and_describes(endpoint: str, timeline: VirtualTimeline) -> None:
    created = aws(endpoint, "create-state-machine", "--name", "m", "--role-arn", ROLE, "--definition", DEFINITION)
    assert created[0] == 0, created[2]
    arn = json.loads(created[1])["stateMachineArn"]
    status, output, error = aws(endpoint, "start-execution", "--state-machine-arn", arn, "--input", "{}")
    assert status == 0, error
    execution = json.loads(output)["executionArn"]
    timeline.run_until_idle()
    described = json.loads(aws(endpoint, "describe-execution", "--execution-arn", execution)[1])
    assert (described["status"], described["output"]) == ("SUCCEEDED", "42")
    history = json.loads(aws(endpoint, "get-execution-history", "--execution-arn", execution)[1])
    assert len(history["events"]) == 4


def test_the_aws_command_shows_refusals(endpoint: str) -> None:
    arn = "arn:aws:states:us-east-1:123456789012:execution:m:none"
    status, _output, error = aws(endpoint, "redrive-execution", "--execution-arn", arn)
    assert status != 0
    assert "ExecutionDoesNotExist" in error


def test_the_aws_command_tests_a_state(endpoint: str) -> None:
    state = json.dumps({"Type": "Pass", "Parameters": {"n": 1}, "Next": "On"})
    status, output, error = aws(endpoint, "test-state", "--definition", state, "--role-arn", ROLE)
    assert status == 0, error
    assert json.loads(output) == {"output": '{"n":1}', "nextState": "On", "status": "SUCCEEDED"}
