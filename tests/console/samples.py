"""Small workflows that show what a run can look like."""

from __future__ import annotations

import json
from typing import Any

from localcloud.project import LocalProject

ITEMS = 1_300
"""Each makes four events: more than 5,000."""
RUNS = 1_000
SLOW_SECONDS = 600
"""How long an order waits whose running is looked at: longer than the busiest machine takes to show it."""
HOSTILE = "<img src=x onerror='hacked=1'><script>hacked=1</script>"
"""What would become an element if a page took text for markup."""
_INVOKE = "arn:aws:states:::lambda:invoke"
_PASS: dict[str, Any] = {"Type": "Pass", "End": True}


def run_samples(project: LocalProject) -> None:
    """Deploy them; run one a thousand times, and one with more than 5,000 events."""
    engine = project.cloud.engine
    function = next(one.arn for one in project.cloud.functions if one.logical_id == "ValidateInput")
    arns = {
        name: engine.create_state_machine(name, definition, role_arn="").arn
        for name, definition in _samples(function).items()
    }
    for number in range(RUNS):
        engine.start_execution(arns["sample-many"], "{}", f"run-{number:04}")
    engine.start_execution(arns["sample-long"], json.dumps({"items": list(range(ITEMS))}), "long")


def _order(branches: list[dict[str, Any]]) -> dict[str, Any]:
    paid = {"Variable": "$.order.paid", "BooleanEquals": True, "Next": "Ship"}
    read = {"Type": "Pass", "Result": {"paid": True}, "ResultPath": "$.order", "Next": "Prepare"}
    return {
        "Comment": "Takes an order.",
        "StartAt": "ReadOrder",
        "States": {
            "ReadOrder": read,
            "Prepare": {"Type": "Parallel", "Branches": branches, "ResultPath": None, "Next": "IsPaid"},
            "IsPaid": {"Type": "Choice", "Choices": [paid], "Default": "Refuse"},
            "Ship": _PASS,
            "Refuse": {"Type": "Fail", "Error": "NotPaid"},
        },
    }


def _samples(validate_input: str) -> dict[str, dict[str, Any]]:
    """Return definitions by name; ``validate_input`` is a function that refuses an empty ticket."""

    def left(seconds: int) -> dict[str, Any]:
        wait = {"Type": "Wait", "Seconds": seconds, "End": True}
        return {"StartAt": "CountStock", "States": {"CountStock": wait}}

    right = {"StartAt": "AskPrice", "States": {"AskPrice": _PASS}}
    payload = {"input": {}, "executionArn.$": "$$.Execution.Id"}
    check = {
        "Type": "Task",
        "Resource": _INVOKE,
        "Parameters": {"FunctionName": validate_input, "Payload": payload},
        "End": True,
    }
    each = {"StartAt": "Take", "States": {"Take": _PASS}}
    many = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": each, "End": True}
    return {
        "sample-order": _order([left(2), right]),
        "sample-slow-order": _order([left(SLOW_SECONDS), right]),
        "sample-broken": {"StartAt": "CheckTicket", "States": {"CheckTicket": check}},
        "sample-many": {"StartAt": "Nothing", "States": {"Nothing": _PASS}},
        "sample-long": {"StartAt": "EachItem", "States": {"EachItem": many}},
        "sample-quiet": {"StartAt": "Nothing", "States": {"Nothing": _PASS}},
        "sample-hostile": {
            "Comment": HOSTILE,
            "StartAt": "Say",
            "States": {
                "Say": {"Type": "Pass", "Result": {"toString": HOSTILE, "__proto__": 1}, "Next": HOSTILE[:60]},
                HOSTILE[:60]: {"Type": "Fail", "Error": HOSTILE, "Cause": HOSTILE + "z" * 3_000},
            },
        },
        "sample-waiting": {
            "StartAt": "Wait",
            "States": {"Wait": {"Type": "Wait", "Seconds": 86_400, "End": True}},
        },
    }
