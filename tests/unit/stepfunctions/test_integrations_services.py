"""Services through boto3, against moto in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from localcloud.stepfunctions.integrations import AwsIntegrations
from localcloud.stepfunctions.task import TaskError
from localcloud.stepfunctions.timeline import VirtualTimeline
from tests.unit.stepfunctions.calls import FakeFunctionInvoker, task_call


class Clients:
    """boto3 clients with keys of no account, each made once."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
            )
        return self._clients[service]


@pytest.fixture
def clients() -> Iterator[Clients]:
    with mock_aws():
        yield Clients()


@pytest.fixture
def integrations(clients: Clients) -> AwsIntegrations:
    return AwsIntegrations(FakeFunctionInvoker(), clients, VirtualTimeline())


def failure(integrations: AwsIntegrations, resource: str, arguments: Any) -> TaskError:
    with pytest.raises(TaskError) as caught:
        integrations.call(task_call(resource, arguments))
    return caught.value


def make_table(clients: Clients) -> None:
    clients("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


PUT_ONCE = {
    "TableName": "orders",
    "Item": {"id": {"S": "1"}, "open": {"BOOL": True}, "tags": {"SS": ["a"]}},
    "ConditionExpression": "attribute_not_exists(id)",
}


def test_dynamodb_items_are_written_and_read(integrations: AwsIntegrations, clients: Clients) -> None:
    make_table(clients)
    put: Any = integrations.call(task_call("dynamodb:putItem", PUT_ONCE))
    assert put.keys() == {"SdkHttpMetadata", "SdkResponseMetadata"}
    assert put["SdkHttpMetadata"]["HttpStatusCode"] == 200
    key = {"TableName": "orders", "Key": {"id": {"S": "1"}}}
    got: Any = integrations.call(task_call("dynamodb:getItem", key))
    assert got["Item"] == PUT_ONCE["Item"]
    integrations.call(task_call("dynamodb:deleteItem", key))
    gone: Any = integrations.call(task_call("dynamodb:getItem", key))
    assert "Item" not in gone


def test_the_sdk_names_attribute_types_its_own_way(integrations: AwsIntegrations, clients: Clients) -> None:
    make_table(clients)
    item = {"id": {"S": "1"}, "open": {"Bool": True}, "tags": {"Ss": ["a"]}, "none": {"Nul": True}}
    integrations.call(task_call("aws-sdk:dynamodb:putItem", {"TableName": "orders", "Item": item}))
    got: Any = integrations.call(
        task_call("aws-sdk:dynamodb:getItem", {"TableName": "orders", "Key": {"id": {"S": "1"}}})
    )
    assert got == {"Item": item}


def test_the_same_error_has_two_names(integrations: AwsIntegrations, clients: Clients) -> None:
    make_table(clients)
    integrations.call(task_call("dynamodb:putItem", PUT_ONCE))
    optimized = failure(integrations, "dynamodb:putItem", PUT_ONCE)
    assert optimized.error == "DynamoDB.ConditionalCheckFailedException"
    assert "(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailed" in optimized.cause
    sdk_item = {**PUT_ONCE, "Item": {"id": {"S": "1"}}}
    sdk = failure(integrations, "aws-sdk:dynamodb:putItem", sdk_item)
    assert sdk.error == "DynamoDb.ConditionalCheckFailedException"
    assert "(Service: DynamoDb, Status Code: 400, Request ID: " in sdk.cause


def test_an_error_the_model_does_not_know_has_the_services_name(
    integrations: AwsIntegrations, clients: Clients
) -> None:
    make_table(clients)
    wrong_key = {"TableName": "orders", "Key": {"other": {"S": "1"}}}
    assert failure(integrations, "dynamodb:getItem", wrong_key).error == "DynamoDB.AmazonDynamoDBException"
    assert failure(integrations, "aws-sdk:dynamodb:getItem", wrong_key).error == "DynamoDb.DynamoDbException"


@pytest.mark.parametrize("resource", ["sqs:sendMessage", "sqs:sendMessage.waitForTaskToken"])
def test_an_object_as_message_body_is_sent_as_json(
    integrations: AwsIntegrations, clients: Clients, resource: str
) -> None:
    url = clients("sqs").create_queue(QueueName="q")["QueueUrl"]
    sent: Any = integrations.call(task_call(resource, {"QueueUrl": url, "MessageBody": {"a": [1, None]}}))
    assert {"MD5OfMessageBody", "MessageId", "SdkHttpMetadata", "SdkResponseMetadata"} <= sent.keys()
    received = clients("sqs").receive_message(QueueUrl=url)["Messages"][0]["Body"]
    assert received == '{"a":[1,null]}'


def test_sns_messages_are_published(integrations: AwsIntegrations, clients: Clients) -> None:
    arn = clients("sns").create_topic(Name="t")["TopicArn"]
    sent: Any = integrations.call(task_call("sns:publish", {"TopicArn": arn, "Message": {"a": 1}}))
    assert "MessageId" in sent
    missing = failure(integrations, "sns:publish", {"TopicArn": f"{arn}x", "Message": "hello"})
    assert missing.error == "SNS.NotFoundException"


def test_events_are_put_with_their_detail_as_json(integrations: AwsIntegrations) -> None:
    entry = {"Source": "s", "DetailType": "d", "Detail": {"a": 1}}
    put: Any = integrations.call(task_call("events:putEvents", {"Entries": [entry]}))
    assert put["FailedEntryCount"] == 0
    assert put["Entries"][0].keys() == {"EventId"}


def test_an_event_that_was_not_taken_fails_the_state(integrations: AwsIntegrations) -> None:
    error = failure(integrations, "events:putEvents", {"Entries": [{"Source": "s", "DetailType": "d"}]})
    assert error.error == "EventBridge.FailedEntry"
    assert json.loads(error.cause)["FailedEntryCount"] == 1


def test_any_action_of_any_service(integrations: AwsIntegrations, clients: Clients) -> None:
    clients("s3").create_bucket(Bucket="box")
    integrations.call(task_call("aws-sdk:s3:putObject", {"Bucket": "box", "Key": "k", "Body": "text"}))
    got: Any = integrations.call(task_call("aws-sdk:s3:getObject", {"Bucket": "box", "Key": "k"}))
    assert (got["Body"], got["ContentLength"], got["ETag"][:1]) == ("text", 4, '"')
    assert datetime.fromisoformat(got["LastModified"]).tzinfo == UTC
    assert got["LastModified"].endswith("Z")
    groups: Any = integrations.call(task_call("aws-sdk:cloudwatchlogs:describeLogGroups", {}))
    assert groups == {"LogGroups": []}


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"Bucket": "box", "Key": "none"}, "S3.NoSuchKeyException"),
        ({"Bucket": "nowhere", "Key": "k"}, "S3.NoSuchBucketException"),
    ],
)
def test_sdk_errors_always_end_in_exception(
    integrations: AwsIntegrations, clients: Clients, arguments: Any, name: str
) -> None:
    clients("s3").create_bucket(Bucket="box")
    assert failure(integrations, "aws-sdk:s3:getObject", arguments).error == name


def test_objects_are_read_listed_and_written_for_maps(integrations: AwsIntegrations, clients: Clients) -> None:
    clients("s3").create_bucket(Bucket="box")
    integrations.write_object("box", "in/1.json", b"[1]")
    assert integrations.read_object("box", "in/1.json") == b"[1]"
    assert [item["Key"] for item in integrations.list_objects("box", "in/")] == ["in/1.json"]
    with pytest.raises(TaskError, match=r"S3\.NoSuchKeyException"):
        integrations.read_object("box", "none")


@pytest.mark.parametrize(
    ("resource", "arguments", "cause"),
    [
        ("aws-sdk:s3:getObject", {"Bucket": "box"}, "The field 'Key' is required but was missing"),
        ("aws-sdk:s3:getObject", {"Bucket": 3, "Key": "k"}, "The value for the field 'Bucket' must be a STRING"),
        ("sqs:sendMessage", {"QueueUrl": "u", "Body": "x"}, "The field 'Body' is not supported by Step Functions"),
        ("aws-sdk:s3:listBuckets", "text", "The parameters must be an OBJECT"),
    ],
)
def test_arguments_that_do_not_fit_the_api(
    integrations: AwsIntegrations, resource: str, arguments: Any, cause: str
) -> None:
    error = failure(integrations, resource, arguments)
    assert error.error == "States.Runtime"
    assert cause in error.cause


@pytest.mark.parametrize(
    "resource",
    [
        "aws-sdk:nosuch:thing",
        "aws-sdk:s3:fly",
        "glue:startJobRun",
        "arn:aws:states:us-east-1:123456789012:activity:a",
    ],
)
def test_what_cannot_be_called_says_so(integrations: AwsIntegrations, resource: str) -> None:
    assert failure(integrations, resource, {}).error == "States.Runtime"
