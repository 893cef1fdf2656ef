"""Alerts of contracts on SNS's stand-in, and what happens when SNS does not take one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from moto import mock_aws

from chalicelib.core import aws
from chalicelib.fleet.adapters.sns_contract_alerts import SnsContractAlerts
from chalicelib.fleet.errors.contracts import ContractAlertError


@pytest.fixture(autouse=True)
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    aws.client.cache_clear()
    with mock_aws():
        yield
    aws.client.cache_clear()


def test_an_alert_arrives_with_its_event_to_filter_by() -> None:
    topic = aws.client("sns").create_topic(Name="contract-alerts")["TopicArn"]
    queue = aws.client("sqs").create_queue(QueueName="people")["QueueUrl"]
    arn = aws.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    SnsContractAlerts(topic).tell("ContractNeedsReview", "A refund has failed", "re_1 of pi_1")
    (message,) = aws.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    told = json.loads(message["Body"])
    assert (told["Subject"], told["Message"]) == ("A refund has failed", "re_1 of pi_1")
    assert told["MessageAttributes"]["event"]["Value"] == "ContractNeedsReview"


def test_an_alert_that_was_not_taken_says_so() -> None:
    with pytest.raises(ContractAlertError):
        SnsContractAlerts("arn:aws:sns:us-east-1:123456789012:nowhere").tell("x", "y", "z")
