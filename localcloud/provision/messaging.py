"""Queues and topics."""

from __future__ import annotations

import json
from typing import Any

from localcloud.intrinsics import Created
from localcloud.provision.site import Site

_NO_ATTRIBUTES = ("QueueName", "TopicName", "Tags", "Subscription")


def queue(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::SQS::Queue."""
    name = site.name(logical_id, properties, "QueueName")
    if properties.get("FifoQueue") and not name.endswith(".fifo"):
        name += ".fifo"
    url = site.client("sqs").create_queue(QueueName=name, Attributes=_attributes(properties))["QueueUrl"]
    return Created(url, {"Arn": site.arn("sqs", name), "QueueName": name, "QueueUrl": url})


def queue_policy(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::SQS::QueuePolicy."""
    for url in properties["Queues"]:
        policy = {"Policy": json.dumps(properties["PolicyDocument"])}
        site.client("sqs").set_queue_attributes(QueueUrl=url, Attributes=policy)
    return Created(logical_id)


def topic(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::SNS::Topic, with the subscriptions written inside it."""
    name = site.name(logical_id, properties, "TopicName")
    if properties.get("FifoTopic") and not name.endswith(".fifo"):
        name += ".fifo"
    arn = site.client("sns").create_topic(Name=name, Attributes=_attributes(properties))["TopicArn"]
    for index, inner in enumerate(properties.get("Subscription", [])):
        subscription(site, f"{logical_id}{index}", {"TopicArn": arn, **inner})
    return Created(arn, {"TopicArn": arn, "TopicName": name})


def topic_policy(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::SNS::TopicPolicy."""
    for arn in properties["Topics"]:
        site.client("sns").set_topic_attributes(
            TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(properties["PolicyDocument"])
        )
    return Created(logical_id)


def subscription(site: Site, _logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::SNS::Subscription."""
    wanted = ("FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy")
    arn = site.client("sns").subscribe(
        TopicArn=properties["TopicArn"],
        Protocol=properties["Protocol"],
        Endpoint=properties.get("Endpoint", ""),
        Attributes=_attributes({key: properties[key] for key in wanted if key in properties}),
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    return Created(arn)


def _attributes(properties: dict[str, Any]) -> dict[str, str]:
    """Return properties as the API's attributes, which are all text."""
    attributes = {}
    for key, value in properties.items():
        if key in _NO_ATTRIBUTES:
            continue
        if isinstance(value, bool):
            attributes[key] = str(value).lower()
        elif isinstance(value, dict | list):
            attributes[key] = json.dumps(value)
        else:
            attributes[key] = str(value)
    return attributes


CREATORS = {
    "AWS::SQS::Queue": queue,
    "AWS::SQS::QueuePolicy": queue_policy,
    "AWS::SNS::Topic": topic,
    "AWS::SNS::TopicPolicy": topic_policy,
    "AWS::SNS::Subscription": subscription,
}
