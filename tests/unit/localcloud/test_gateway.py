"""The AWS API over HTTP: real clients, real awscli."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from localcloud.cloud import LocalCloud
from localcloud.gateway import serve_aws
from localcloud.stepfunctions import RealTimeline
from localcloud.store import RunStore
from tests.unit.localcloud.conftest import HANDLERS, function, queue

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:greeting"
DEFINITION = {
    "StartAt": "Note",
    "States": {
        "Note": {"Type": "Task", "Resource": "${NoteArn}", "ResultPath": "$.noted", "Next": "Fails"},
        "Fails": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.fail", "BooleanEquals": True, "Next": "Broken"}],
            "Default": "Done",
        },
        "Broken": {"Type": "Fail", "Error": "AsAsked", "Cause": "the input says so"},
        "Done": {"Type": "Succeed"},
    },
}
INVOKE_NOTE = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": {"Fn::GetAtt": ["Note", "Arn"]}}
    ],
}
TEMPLATE = {
    "Resources": {
        "Note": function("note", FunctionName="note"),
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files"}},
        "Queue": queue(QueueName="plain"),
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "things",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
        },
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "StateMachineName": "greeting",
                "DefinitionString": json.dumps(DEFINITION),
                "DefinitionSubstitutions": {"NoteArn": {"Fn::GetAtt": ["Note", "Arn"]}},
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
                "Policies": [{"PolicyName": "greeting", "PolicyDocument": INVOKE_NOTE}],
            },
        },
    }
}

Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("project")
    (folder / "tiny_doors.py").write_text(HANDLERS)
    with ExitStack() as stack:
        store = RunStore(folder / "runs.sqlite")
        stack.callback(store.close)
        store.begin()
        cloud = LocalCloud(TEMPLATE, folder, timeline=RealTimeline(), store=store)
        server = serve_aws(cloud.router, 0)
        stack.callback(server.stop)
        stack.enter_context(cloud)
        yield server.url


@pytest.fixture
def client(endpoint: str) -> Client:
    def make(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="k",
            aws_secret_access_key="s",
            config=Config(retries={"max_attempts": 0}),
        )

    return make


def aws(endpoint: str, *arguments: str) -> Any:
    """Run awscli and return its answer."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "aws"), "--endpoint-url", endpoint, "--output", "json", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"AWS_DEFAULT_REGION": "us-east-1"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip().startswith(("{", "[")) else done.stdout


def until_ended(states: Any, arn: str) -> dict[str, Any]:
    for _ in range(500):
        description: dict[str, Any] = states.describe_execution(executionArn=arn)
        if description["status"] != "RUNNING":
            return description
        time.sleep(0.02)
    raise AssertionError("the execution does not end")


def test_awscli_starts_describes_and_reads_the_history(endpoint: str, client: Client) -> None:
    started = aws(
        endpoint,
        "stepfunctions",
        "start-execution",
        "--state-machine-arn",
        MACHINE,
        "--name",
        "cli-1",
        "--input",
        "{}",
    )
    arn = started["executionArn"]
    assert arn == "arn:aws:states:us-east-1:123456789012:execution:greeting:cli-1"
    until_ended(client("stepfunctions"), arn)
    assert aws(endpoint, "stepfunctions", "describe-execution", "--execution-arn", arn)["status"] == "FAILED"
    history = aws(endpoint, "stepfunctions", "get-execution-history", "--execution-arn", arn)
    assert history["events"][0]["type"] == "ExecutionStarted"
    assert history["events"][-1]["type"] == "ExecutionFailed"


def test_a_failed_execution_is_redriven_and_a_running_one_stopped(client: Client) -> None:
    states = client("stepfunctions")
    arn = states.start_execution(stateMachineArn=MACHINE, input='{"fail": true}')["executionArn"]
    assert until_ended(states, arn)["error"] == "AsAsked"
    states.redrive_execution(executionArn=arn)
    assert until_ended(states, arn)["redriveCount"] == 1
    waiting = states.create_state_machine(
        name="waiting",
        roleArn="arn:aws:iam::123456789012:role/r",
        definition='{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}',
    )["stateMachineArn"]
    arn = states.start_execution(stateMachineArn=waiting)["executionArn"]
    states.stop_execution(executionArn=arn, error="Enough")
    description = states.describe_execution(executionArn=arn)
    assert (description["status"], description["error"]) == ("ABORTED", "Enough")


def test_refusals_are_awss_own(client: Client) -> None:
    states = client("stepfunctions")
    with pytest.raises(states.exceptions.StateMachineDoesNotExist):
        states.start_execution(stateMachineArn=MACHINE + "x")
    with pytest.raises(states.exceptions.InvalidExecutionInput):
        states.start_execution(stateMachineArn=MACHINE, input="{")


def test_awscli_copies_files_in_and_out(endpoint: str, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("hello")
    aws(endpoint, "s3", "cp", str(tmp_path / "in.txt"), "s3://files/a/in.txt")
    aws(endpoint, "s3", "cp", "s3://files/a/in.txt", str(tmp_path / "out.txt"))
    assert (tmp_path / "out.txt").read_text() == "hello"


def test_a_presigned_url_takes_an_upload_without_credentials(client: Client) -> None:
    s3 = client("s3")
    url = s3.generate_presigned_url("put_object", Params={"Bucket": "files", "Key": "up.csv"}, ExpiresIn=60)
    request = urllib.request.Request(url, data=b"a,b\n", method="PUT")
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.status == 200
    assert s3.get_object(Bucket="files", Key="up.csv")["Body"].read() == b"a,b\n"


def test_queues_and_tables_are_the_same_inside_and_outside(client: Client) -> None:
    url = client("sqs").get_queue_url(QueueName="plain")["QueueUrl"]
    client("sqs").send_message(QueueUrl=url, MessageBody="x")
    assert client("sqs").receive_message(QueueUrl=url)["Messages"][0]["Body"] == "x"
    client("dynamodb").put_item(TableName="things", Item={"id": {"S": "1"}})
    with pytest.raises(client("dynamodb").exceptions.ClientError, match="ConditionalCheckFailed"):
        client("dynamodb").put_item(
            TableName="things", Item={"id": {"S": "1"}}, ConditionExpression="attribute_not_exists(id)"
        )


def test_functions_are_invoked_and_their_lines_are_in_the_logs(client: Client) -> None:
    answer = client("lambda").invoke(FunctionName="note", Payload=b'{"a": 1}')
    assert "noted" in json.loads(answer["Payload"].read())
    with pytest.raises(client("lambda").exceptions.ResourceNotFoundException):
        client("lambda").invoke(FunctionName="nobody")
    events = client("logs").filter_log_events(logGroupName="/aws/lambda/note")["events"]
    assert any(event["message"].startswith("REPORT RequestId:") for event in events)


def test_concurrent_conditional_writes_let_one_through(client: Client) -> None:
    import threading

    won: list[int] = []

    def write(number: int) -> None:
        table = client("dynamodb")
        try:
            table.put_item(
                TableName="things",
                Item={"id": {"S": "contested"}, "by": {"N": str(number)}},
                ConditionExpression="attribute_not_exists(id)",
            )
        except table.exceptions.ConditionalCheckFailedException:
            return
        won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
