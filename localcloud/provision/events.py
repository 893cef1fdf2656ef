"""Event buses, rules and schedules."""

from __future__ import annotations

import json
from typing import Any

from localcloud.intrinsics import Created
from localcloud.provision.site import Site

_RULE_KEYS = ("ScheduleExpression", "State", "Description", "RoleArn", "EventBusName")
_SCHEDULE_KEYS = (
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "GroupName",
    "Description",
    "State",
    "StartDate",
    "EndDate",
    "FlexibleTimeWindow",
)


def bus(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Events::EventBus."""
    name = site.name(logical_id, properties, "Name")
    arn = site.client("events").create_event_bus(Name=name)["EventBusArn"]
    return Created(name, {"Arn": arn, "Name": name})


def rule(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Events::Rule with its targets."""
    name = site.name(logical_id, properties, "Name")
    request = {key: properties[key] for key in _RULE_KEYS if key in properties}
    if pattern := properties.get("EventPattern"):
        request["EventPattern"] = json.dumps(pattern)
    events = site.client("events")
    arn = events.put_rule(Name=name, **request)["RuleArn"]
    if targets := properties.get("Targets"):
        on_bus = {"EventBusName": properties["EventBusName"]} if "EventBusName" in properties else {}
        events.put_targets(Rule=name, Targets=targets, **on_bus)
    return Created(name, {"Arn": arn})


def schedule_group(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Scheduler::ScheduleGroup."""
    name = site.name(logical_id, properties, "Name")
    return Created(name, {"Arn": site.client("scheduler").create_schedule_group(Name=name)["ScheduleGroupArn"]})


def schedule(site: Site, logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Scheduler::Schedule."""
    name = site.name(logical_id, properties, "Name")
    request = {key: properties[key] for key in _SCHEDULE_KEYS if key in properties}
    request.setdefault("FlexibleTimeWindow", {"Mode": "OFF"})
    arn = site.client("scheduler").create_schedule(Name=name, Target=properties["Target"], **request)[
        "ScheduleArn"
    ]
    return Created(name, {"Arn": arn})


CREATORS = {
    "AWS::Events::EventBus": bus,
    "AWS::Events::Rule": rule,
    "AWS::Scheduler::ScheduleGroup": schedule_group,
    "AWS::Scheduler::Schedule": schedule,
}
