"""Every desk has its dashboard, every machine its alarms, and a dashboard shows only what something writes."""

from __future__ import annotations

import ast
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infrastructure.build import build_template
from infrastructure.watch import BUSINESS_METRICS

ROOT = Path(__file__).resolve().parents[3]
DESKS = {"campaigns", "fleet", "opportunities", "retail", "tickets"}
NAMESPACES = {"AWS/States", "AWS/Lambda", "AWS/SQS", "Signalbox"}


@functools.cache
def resources() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = build_template(ROOT, "prod")["Resources"]
    return found


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: one["Properties"] for name, one in resources().items() if one["Type"] == kind}


def metrics(dashboard: dict[str, Any]) -> Iterator[list[str]]:
    for widget in json.loads(dashboard["DashboardBody"]["Fn::Sub"])["widgets"]:
        yield from widget["properties"]["metrics"]


def measured_in(room: str) -> set[tuple[str, str]]:
    """(room, metric) of each `measured` call below the room."""
    found = set()
    texts = [path.read_text() for path in (ROOT / "chalicelib" / room).rglob("*.py")]
    for text in texts:
        if "from chalicelib.core.metrics import measured" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "measured":
                named, metric = node.args[:2]
                assert isinstance(named, ast.Constant)
                assert isinstance(metric, ast.Constant)
                found.add((str(named.value), str(metric.value)))
    return found


def test_every_desk_has_a_dashboard() -> None:
    names = {one["DashboardName"]["Fn::Sub"] for one in of_type("AWS::CloudWatch::Dashboard").values()}
    assert names == {f"signalbox-${{Stage}}-{desk}" for desk in DESKS}


def test_every_machine_function_and_queue_of_a_desk_is_on_a_dashboard() -> None:
    shown = {
        name[2:-1].partition(".")[0]
        for dashboard in of_type("AWS::CloudWatch::Dashboard").values()
        for metric in metrics(dashboard)
        for name in metric[3:]
    }
    assert of_type("AWS::Serverless::StateMachine").keys() <= shown
    of_desks = {
        name
        for name, one in of_type("AWS::Serverless::Function").items()
        if str(one["Handler"]).split(".")[1] in DESKS
    }
    assert of_desks
    assert of_desks <= shown


def test_what_a_dashboard_names_is_in_the_template() -> None:
    for dashboard in of_type("AWS::CloudWatch::Dashboard").values():
        for namespace, _, dimension, value in metrics(dashboard):
            assert namespace in NAMESPACES
            if dimension != "service":
                assert value[2:-1].partition(".")[0] in resources(), value


def test_a_dashboard_shows_what_the_rooms_code_measures_and_nothing_else() -> None:
    for room in DESKS:
        assert {(room, name) for name in BUSINESS_METRICS[room]} == measured_in(room)


def test_every_machine_has_alarms_for_failures_throttles_and_time() -> None:
    watched = {
        (one["Dimensions"][0]["Value"]["Ref"], one["MetricName"])
        for one in of_type("AWS::CloudWatch::Alarm").values()
        if one.get("Namespace") == "AWS/States"
    }
    for machine in of_type("AWS::Serverless::StateMachine"):
        for metric in ("ExecutionsFailed", "ExecutionThrottled", "ExecutionsTimedOut"):
            assert (machine, metric) in watched


def test_alarms_of_one_machine_go_where_its_failures_go() -> None:
    alarms = of_type("AWS::CloudWatch::Alarm")
    assert (
        alarms["CampaignExecutionThrottledAlarm"]["AlarmActions"]
        == (alarms["CampaignExecutionsFailedAlarm"]["AlarmActions"])
    )
