"""A task of a state machine in IAM's words: what the machine's role needs for it.

Source: the policies that Step Functions' developer guide gives for each optimized integration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from localcloud.rights.requests import Call
from localcloud.stepfunctions import Integrations, TaskCall
from localcloud.stepfunctions.integrations.resource import parse_resource
from localcloud.stepfunctions.task import JsonValue, Later, TaskOutcome

_RULES = {
    "ecs": "StepFunctionsGetEventsForECSTaskRule",
    "states": "StepFunctionsGetEventsForStepFunctionsExecutionRule",
}
"""Step Functions' own rules, by which it learns of the end of what it waits for (.sync)."""


_NAMES = {
    "lambda": "FunctionName",
    "dynamodb": "TableName",
    "sns": "TopicArn",
    "sqs": "QueueUrl",
    "states": "StateMachineArn",
    "ecs": "TaskDefinition",
}
"""Service -> the argument that names what is called."""


def task_calls(
    machine: str, resource: str, arguments: Any, region: str, account_id: str, roles: dict[str, list[str]]
) -> Iterator[Call]:
    """Yield the calls of one task.

    Args:
        machine: its ARN.
        resource: the state's Resource.
        arguments: what it sends; nothing can be said of a definition's that names its target by its input.
        region: the machine's.
        account_id: the machine's.
        roles: task definition's ARN -> the roles it hands to ECS.
    """
    place = f"{region}:{account_id}"
    if ":function:" in resource:
        yield "lambda:InvokeFunction", resource
        return
    if arguments.get("StateMachineArn.$") == "$$.StateMachine.Id":
        arguments = {"StateMachineArn": machine}
    action = parse_resource(resource)
    if action is None or _NAMES.get(action.service) not in arguments:
        return
    waits = action.pattern.startswith("sync")
    if action.service == "lambda":
        yield "lambda:InvokeFunction", arguments["FunctionName"]
    elif action.service == "dynamodb":
        name = action.action[:1].upper() + action.action[1:]
        yield f"dynamodb:{name}", f"arn:aws:dynamodb:{place}:table/{arguments['TableName']}"
    elif action.service == "sns":
        yield "sns:Publish", arguments["TopicArn"]
    elif action.service == "sqs":
        yield "sqs:SendMessage", f"arn:aws:sqs:{place}:{arguments['QueueUrl'].rpartition('/')[2]}"
    elif action.service == "states":
        machine = arguments["StateMachineArn"]
        yield "states:StartExecution", machine
        if waits:
            execution = machine.replace(":stateMachine:", ":execution:") + ":*"
            yield "states:DescribeExecution", execution
            yield "states:StopExecution", execution
    elif action.service == "ecs":
        yield "ecs:RunTask", arguments["TaskDefinition"]
        for role in roles.get(arguments["TaskDefinition"], []):
            yield "iam:PassRole", role
        if waits:
            task = f"arn:aws:ecs:{place}:task/{arguments['Cluster'].rpartition('/')[2]}/*"
            yield "ecs:DescribeTasks", task
            yield "ecs:StopTask", task
    if waits and action.service in _RULES:
        for verb in ("PutTargets", "PutRule", "DescribeRule"):
            yield f"events:{verb}", f"arn:aws:events:{place}:rule/{_RULES[action.service]}"


class WatchedIntegrations(Integrations):
    """Tells of each task's call before it is made."""

    def __init__(self, inner: Integrations, seen: Callable[[TaskCall], None]) -> None:
        self._inner = inner
        self._seen = seen

    def call(self, call: TaskCall) -> JsonValue | TaskOutcome | Later:
        """See `Integrations.call`."""
        self._seen(call)
        return self._inner.call(call)

    def read_object(self, bucket: str, key: str) -> bytes:
        """See `Integrations.read_object`."""
        return self._inner.read_object(bucket, key)

    def list_objects(self, bucket: str, prefix: str) -> list[dict[str, JsonValue]]:
        """See `Integrations.list_objects`."""
        return self._inner.list_objects(bucket, prefix)

    def write_object(self, bucket: str, key: str, body: bytes) -> None:
        """See `Integrations.write_object`."""
        self._inner.write_object(bucket, key, body)
