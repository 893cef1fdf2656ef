"""The context object: what `$$` and `$states.context` show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.stepfunctions.clock_text import format_time
from localcloud.stepfunctions.task import JsonValue

if TYPE_CHECKING:
    from localcloud.stepfunctions.frame import Frame


def context_object(frame: Frame) -> JsonValue:
    """The context object at this point of a run, its parts in AWS's order."""
    execution = frame.execution
    about: JsonValue = {
        "Id": execution.arn,
        "Input": execution.input,
        "StartTime": format_time(execution.started_at),
        "Name": execution.name,
        "RoleArn": execution.role_arn,
        "RedriveCount": execution.redrive_count,
    }
    if execution.redriven_at is not None:
        about["RedriveTime"] = format_time(execution.redriven_at)
    context: JsonValue = {
        "Execution": about,
        "StateMachine": {"Id": execution.state_machine_arn, "Name": execution.state_machine_name},
        "State": {"Name": frame.state.name, "EnteredTime": format_time(frame.entered_at)},
    }
    if frame.state.counts_retries:
        context["State"]["RetryCount"] = frame.retry_count
    if frame.task_token is not None:
        context["Task"] = {"Token": frame.task_token}
    if frame.map_item is not None:
        context["Map"] = {"Item": frame.map_item}
    given = execution.given_context
    return context if given is None else _laid_over(context, given)


def _laid_over(context: JsonValue, given: dict[str, JsonValue]) -> JsonValue:
    """The context with the given fields instead of its own."""
    sections = {
        name: context.get(name, {}) | part if isinstance(part, dict) else part for name, part in given.items()
    }
    return {**context, **sections}
