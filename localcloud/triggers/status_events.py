"""Step Functions Execution Status Change, as EventBridge has it:
https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html."""

from __future__ import annotations

from typing import Any

from localcloud.stepfunctions.execution import Execution

SOURCE = "aws.states"
DETAIL_TYPE = "Step Functions Execution Status Change"
_LARGEST_BYTES = 248 * 1024
"""A larger input or output is left out of the event, and `included` says so."""


def status_detail(execution: Execution) -> dict[str, Any]:
    """Return the event's detail for an execution of the engine; times in milliseconds."""
    detail: dict[str, Any] = {
        "executionArn": execution.arn,
        "stateMachineArn": execution.state_machine_arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": _milliseconds(execution.started_at),
        "stopDate": _milliseconds(execution.stopped_at),
        "input": None,
        "output": None,
        "inputDetails": {"included": False},
        "outputDetails": None,
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": execution.redrive_count,
        "error": execution.error,
        "cause": execution.cause,
    }
    for name, text in (("input", execution.input_text), ("output", execution.output_text)):
        if text is not None:
            fits = len(text.encode()) <= _LARGEST_BYTES
            detail[name] = text if fits else None
            detail[f"{name}Details"] = {"included": fits}
    return detail


def _milliseconds(moment: float | None) -> int | None:
    return None if moment is None else int(moment * 1000)
