"""`chalice deploy` around the workflows' stack, against a moto server: twice, then away with everything."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from infrastructure.around_chalice import CONDITION, chalice_names, template_around
from infrastructure.build import build_template
from infrastructure.deploy import deploy
from infrastructure.deploy_workflows import deploy_around, function_name, functions_exist
from infrastructure.stage_file import StageFile, read_stage_file
from localcloud.intrinsics import Created, Resolver

ACCOUNT = "123456789012"
REGION = "us-east-1"
ATTRIBUTES = ("Name", "QueueName", "QueueUrl", "StateMachineRevisionId", "TopicName")


class Ids(dict[str, Created]):
    """A physical id and an ARN for every resource that somebody asks for."""

    def __init__(self, template: dict[str, Any]) -> None:
        super().__init__()
        for logical_id, resource in template["Resources"].items():
            service = resource["Type"].split("::")[1].lower()
            region = "" if service == "iam" else REGION
            arn = f"arn:aws:{service}:{region}:{ACCOUNT}:role/{logical_id}"
            self[logical_id] = Created(
                f"physical-{logical_id}", {"Arn": arn, **dict.fromkeys(ATTRIBUTES, logical_id)}
            )


def resolved(stage: StageFile, template_path: Path, stack: str, more: Mapping[str, str]) -> dict[str, str]:
    """Stands for CloudFormation: moto 5.2.5 tells no outputs of a stack that was made by a change set."""
    template = json.loads(template_path.read_text())
    resolver = Resolver(
        template,
        stack=stack,
        region=REGION,
        account_id=ACCOUNT,
        parameters={"Stage": stage.stage, **stage.parameters, **more},
    )
    resolver.created.update(Ids(template))
    for logical_id, resource in template["Resources"].items():
        resolver.resolve(resource["Properties"], logical_id)
    return {name: str(resolver.resolve(one["Value"], name)) for name, one in template["Outputs"].items()}


def chalice(folder: Path, command: str) -> str:
    done = subprocess.run(
        [
            *(sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())"),
            *("--project-dir", str(folder), command, "--stage", "dev"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def functions() -> dict[str, dict[str, Any]]:
    pages = boto3.client("lambda").get_paginator("list_functions").paginate()
    return {one["FunctionName"]: one for page in pages for one in page["Functions"]}


@pytest.fixture(scope="module")
def stage(project: Path) -> StageFile:
    return read_stage_file(project, "dev")


@pytest.fixture(scope="module")
def deployed(server: str, project: Path, stage: StageFile) -> Path:
    """The folder that Chalice is run in, after two deployments."""
    assert server
    assert not functions_exist(project, stage)
    chalice(deploy_around(project, stage, resolved), "deploy")
    assert functions_exist(project, stage)
    folder = deploy_around(project, stage, resolved)
    chalice(folder, "deploy")
    return folder


def test_every_function_is_there_under_its_name(deployed: Path, project: Path) -> None:
    assert deployed
    assert {function_name(name, "dev") for name in chalice_names(project).values()} == functions().keys()


def test_functions_have_the_settings_that_the_stack_tells(deployed: Path) -> None:
    assert deployed
    dialer = functions()["signalbox-dev-dialer"]["Environment"]["Variables"]
    assert dialer["CAMPAIGNS_TABLE"] == "physical-CampaignsTable"
    assert dialer["STAGE"] == "dev"
    assert "TICKETS_TABLE" not in dialer
    assert (
        functions()["signalbox-dev"]["Environment"]["Variables"]["SLACK_BOT_FUNCTION"] == "signalbox-dev-slack-bot"
    )


def test_the_second_time_links_name_the_api_that_chalice_made(deployed: Path) -> None:
    assert deployed
    [api] = boto3.client("apigateway").get_rest_apis()["items"]
    link = functions()["signalbox-dev-on-run-failed"]["Environment"]["Variables"]["CONSOLE_URL"]
    assert link == f"https://{api['id']}.execute-api.{REGION}.amazonaws.com/dev/console"


def test_policies_name_the_stage_and_have_no_intrinsic(deployed: Path) -> None:
    for path in sorted((deployed / ".chalice" / "policies").glob("*.json")):
        assert "Fn::" not in path.read_text(), path.name
        assert "${" not in path.read_text(), path.name
    iam = boto3.client("iam")
    [name] = iam.list_role_policies(RoleName="signalbox-dev-dialer")["PolicyNames"]
    document = iam.get_role_policy(RoleName="signalbox-dev-dialer", PolicyName=name)["PolicyDocument"]
    tables = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/signalbox-dev-"
    assert any(str(arn).startswith(tables) for statement in document["Statement"] for arn in statement["Resource"])


def test_chalice_makes_no_trigger_of_its_own(deployed: Path) -> None:
    assert deployed
    assert boto3.client("lambda").list_event_source_mappings()["EventSourceMappings"] == []
    assert boto3.client("events").list_rules()["Rules"] == []


def test_a_deployment_leaves_the_projects_files_alone(deployed: Path, project: Path) -> None:
    assert deployed
    written = (project / ".chalice" / "config.json").read_text()
    assert written == (Path(__file__).resolve().parents[2] / ".chalice" / "config.json").read_text()


def test_the_stack_speaks_of_no_resource_of_chalices(project: Path) -> None:
    template = template_around(build_template(project, "dev"), chalice_names(project))
    resources = template["Resources"]
    assert CONDITION in template["Parameters"]
    kinds = {resource["Type"] for resource in resources.values()}
    assert not {
        kind for kind in kinds if kind.startswith(("AWS::Serverless", "AWS::ApiGateway", "AWS::Lambda::Fu"))
    }
    # CloudFormation's limits
    assert len(resources) <= 500
    assert len(template["Outputs"]) <= 200
    machines = [one for one in resources.values() if one["Type"] == "AWS::StepFunctions::StateMachine"]
    assert len(machines) == len(list((project / "statemachines").glob("*.asl.json")))


@pytest.mark.filterwarnings("ignore:Tried to parse AWS:UserWarning")  # moto's, of types it cannot make
def test_the_aws_program_packages_and_deploys_it(server: str, project: Path, stage: StageFile) -> None:
    """With the real `aws cloudformation package` and `deploy`; what moto makes of it is moto's affair."""
    assert server
    path = project / "dist" / "dev" / "workflows.json"
    path.write_text(json.dumps(template_around(build_template(project, "dev"), chalice_names(project))))
    deploy(stage, path, "signalbox-dev-workflows")
    packaged = json.loads((path.parent / "packaged-workflows.json").read_text())
    location = packaged["Resources"]["CampaignExecution"]["Properties"]["DefinitionS3Location"]
    assert location["Bucket"] == f"signalbox-dev-artifacts-{ACCOUNT}-{REGION}"
    uploaded = boto3.client("s3").get_object(Bucket=location["Bucket"], Key=location["Key"])["Body"].read()
    assert json.loads(uploaded)["StartAt"] == "ValidateCampaign"


def test_deleting_leaves_nothing(deployed: Path) -> None:
    """The last one, for it takes away what the others look at."""
    chalice(deployed, "delete")
    assert functions() == {}
    roles = {role["RoleName"] for role in boto3.client("iam").list_roles()["Roles"]}
    assert {role for role in roles if not role.startswith("signalbox-dev-workflows-")} == set()
    assert boto3.client("apigateway").get_rest_apis()["items"] == []
