"""The packaged stack, translated as AWS would translate it, made resource by resource on moto."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.build import build_template
from infrastructure.translate import translate
from localcloud.cloud import LocalCloud
from localcloud.provision.passive import PASSIVE
from localcloud.stepfunctions import VirtualTimeline

HOME = Path(__file__).resolve().parents[2]
STAGE = "prod"
WITHOUT_WORK_HERE = {
    "AWS::StepFunctions::StateMachineAlias": "the canary of a deployment",
    "AWS::StepFunctions::StateMachineVersion": "the canary of a deployment",
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(translate(build_template(HOME, STAGE)), HOME, timeline=VirtualTimeline()) as opened:
        yield opened


def test_every_resource_is_made_or_said_not_to_be(cloud: LocalCloud) -> None:
    assert cloud.provisioned is not None
    strangers = cloud.provisioned.left_out.keys() - PASSIVE.keys() - WITHOUT_WORK_HERE.keys()
    assert strangers == set()
    assert len(cloud.template["Resources"]) <= 500  # CloudFormation takes no more
    made = set(cloud.provisioned.created)
    assert made == set(cloud.template["Resources"])


def test_names_have_the_stage(cloud: LocalCloud) -> None:
    tables = cloud.client("dynamodb").list_tables()["TableNames"]
    assert tables
    assert [name for name in tables if not name.startswith(f"signalbox-{STAGE}-")] == []
    machines = cloud.client("stepfunctions").list_state_machines()["stateMachines"]
    assert len(machines) == len(list((HOME / "statemachines").glob("*.asl.json")))
    assert [one["name"] for one in machines if not one["name"].startswith(f"signalbox-{STAGE}-")] == []


def test_outputs_resolve(cloud: LocalCloud) -> None:
    assert cloud.provisioned is not None
    assert str(cloud.provisioned.outputs["EndpointURL"]).endswith(f"/{STAGE}/")
