"""The interpreter's way to AWS services: one `Integrations` over boto3 clients and a function invoker."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.stepfunctions.integrations.clients import ClientFactory, ServiceCaller, sdk_metadata
from localcloud.stepfunctions.integrations.containers import ContainerTasks
from localcloud.stepfunctions.integrations.failures import client_failure
from localcloud.stepfunctions.integrations.functions import FunctionInvoker, LambdaTasks
from localcloud.stepfunctions.integrations.resource import ServiceAction, parse_resource
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.task import Integrations, JsonValue, Later, TaskCall, TaskError, TaskOutcome
from localcloud.stepfunctions.timeline import Timeline

_OPTIMIZED = frozenset(
    (
        ("dynamodb", "getItem"),
        ("dynamodb", "putItem"),
        ("dynamodb", "updateItem"),
        ("dynamodb", "deleteItem"),
        ("sns", "publish"),
        ("sqs", "sendMessage"),
    )
)
"""The actions that need nothing beyond the call and its metadata."""


class AwsIntegrations(Integrations):
    """Every integration Step Functions has for the services a boto3 client can reach."""

    def __init__(self, functions: FunctionInvoker, clients: ClientFactory, timeline: Timeline) -> None:
        self._services = ServiceCaller(clients)
        self._functions = LambdaTasks(functions)
        self._containers = ContainerTasks(self._services, timeline)

    def call(self, call: TaskCall) -> JsonValue | TaskOutcome | Later:
        """See `Integrations.call`."""
        if ":function:" in call.resource:
            return self._functions.by_arn(call)
        action = parse_resource(call.resource)
        if action is None:
            raise _unknown(call.resource)
        if action.sdk:
            return self._services.call(action.service, action.action, call.arguments, sdk=True)
        return self._optimized(call, action)

    def read_object(self, bucket: str, key: str) -> bytes:
        """See `Integrations.read_object`."""
        answer = self._s3("GetObject", Bucket=bucket, Key=key)
        body: bytes = answer["Body"].read()
        return body

    def list_objects(self, bucket: str, prefix: str) -> list[dict[str, JsonValue]]:
        """See `Integrations.list_objects`."""
        objects: list[dict[str, JsonValue]] = []
        more: dict[str, str] = {}
        while True:
            page = self._s3("ListObjectsV2", Bucket=bucket, Prefix=prefix, **more)
            objects += [
                {
                    "Etag": item["ETag"],
                    "Key": item["Key"],
                    "LastModified": item["LastModified"].timestamp(),
                    "Size": item["Size"],
                    "StorageClass": item.get("StorageClass", "STANDARD"),
                }
                for item in page.get("Contents", [])
            ]
            if not page.get("IsTruncated"):
                return objects
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def write_object(self, bucket: str, key: str, body: bytes) -> None:
        """See `Integrations.write_object`."""
        self._s3("PutObject", Bucket=bucket, Key=key, Body=body)

    def _optimized(self, call: TaskCall, action: ServiceAction) -> JsonValue | TaskOutcome | Later:
        name = (action.service, action.action)
        if name == ("lambda", "invoke"):
            return self._functions.invoke(call)
        if name == ("ecs", "runTask"):
            return self._containers.run(call, action)
        if name == ("events", "putEvents"):
            return self._put_events(call)
        if name in _OPTIMIZED:
            result, metadata = self._services.call_with_metadata(*name, call.arguments, sdk=False)
            return {**result, **sdk_metadata(metadata)}
        raise _unknown(call.resource)

    def _put_events(self, call: TaskCall) -> JsonValue:
        """Entries that were not taken fail the state: nothing would tell otherwise."""
        result, metadata = self._services.call_with_metadata("events", "putEvents", call.arguments, sdk=False)
        if result.get("FailedEntryCount"):
            raise TaskError("EventBridge.FailedEntry", dumps(result))
        return {**result, **sdk_metadata(metadata)}

    def _s3(self, operation: str, **request: Any) -> dict[str, Any]:
        client = self._services.client("s3")
        model = client.meta.service_model
        try:
            answer: dict[str, Any] = getattr(client, _METHODS[operation])(**request)
        except (ClientError, BotoCoreError) as error:
            raise client_failure(error, "s3", model, model.operation_model(operation), sdk=True) from error
        return answer


_METHODS = {"GetObject": "get_object", "ListObjectsV2": "list_objects_v2", "PutObject": "put_object"}


def _unknown(resource: str) -> TaskError:
    return TaskError(
        "States.Runtime",
        f"The resource '{resource}' cannot be called here. Use a Lambda function, an optimized integration of "
        "lambda, sns, sqs, dynamodb, events, ecs or states, or arn:aws:states:::aws-sdk:service:action",
    )
