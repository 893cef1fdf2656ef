"""Machines that call services: errors caught by AWS's names, tokens, jobs, and Maps over S3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from localcloud.stepfunctions import Engine, Execution, VirtualTimeline
from localcloud.stepfunctions.integrations import AwsIntegrations
from tests.unit.stepfunctions.calls import FakeFunctionInvoker

PREFIX = "arn:aws:states:::"


class Cloud:
    """An engine over moto."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}
        self.timeline = VirtualTimeline()
        invoker = FakeFunctionInvoker(double=lambda event: event * 2)
        self.engine = Engine(self.timeline, AwsIntegrations(invoker, self.client, self.timeline))

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(service, region_name="us-east-1")
        return self._clients[service]

    def start(self, state: dict[str, Any], value: Any = None) -> Execution:
        states = {"Work": {"End": True} | state, "Caught": {"Type": "Pass", "End": True}}
        if "Catch" not in state:
            del states["Caught"]
        definition = {"StartAt": "Work", "States": states}
        machine = self.engine.create_state_machine("m", definition, role_arn="")
        return self.engine.start_execution(machine.arn, json.dumps(value))

    def run(self, state: dict[str, Any], value: Any = None) -> Execution:
        execution = self.start(state, value)
        self.timeline.run_until(lambda: execution.ended, 1000)
        return execution


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with mock_aws():
        yield Cloud()


def task(resource: str, parameters: Any, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": PREFIX + resource, "Parameters": parameters, **fields}


def catch(error: str) -> list[dict[str, Any]]:
    return [{"ErrorEquals": [error], "Next": "Caught"}]


@pytest.mark.parametrize(
    ("resource", "error"),
    [
        ("dynamodb:putItem", "DynamoDB.ConditionalCheckFailedException"),
        ("aws-sdk:dynamodb:putItem", "DynamoDb.ConditionalCheckFailedException"),
    ],
)
def test_a_failed_condition_is_caught_by_its_name(cloud: Cloud, resource: str, error: str) -> None:
    cloud.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    put = {
        "TableName": "orders",
        "Item": {"id": {"S.$": "$.id"}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    assert "Error" not in cloud.run(task(resource, put, Catch=catch(error)), {"id": "1"}).output
    again = cloud.run(task(resource, put, Catch=catch(error)), {"id": "1"})
    assert (again.status, again.output["Error"]) == ("SUCCEEDED", error)


def test_a_token_travels_in_a_message_and_comes_back(cloud: Cloud) -> None:
    queue = cloud.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    body = {"token.$": "$$.Task.Token", "order.$": "$"}
    ask = task("sqs:sendMessage.waitForTaskToken", {"QueueUrl": queue, "MessageBody": body})
    execution = cloud.start(ask, 7)
    cloud.timeline.run_until_idle()
    assert execution.status == "RUNNING"
    message = json.loads(cloud.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"])
    assert message["order"] == 7
    cloud.engine.send_task_success(message["token"], '"approved"')
    cloud.timeline.run_until_idle()
    assert execution.output == "approved"


@pytest.mark.parametrize(
    ("key", "config", "body"),
    [
        ("in.json", {"InputType": "JSON"}, b"[1, 2, 3]"),
        ("in.jsonl", {"InputType": "JSONL"}, b"1\n2\n3\n"),
    ],
)
def test_a_map_reads_its_items_from_s3(cloud: Cloud, key: str, config: Any, body: bytes) -> None:
    cloud.client("s3").create_bucket(Bucket="box")
    cloud.client("s3").put_object(Bucket="box", Key=key, Body=body)
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Double",
        "States": {
            "Double": {
                "Type": "Task",
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:double",
                "End": True,
            }
        },
    }
    reader = {
        "Resource": PREFIX + "s3:getObject",
        "ReaderConfig": config,
        "Parameters": {"Bucket": "box", "Key.$": "$.key"},
    }
    writer = {"Resource": PREFIX + "s3:putObject", "Parameters": {"Bucket": "box", "Prefix": "out"}}
    each = {"Type": "Map", "ItemReader": reader, "ItemProcessor": processor}
    assert cloud.run(each, {"key": key}).output == [2, 4, 6]
    cloud.engine.delete_state_machine("arn:aws:states:us-east-1:123456789012:stateMachine:m")
    written = cloud.run({**each, "ResultWriter": writer}, {"key": key})
    details = written.output["ResultWriterDetails"]
    manifest = cloud.client("s3").get_object(Bucket=details["Bucket"], Key=details["Key"])["Body"].read()
    assert json.loads(manifest)["DestinationBucket"] == "box"


def test_a_missing_object_fails_the_map(cloud: Cloud) -> None:
    cloud.client("s3").create_bucket(Bucket="box")
    each = {
        "Type": "Map",
        "ItemReader": {
            "Resource": PREFIX + "s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Parameters": {"Bucket": "box", "Key": "none"},
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "P",
            "States": {"P": {"Type": "Succeed"}},
        },
    }
    execution = cloud.run(each)
    assert (execution.status, execution.error) == ("FAILED", "States.ItemReaderFailed")


def test_arguments_that_do_not_fit_cannot_be_caught(cloud: Cloud) -> None:
    execution = cloud.run(task("sqs:sendMessage", {"QueueUrl": 3}, Catch=catch("States.ALL")))
    assert (execution.status, execution.error) == ("FAILED", "States.Runtime")
