"""What a template must have so that nothing fails unseen: dead letters, rights, logs, traces and alarms.

cfn-lint knows what CloudFormation accepts; these are the house's own rules. Each finding names its resource.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Template = dict[str, Any]

_EVERYBODY = ("logs:", "xray:")
NEEDS_NO_RIGHTS = {
    "ActivateVideoRecording": "it speaks with the video platform, over HTTP, and with nothing of AWS"
}
"""Function -> why it has no right beyond logs and traces."""
_NO_DESTINATION_WITHOUT_RETRIES = (
    "EventInvokeConfig with a DestinationConfig.OnFailure, or MaximumRetryAttempts: 0"
)


def unsafe(template: Template) -> Iterator[str]:
    """Yield one line a rule that a resource of the SAM template breaks."""
    for rule in (_queues, _functions, _rights, _logs, _rules_and_schedules, _machines):
        yield from rule(template)


def _of_type(template: Template, *kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] in kinds:
            yield logical_id, resource.get("Properties", {})


def _queues(template: Template) -> Iterator[str]:
    """A queue has dead letters, or is a queue of dead letters and has an alarm on its depth."""
    dead = set(_dead_letter_queues(template))
    queues = dict(_of_type(template, "AWS::SQS::Queue"))
    for name in sorted(dead - queues.keys()):
        yield f"{name}: failed messages are sent to this queue, which is not in the template"
    for name, properties in queues.items():
        if name in dead:
            if not _alarmed(template, "ApproximateNumberOfMessagesVisible", name):
                yield f"{name}: no alarm on ApproximateNumberOfMessagesVisible of this queue of dead letters"
        elif "deadLetterTargetArn" not in properties.get("RedrivePolicy", {}):
            yield f"{name}: no dead-letter queue (RedrivePolicy)"


def _dead_letter_queues(template: Template) -> Iterator[str]:
    """Yield the logical ids of the queues to which something sends what it failed at."""
    for found in _values(
        template["Resources"], ("deadLetterTargetArn", "DeadLetterConfig", "OnFailure", "ErrorAction")
    ):
        yield from _attributes(found)


def _functions(template: Template) -> Iterator[str]:
    """A function that events call keeps those that failed, on the way to it and inside it."""
    for name, properties in _of_type(template, "AWS::Serverless::Function"):
        for event_id, event in properties.get("Events", {}).items():
            if event["Type"] not in ("CloudWatchEvent", "EventBridgeRule", "Schedule", "ScheduleV2"):
                continue
            invoking = properties.get("EventInvokeConfig", {})
            scheduled = event["Type"].startswith("Schedule") and invoking.get("MaximumRetryAttempts") == 0
            if "OnFailure" not in invoking.get("DestinationConfig", {}) and not scheduled:
                yield f"{name}: called asynchronously by {event_id}, without {_NO_DESTINATION_WITHOUT_RETRIES}"
            if event["Type"] != "Schedule" and "DeadLetterConfig" not in event["Properties"]:
                yield f"{name}: {event_id} has no DeadLetterConfig"


def _rights(template: Template) -> Iterator[str]:
    """A function may do something, or it is known why it may not."""
    resources = template["Resources"]
    for name, properties in _of_type(template, "AWS::Serverless::Function"):
        role = next(_attributes(properties.get("Role")), None)
        policies = resources.get(role, {}).get("Properties", {}).get("Policies", []) if role else []
        actions = [
            action
            for policy in policies
            for statement in policy["PolicyDocument"]["Statement"]
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        ]
        if all(action.startswith(_EVERYBODY) for action in actions) and name not in NEEDS_NO_RIGHTS:
            yield f"{name}: its policy allows nothing beyond logs and traces (Rights in its room's file)"


def _logs(template: Template) -> Iterator[str]:
    """What is logged is forgotten after some days; a log group that Lambda makes by itself keeps it for ever."""
    groups = dict(_of_type(template, "AWS::Logs::LogGroup"))
    names = [group["LogGroupName"].get("Fn::Sub") for group in groups.values()]
    for name, _ in _of_type(template, "AWS::Serverless::Function"):
        if f"/aws/lambda/${{{name}}}" not in names:
            yield f"{name}: no log group of its own that forgets"
    for name, group in groups.items():
        if "RetentionInDays" not in group:
            yield f"{name}: it keeps its lines for ever (RetentionInDays)"


def _rules_and_schedules(template: Template) -> Iterator[str]:
    """A rule or schedule keeps what it could not deliver."""
    for name, properties in _of_type(template, "AWS::Events::Rule"):
        for target in properties.get("Targets", []):
            if "DeadLetterConfig" not in target:
                yield f"{name}: its target {target['Id']} has no DeadLetterConfig"
    for name, properties in _of_type(template, "AWS::Scheduler::Schedule"):
        if "DeadLetterConfig" not in properties["Target"]:
            yield f"{name}: its target has no DeadLetterConfig"
    for name, properties in _of_type(template, "AWS::IoT::TopicRule"):
        if "ErrorAction" not in properties["TopicRulePayload"]:
            yield f"{name}: it has no ErrorAction"


def _machines(template: Template) -> Iterator[str]:
    """A machine logs, is traced, and somebody hears of its failures."""
    for name, properties in _of_type(template, "AWS::Serverless::StateMachine"):
        if not properties.get("Logging", {}).get("Destinations"):
            yield f"{name}: its executions are not logged (Logging)"
        if properties.get("Tracing", {}).get("Enabled") is not True:
            yield f"{name}: it is not traced (Tracing)"
        if not _alarmed(template, "ExecutionsFailed", name):
            yield f"{name}: no alarm on ExecutionsFailed"
    for name, properties in _of_type(template, "AWS::CloudWatch::Alarm"):
        if not properties.get("AlarmActions"):
            yield f"{name}: an alarm nobody is told of (AlarmActions)"


def _alarmed(template: Template, metric: str, name: str) -> bool:
    def watches(properties: dict[str, Any]) -> bool:
        return properties.get("MetricName") == metric and name in json.dumps(properties.get("Dimensions"))

    return any(watches(properties) for _, properties in _of_type(template, "AWS::CloudWatch::Alarm"))


def _values(value: Any, keys: tuple[str, ...]) -> Iterator[Any]:
    """Yield what stands under any of ``keys``, at any depth."""
    for key, inner in _pairs(value):
        if key in keys:
            yield inner
        else:
            yield from _values(inner, keys)


def _attributes(value: Any) -> Iterator[str]:
    """Yield the logical ids whose attributes stand in ``value``."""
    for key, inner in _pairs(value):
        if key == "RoleArn":
            continue
        if key == "Fn::GetAtt":
            yield inner[0] if isinstance(inner, list) else inner.partition(".")[0]
        else:
            yield from _attributes(inner)


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        for inner in value:
            yield "", inner
