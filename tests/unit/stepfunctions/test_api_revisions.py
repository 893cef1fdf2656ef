"""Revisions of machines."""

from __future__ import annotations

import json

import pytest

from localcloud.stepfunctions import Engine, VirtualTimeline
from localcloud.stepfunctions.api import StepFunctionsApi
from localcloud.stepfunctions.errors import StepFunctionsError
from tests.unit.stepfunctions.machines import ROLE, Services, one


def test_a_version_is_published_of_the_revision_meant() -> None:
    api = StepFunctionsApi(Engine(VirtualTimeline(0.0), Services()))
    made = api.call(
        "CreateStateMachine", {"name": "m", "definition": json.dumps(one({"Type": "Succeed"})), "roleArn": ROLE}
    )
    arn = {"stateMachineArn": made["stateMachineArn"]}
    with pytest.raises(StepFunctionsError) as caught:
        api.call("PublishStateMachineVersion", {**arn, "revisionId": "another"})
    assert caught.value.code == "ConflictException"
    updated = api.call("UpdateStateMachine", {**arn, "definition": json.dumps(one({"Type": "Pass"}))})
    published = api.call("PublishStateMachineVersion", {**arn, "revisionId": updated["revisionId"]})
    assert published["stateMachineVersionArn"].endswith(":m:1")
