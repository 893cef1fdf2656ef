"""What is deployed holds what .checkov.yaml promises, and the runbook knows every alarm and every failure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from infrastructure.build import ALIAS, build_template
from infrastructure.errors import BuildError
from infrastructure.stage_file import StageFile, check_parameters, read_stage_file
from tests.house.sources import ROOT
from tests.house.test_machines import DEFINITIONS, states, template

OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
ASYNCHRONOUS = ("CloudWatchEvent", "Schedule", "EventBridgeRule", "S3", "SNS")


def resources(kind: str) -> dict[str, dict[str, Any]]:
    return {key: one["Properties"] for key, one in template()["Resources"].items() if one["Type"] == kind}


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the runbook's tables."""
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_runbook_has_a_row_for_every_alarm_and_for_no_other() -> None:
    told = {name for cells in rows(OPERATIONS) for name in re.findall(r"`(\w+Alarm)`", cells[0])}
    assert told == resources("AWS::CloudWatch::Alarm").keys()


def test_the_runbook_has_a_row_for_every_state_that_fails() -> None:
    told = {
        (machine, state)
        for cells in rows(OPERATIONS)
        for machine in cells[0].split(", ")
        for state in re.findall(r"^`(\w+)`$", cells[1])
    }
    failing = {
        (path.name.removesuffix(".asl.json"), name)
        for path in DEFINITIONS
        for name, state in states(json.loads(path.read_text()))
        if state["Type"] == "Fail"
    }
    assert failing - told == set()
    machines = {path.name.removesuffix(".asl.json") for path in DEFINITIONS}
    assert {row for row in told if row[0] in machines} - failing == set()


def test_the_runbook_names_every_secret() -> None:
    names = {one["Name"]["Fn::Sub"] for one in resources("AWS::SecretsManager::Secret").values()}
    assert [name for name in names if name.replace("${Stage}", "<stage>") not in OPERATIONS] == []


def test_every_queue_is_encrypted() -> None:
    keys = ("SqsManagedSseEnabled", "KmsMasterKeyId")
    assert [key for key, one in resources("AWS::SQS::Queue").items() if not any(map(one.get, keys))] == []


def test_what_is_invoked_asynchronously_says_what_becomes_of_failures() -> None:
    """A destination, or no second try: then the schedule itself comes again."""
    silent = [
        key
        for key, one in resources("AWS::Serverless::Function").items()
        if any(event["Type"] in ASYNCHRONOUS for event in one.get("Events", {}).values())
        and "OnFailure" not in one.get("EventInvokeConfig", {}).get("DestinationConfig", {})
        and one.get("EventInvokeConfig", {}).get("MaximumRetryAttempts") != 0
    ]
    assert silent == []


def test_every_machine_is_published_behind_its_alias_with_a_canary() -> None:
    machines = resources("AWS::Serverless::StateMachine")
    assert len(machines) == len(DEFINITIONS)
    for key, one in machines.items():
        assert one["AutoPublishAlias"] == ALIAS, key
        assert one["DeploymentPreference"]["Type"] == "CANARY", key
        assert one["DeploymentPreference"]["Alarms"], (
            f"{key} has no alarm of its failures that could stop a canary"
        )


def test_a_laptop_publishes_nothing() -> None:
    local = build_template(ROOT, "local")["Resources"].values()
    assert [one for one in local if "AutoPublishAlias" in one.get("Properties", {})] == []


@pytest.mark.parametrize(
    "stage", sorted(path.stem for path in (ROOT / "infrastructure" / "stages").glob("*.yaml"))
)
def test_stages_name_parameters_that_exist(stage: str) -> None:
    read = read_stage_file(ROOT, stage)
    check_parameters(read, template())
    assert stage in json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"]


def test_a_stage_with_a_strange_parameter_is_refused_by_name() -> None:
    with pytest.raises(BuildError, match=r"stages/dev\.yaml: no parameter Strange"):
        check_parameters(StageFile("dev", "us-east-1", {"Strange": "1"}, {}), template())


def test_a_stage_without_a_file_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(BuildError, match="stages that can be deployed: dev, prod"):
        read_stage_file(ROOT, "qa")


def test_every_excuse_from_a_rule_has_a_reason_beside_it() -> None:
    text = (ROOT / ".checkov.yaml").read_text()
    skipped = yaml.safe_load(text)["skip-check"]
    lines = text.splitlines()
    for rule in skipped:
        at = next(number for number, line in enumerate(lines) if f"- {rule}" in line)
        assert "#" in lines[at] or "#" in lines[at - 1], rule
