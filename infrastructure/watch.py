"""What is watched of every room alike: a dashboard for each desk, alarms on what is throttled or runs out of time,
a log group for each function: one that Lambda makes by itself keeps its lines for ever.

Written here once and not in nine places: the resources are made of what the room's file and its functions have. A
room that has a machine is a desk. An alarm goes where the machine's own alarm on ExecutionsFailed goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from infrastructure.room_file import RoomFile

_FUNCTION, _MACHINE = "AWS::Serverless::Function", "AWS::Serverless::StateMachine"
_WATCHED = {
    "ExecutionThrottled": "Throttled",
    "ExecutionsTimedOut": "TimedOut",
}
"""Metric of AWS/States -> end of the alarm's logical id."""
_WORDS = {
    "ExecutionThrottled": "Executions are throttled: more state transitions than the account may make.",
    "ExecutionsTimedOut": "An execution ran out of time.",
}
_RUNS = (
    "ExecutionsStarted",
    "ExecutionsSucceeded",
    "ExecutionsFailed",
    "ExecutionsTimedOut",
    "ExecutionsAborted",
)
_WIDTH, _HEIGHT, _COLUMNS = 12, 6, 2
BUSINESS_METRICS: dict[str, tuple[str, ...]] = {
    "campaigns": ("CampaignsReported",),
    "fleet": ("VehiclesActivated",),
    "opportunities": ("BytesScanned",),
    "retail": ("RowsKept", "RowsQuarantined"),
    "tickets": ("Confidence",),
}
"""Room -> what its functions measure with `chalicelib.core.metrics`."""


def watched(template: dict[str, Any], rooms: Iterable[RoomFile]) -> dict[str, Any]:
    """Return the resources to be added to ``template``."""
    resources = template["Resources"]
    added = _log_groups(resources)
    for room in rooms:
        own = room.sections.get("Resources", {})
        machines = [name for name in own if resources[name]["Type"] == _MACHINE]
        if not machines:
            continue
        for machine in machines:
            added |= _alarms(resources, machine)
        added[f"{room.path.stem.capitalize()}Dashboard"] = _dashboard(resources, room.path.stem, machines, own)
    return added


def _log_groups(resources: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{name}FunctionLogs": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {
                "LogGroupName": {"Fn::Sub": f"/aws/lambda/${{{name}}}"},
                "RetentionInDays": {"Ref": "FunctionLogRetentionDays"},
            },
        }
        for name, resource in resources.items()
        if resource["Type"] == _FUNCTION
    }


def _alarms(resources: dict[str, Any], machine: str) -> dict[str, Any]:
    """Return the alarms on a machine that its room does not have itself."""
    own = {
        resource["Properties"]["MetricName"]: resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
        and resource["Properties"].get("Dimensions") == [{"Name": "StateMachineArn", "Value": {"Ref": machine}}]
    }
    failed = own.get("ExecutionsFailed")
    if failed is None:  # infrastructure.safety says so
        return {}
    return {
        f"{machine}{ending}Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": failed
            | {"MetricName": metric, "AlarmDescription": _WORDS[metric], "Period": 300, "Threshold": 0},
        }
        for metric, ending in _WATCHED.items()
        if metric not in own
    }


def _dashboard(resources: dict[str, Any], room: str, machines: list[str], own: dict[str, Any]) -> dict[str, Any]:
    widgets = _widgets(resources, room, machines, own)
    for number, widget in enumerate(widgets):
        widget["x"], widget["y"] = number % _COLUMNS * _WIDTH, number // _COLUMNS * _HEIGHT
    return {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {
            "DashboardName": {"Fn::Sub": f"signalbox-${{Stage}}-{room}"},
            "DashboardBody": {"Fn::Sub": json.dumps({"widgets": widgets})},
        },
    }


def _widgets(
    resources: dict[str, Any], room: str, machines: list[str], own: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return a desk's charts: its machines, its functions, its queues, its own figures."""
    functions = [
        name
        for name, resource in resources.items()
        if resource["Type"] == _FUNCTION
        and str(resource["Properties"]["Handler"]).startswith(f"chalicelib.{room}.")
    ]
    queues = [name for name in own if resources[name]["Type"] == "AWS::SQS::Queue"]
    throttled = [_of_machine("ExecutionThrottled", one) for one in machines]
    throttled += [_of_function("Throttles", one) for one in functions]
    widgets = [_widget(f"{one}: executions", [_of_machine(metric, one) for metric in _RUNS]) for one in machines]
    widgets += [
        _widget(
            "How long executions take (ms, p95)", [_of_machine("ExecutionTime", one) for one in machines], "p95"
        ),
        _widget("Errors of functions", [_of_function("Errors", one) for one in functions]),
        _widget("How long functions take (ms, p95)", [_of_function("Duration", one) for one in functions], "p95"),
        _widget("Throttled", throttled),
    ]
    if queues:
        depth = "ApproximateNumberOfMessagesVisible"
        waiting = [["AWS/SQS", depth, "QueueName", f"${{{one}.QueueName}}"] for one in queues]
        widgets.append(_widget("Messages waiting", waiting, "Maximum"))
    if measured := BUSINESS_METRICS.get(room):
        figures = [["Signalbox", name, "service", room] for name in measured]
        widgets.append(_widget("The desk's own figures", figures, "Average"))
    return widgets


def _of_machine(metric: str, machine: str) -> list[str]:
    return ["AWS/States", metric, "StateMachineArn", f"${{{machine}}}"]


def _of_function(metric: str, function: str) -> list[str]:
    return ["AWS/Lambda", metric, "FunctionName", f"${{{function}}}"]


def _widget(title: str, metrics: list[list[str]], stat: str = "Sum") -> dict[str, Any]:
    properties = {"title": title, "metrics": metrics, "stat": stat, "period": 300, "region": "${AWS::Region}"}
    return {
        "type": "metric",
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": properties | {"view": "timeSeries"},
    }
