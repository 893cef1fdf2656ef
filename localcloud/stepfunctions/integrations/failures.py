"""Names and causes of services' errors as Step Functions gives them to Retry and Catch."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.stepfunctions.integrations.names import pascal
from localcloud.stepfunctions.task import TaskError

_OPTIMIZED: dict[str, tuple[str, str, str]] = {
    "dynamodb": ("DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException"),
    "ecs": ("ECS", "AmazonECS", "AmazonECSException"),
    "events": ("EventBridge", "AmazonCloudWatchEvents", "AmazonCloudWatchEventsException"),
    "sns": ("SNS", "AmazonSNS", "AmazonSNSException"),
    "sqs": ("SQS", "AmazonSQS", "AmazonSQSException"),
}
"""Prefix, service in the cause, and the name of an error without a type, by service."""


def client_failure(error: Exception, service: str, model: Any, operation: Any, *, sdk: bool) -> TaskError:
    """The TaskError for what a boto3 client raised.

    `model` and `operation` are botocore's; `service` is named as in the resource. A ConditionalCheckFailed
    is "DynamoDB.ConditionalCheckFailedException" from dynamodb:putItem, and
    "DynamoDb.ConditionalCheckFailedException" from aws-sdk:dynamodb:putItem.
    """
    prefix = pascal(model.service_id) if sdk else _OPTIMIZED[service][0]
    if isinstance(error, BotoCoreError):
        return TaskError(f"{prefix}.SdkClientException", str(error))
    if not isinstance(error, ClientError):
        return TaskError("States.TaskFailed", str(error))
    code = error.response["Error"].get("Code", "")
    name = _modeled_name(code, model, operation)
    if name is None:
        name = f"{prefix}Exception" if sdk else _OPTIMIZED[service][2]
    cause = _sdk_cause(error, prefix) if sdk else _optimized_cause(error, code, _OPTIMIZED[service][1])
    return TaskError(f"{prefix}.{name}", cause)


def _modeled_name(code: str, model: Any, operation: Any) -> str | None:
    """The Java class of an error the service's model knows; always with the suffix Exception."""
    for shape in (*operation.error_shapes, *model.error_shapes):
        if code in (shape.name, shape.error_code):
            name: str = shape.name[:1].upper() + shape.name[1:]
            return name if name.endswith("Exception") else f"{name}Exception"
    return None


def _sdk_cause(error: ClientError, service: str) -> str:
    metadata = error.response.get("ResponseMetadata", {})
    parts = [
        f"Service: {service}",
        f"Status Code: {metadata.get('HTTPStatusCode', 400)}",
        f"Request ID: {metadata.get('RequestId', 'null')}",
    ]
    if "HostId" in metadata:
        parts.append(f"Extended Request ID: {metadata['HostId']}")
    return f"{error.response['Error'].get('Message', '')} ({', '.join(parts)})"


def _optimized_cause(error: ClientError, code: str, service: str) -> str:
    metadata = error.response.get("ResponseMetadata", {})
    return (
        f"{error.response['Error'].get('Message', '')} (Service: {service}; "
        f"Status Code: {metadata.get('HTTPStatusCode', 400)}; Error Code: {code}; "
        f"Request ID: {metadata.get('RequestId', 'null')}; Proxy: null)"
    )
