"""One payload to one target, whatever kind the target is, with retries and a dead-letter queue."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localcloud.functions import InvokeError
from localcloud.stepfunctions import Timeline
from localcloud.triggers.async_invoke import AsyncInvoker

_log = logging.getLogger(__name__)

_FIRST_RETRY_SECONDS = 1.0
_LONGEST_RETRY_SECONDS = 600.0
_PERMANENT = ("DoesNotExist", "NotFound", "NonExistentQueue", "Validation", "Invalid", "AccessDenied")
"""Parts of error codes that no retry mends."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to."""

    arn: str
    parameters: dict[str, Any] = field(default_factory=dict)
    """SqsParameters, EcsParameters, ... as the rule or schedule has them."""
    dead_letter_arn: str | None = None
    max_retries: int = 185
    max_age_seconds: float = 86_400.0


class UndeliverableError(Exception):
    """A target cannot take the payload; `code` is AWS's error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Delivery:
    """Delivers to functions, queues, topics, state machines, buses, log groups, containers and any API."""

    def __init__(
        self,
        timeline: Timeline,
        client: Callable[[str], Any],
        invoker: AsyncInvoker,
        start_execution: Callable[[str, str, str], None],
    ) -> None:
        self._timeline = timeline
        self._client = client
        self._invoker = invoker
        self._start_execution = start_execution

    def send(self, target: Target, payload: Any) -> None:
        """Deliver in the background."""
        self._attempt(target, payload, 0, self._timeline.now())

    def _attempt(self, target: Target, payload: Any, attempt: int, first: float) -> None:
        def done(result: BaseException | None) -> None:
            if isinstance(result, BaseException):
                self._failed(target, payload, attempt, first, result)

        self._timeline.submit(lambda: self._deliver(target, payload), done)

    def _failed(self, target: Target, payload: Any, attempt: int, first: float, error: BaseException) -> None:
        code, message = _code_of(error), str(error)
        wait = min(_FIRST_RETRY_SECONDS * 2**attempt, _LONGEST_RETRY_SECONDS)
        in_time = self._timeline.now() + wait - first <= target.max_age_seconds
        if attempt < target.max_retries and in_time and not any(part in code for part in _PERMANENT):
            self._timeline.call_after(wait, lambda: self._attempt(target, payload, attempt + 1, first))
            return
        if target.dead_letter_arn is None:
            _log.error("%s did not take an event and has no dead-letter queue: %s: %s", target.arn, code, message)
            return
        attributes = {"ERROR_CODE": code, "ERROR_MESSAGE": message[:250], "TARGET_ARN": target.arn}
        self.set_aside(target.dead_letter_arn, payload, attributes)

    def set_aside(self, queue_arn: str, payload: Any, attributes: dict[str, str]) -> None:
        """Put what nobody took into a dead-letter queue; one that does not take it either is in the log."""
        self._timeline.submit(lambda: self.to_queue(queue_arn, payload, attributes=attributes), _raise)

    def _deliver(self, target: Target, payload: Any) -> None:
        arn, text = target.arn, json.dumps(payload, ensure_ascii=False)
        service = arn.split(":")[2]
        if service == "lambda":
            self._invoker.send(arn, text)
        elif service == "sqs":
            self.to_queue(arn, payload, group=target.parameters.get("SqsParameters", {}).get("MessageGroupId"))
        elif service == "sns":
            message = payload if isinstance(payload, str) else text
            self._client("sns").publish(TopicArn=arn, Message=message)
        elif service == "states":
            self._start_execution(arn, text, str(uuid.uuid4()))
        elif service == "events":
            self._to_bus(arn, payload)
        elif service == "logs":
            self._to_log(arn, text)
        elif service == "ecs":
            self._run_task(arn, target.parameters.get("EcsParameters", {}), payload)
        elif service == "scheduler":
            self._call_api(arn, payload)
        else:
            raise UndeliverableError("InvalidTarget", f"{arn}: targets of {service} are not delivered to locally")

    def to_queue(
        self, arn: str, payload: Any, *, group: str | None = None, attributes: dict[str, str] | None = None
    ) -> None:
        """Send one message to a queue by ARN."""
        name = arn.split(":")[-1]
        sqs = self._client("sqs")
        body = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
        more: dict[str, Any] = {}
        if name.endswith(".fifo"):
            more = {"MessageGroupId": group or "default", "MessageDeduplicationId": str(uuid.uuid4())}
        sqs.send_message(
            QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"],
            MessageBody=body,
            MessageAttributes={
                key: {"DataType": "String", "StringValue": value or "-"}
                for key, value in (attributes or {}).items()
            },
            **more,
        )

    def _to_bus(self, arn: str, event: dict[str, Any]) -> None:
        entry = {
            "Source": event["source"],
            "DetailType": event["detail-type"],
            "Detail": json.dumps(event["detail"]),
            "EventBusName": arn.split("/")[-1],
        }
        self._client("events").put_events(Entries=[entry])

    def _to_log(self, arn: str, text: str) -> None:
        group = arn.split(":log-group:")[1].removesuffix(":*")
        stream = str(uuid.uuid4())
        logs = self._client("logs")
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        event = {"timestamp": int(self._timeline.now() * 1000), "message": text}
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])

    def _run_task(self, cluster_arn: str, parameters: dict[str, Any], payload: Any) -> None:
        request = {
            "cluster": cluster_arn,
            "taskDefinition": parameters["TaskDefinitionArn"],
            "count": int(parameters.get("TaskCount", 1)),
            "launchType": parameters.get("LaunchType", "FARGATE"),
        }
        if isinstance(payload, dict) and "containerOverrides" in payload:
            request["overrides"] = payload
        self._client("ecs").run_task(**request)

    def _call_api(self, arn: str, payload: dict[str, Any]) -> None:
        """Call what a universal target names: arn:aws:scheduler:::aws-sdk:sfn:startExecution."""
        service, action = arn.split(":aws-sdk:")[1].split(":")
        name = {"sfn": "stepfunctions", "eventbridge": "events"}.get(service, service)
        method = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", action).lower()
        getattr(self._client(name), method)(**_api_spelling(self._client(name), method, payload))


def _api_spelling(client: Any, method: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Return parameters as the API spells them; a universal target writes all of them with a capital."""
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
    names = {name.lower(): name for name in shape.members} if shape is not None else {}
    return {names.get(key.lower(), key): value for key, value in payload.items()}


def _code_of(error: BaseException) -> str:
    if isinstance(error, UndeliverableError | InvokeError):
        return error.code
    response = getattr(error, "response", None)  # a botocore ClientError
    if isinstance(response, dict):
        return str(response.get("Error", {}).get("Code", "Unknown"))
    return type(error).__name__


def _raise(result: BaseException | None) -> None:
    if isinstance(result, BaseException):
        raise result
