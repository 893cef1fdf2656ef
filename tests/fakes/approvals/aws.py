"""The room's AWS inside moto, made from its template, and the settings that point to it."""

from __future__ import annotations

import json

import pytest

from chalicelib.core import aws
from tests.fakes.tables import make_tables, sections_of

POLICY_NAME = "/signalbox/dev/approval-policy"
_TABLES = {
    "ApprovalsTable": "approvals",
    "ApprovalAuditTable": "approval-audit",
    "ApprovalDelegationsTable": "approval-delegations",
}


def make_resources(environment: pytest.MonkeyPatch) -> None:
    """Make tables, key, queue, topic, schedule group and policy, and set the room's settings."""
    sections = sections_of("approvals")
    make_tables("approvals", _TABLES)
    policy = json.loads(sections["Parameters"]["ApprovalPolicyJson"]["Default"])
    aws.client("ssm").put_parameter(Name=POLICY_NAME, Type="String", Value=json.dumps(policy | {"channel": ""}))
    aws.client("scheduler").create_schedule_group(Name="moments")
    queue = aws.client("sqs").create_queue(QueueName="approval-moments")["QueueUrl"]
    settings = {
        "STAGE": "dev",
        "APPROVALS_TABLE": "approvals",
        "APPROVAL_AUDIT_TABLE": "approval-audit",
        "APPROVAL_DELEGATIONS_TABLE": "approval-delegations",
        "APPROVAL_KEY": aws.client("kms").create_key()["KeyMetadata"]["KeyId"],
        "APPROVAL_TOPIC": aws.client("sns").create_topic(Name="approval-notifications")["TopicArn"],
        "APPROVAL_SCHEDULES": "moments",
        "APPROVAL_CLOCK_ROLE": "arn:aws:iam::123456789012:role/any",
        "APPROVAL_QUEUE_URL": queue,
        "APPROVAL_QUEUE_ARN": "arn:aws:sqs:us-east-1:123456789012:approval-moments",
    }
    for name, value in settings.items():
        environment.setenv(name, value)
