"""One call of one API operation through boto3, in Step Functions' names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from localcloud.stepfunctions.integrations.failures import client_failure
from localcloud.stepfunctions.integrations.names import boto_service
from localcloud.stepfunctions.integrations.shapes import to_request, to_result
from localcloud.stepfunctions.task import JsonValue, TaskError

ClientFactory = Callable[[str], Any]
"""boto3's client for a service, e.g. "dynamodb"; called for every task, so it should keep what it makes."""


class ServiceCaller:
    """Calls any action of any service botocore knows."""

    def __init__(self, clients: ClientFactory) -> None:
        self._clients = clients
        self._session = Session()
        self._services: dict[str, str | None] = {}

    def client(self, service: str) -> Any:
        """The client of a service as ASL names it. Raises TaskError States.Runtime for an unknown service."""
        if service not in self._services:
            self._services[service] = boto_service(service, self._session.get_available_services())
        name = self._services[service]
        if name is None:
            raise TaskError("States.Runtime", f"The service '{service}' is not known to the AWS SDK")
        return self._clients(name)

    def call(self, service: str, action: str, arguments: JsonValue, *, sdk: bool) -> dict[str, JsonValue]:
        """Call `action` ("getObject") and return its result. Raises TaskError."""
        result, _metadata = self.call_with_metadata(service, action, arguments, sdk=sdk)
        return result

    def call_with_metadata(
        self, service: str, action: str, arguments: JsonValue, *, sdk: bool
    ) -> tuple[dict[str, JsonValue], dict[str, Any]]:
        """Call `action`; returns its result and boto3's ResponseMetadata. Raises TaskError."""
        client = self.client(service)
        model = client.meta.service_model
        name = operation_name(model, action)
        if name is None:
            raise TaskError("States.Runtime", f"The service '{service}' has no action '{action}'")
        operation = model.operation_model(name)
        request = to_request(operation.input_shape, arguments)
        try:
            response = getattr(client, xform_name(name))(**request)
        except (ClientError, BotoCoreError) as error:
            raise client_failure(error, service, model, operation, sdk=sdk) from error
        return to_result(operation.output_shape, response, sdk=sdk), response.get("ResponseMetadata", {})


def operation_name(model: Any, action: str) -> str | None:
    """The API's name of an action: "getObject" is GetObject; upper and lower case do not tell actions apart."""
    wanted = action.lower()
    return next((name for name in model.operation_names if name.lower() == wanted), None)


def sdk_metadata(metadata: dict[str, Any]) -> dict[str, JsonValue]:
    """The two fields about the HTTP answer that optimized integrations add to their results."""
    headers = {str(name): str(value) for name, value in metadata.get("HTTPHeaders", {}).items()}
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": metadata.get("HTTPStatusCode", 200),
        },
        "SdkResponseMetadata": {"RequestId": metadata.get("RequestId", "")},
    }
