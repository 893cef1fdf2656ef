"""The other way to deploy, around `chalice deploy`: ``python -m infrastructure.deploy_workflows --stage dev``.

    make deploy-workflows STAGE=dev
    chalice --project-dir dist/dev/chalice deploy --stage dev
    both once more when a function is new, or the API: triggers want functions that exist, links the API's id

The first deploys the stack of `infrastructure.around_chalice` and writes dist/<stage>/chalice: the project as it
is, with what only the stack knows put where Chalice reads it: each function's settings and resolved policy. In it
the event doors are plain functions, for their triggers are the stack's, with filters, dead letters and single
failures, which Chalice has no words for. What Chalice remembers of a deployment stays in .chalice/deployed of the
project itself.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from infrastructure.around_chalice import (
    API,
    APP,
    CONDITION,
    arn_output,
    chalice_names,
    environment,
    policies,
    resolve_policy,
    setting_output,
    template_around,
)
from infrastructure.build import build_template
from infrastructure.deploy import DeployError, client, deploy
from infrastructure.errors import BuildError
from infrastructure.stage_file import StageFile, read_stage_file

Deployer = Callable[[StageFile, Path, str, Mapping[str, str]], dict[str, str]]
"""`infrastructure.deploy.deploy`, or what stands for CloudFormation in a test."""
ROOT = Path(__file__).resolve().parent.parent
_SOURCES = ("chalicelib", "requirements.txt")
_PLAIN_DOORS = """

# Written by `make deploy-workflows`: the stack makes these doors' triggers; to Chalice they are plain functions.
def _doors_without_triggers() -> None:
    from chalice.app import LambdaFunction

    for door in app.event_sources:
        plain = LambdaFunction(app.handler_map[door.name], name=door.name, handler_string=door.handler_string)
        app.pure_lambda_functions.append(plain)
    app.event_sources.clear()


_doors_without_triggers()
"""


def deploy_around(project_dir: Path, stage: StageFile, deployed: Deployer = deploy) -> Path:
    """Deploy the stack and return the folder that `chalice deploy` is run in.

    Raises:
        BuildError: a file of the project is wrong.
        DeployError: AWS refused something.
    """
    out = project_dir / "dist" / stage.stage
    template_path = out / "workflows.json"
    sam = build_template(project_dir, stage.stage)
    template = template_around(sam, chalice_names(project_dir))
    for definition in sorted((project_dir / "statemachines").glob("*.asl.json")):
        target = out / "statemachines" / definition.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(definition, target)
    template_path.write_text(json.dumps(template, indent=1) + "\n", encoding="utf-8")
    exist = "yes" if functions_exist(project_dir, stage) else "no"
    made = {CONDITION: exist, **api_parameter(project_dir, stage)}
    outputs = deployed(stage, template_path, f"{APP}-{stage.stage}-workflows", made)
    if exist == "yes":
        give_what_chalice_cannot(sam, chalice_names(project_dir), stage)
    return write_project(project_dir, sam, stage, outputs)


def functions_exist(project_dir: Path, stage: StageFile) -> bool:
    """Return whether `chalice deploy` made every function of app.py already."""
    functions = client("lambda", stage)
    made = {
        one["FunctionName"]
        for page in functions.get_paginator("list_functions").paginate()
        for one in page["Functions"]
    }
    return {function_name(name, stage.stage) for name in chalice_names(project_dir).values()} <= made


def api_parameter(project_dir: Path, stage: StageFile) -> dict[str, str]:
    """Return the stack's parameter for the API's id, which Chalice notes when it has made the API."""
    path = project_dir / ".chalice" / "deployed" / f"{stage.stage}.json"
    noted = json.loads(path.read_text(encoding="utf-8"))["resources"] if path.exists() else []
    made = [one["rest_api_id"] for one in noted if one["resource_type"] == "rest_api"]
    return {API: made[0]} if made else {}


def function_name(name: str, stage: str) -> str:
    """Return the name that `chalice deploy` gives a function of app.py; "" is the API's."""
    return "-".join(part for part in (APP, stage, name) if part)


def give_what_chalice_cannot(sam: dict[str, Any], names: dict[str, str], stage: StageFile) -> None:
    """Set the properties of functions that Chalice's configuration has no key for, and never resets."""
    functions = client("lambda", stage)
    for logical_id, resource in sam["Resources"].items():
        storage = resource["Properties"].get("EphemeralStorage")
        if resource["Type"] == "AWS::Serverless::Function" and storage:
            name = function_name(names[logical_id], stage.stage)
            functions.update_function_configuration(FunctionName=name, EphemeralStorage=storage)


def write_project(project_dir: Path, sam: dict[str, Any], stage: StageFile, outputs: dict[str, str]) -> Path:
    """Write the folder that `chalice deploy` is run in anew; the record of deployments is kept."""
    folder = project_dir / "dist" / stage.stage / "chalice"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / ".chalice" / "policies").mkdir(parents=True)
    for name in _SOURCES:
        source = project_dir / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, folder / name)
    (folder / "app.py").write_text((project_dir / "app.py").read_text(encoding="utf-8") + _PLAIN_DOORS)
    for kept in ("deployed", "deployments"):
        (project_dir / ".chalice" / kept).mkdir(parents=True, exist_ok=True)
        (folder / ".chalice" / kept).symlink_to(project_dir / ".chalice" / kept)
    account = client("sts", stage).get_caller_identity()["Account"]
    names = chalice_names(project_dir)
    known = what_is_known(sam, stage, outputs, names, account)
    documents = policies(sam)
    config = json.loads((project_dir / ".chalice" / "config.json").read_text(encoding="utf-8"))
    of_stage = config["stages"][stage.stage].setdefault("lambda_functions", {})
    for logical_id, settings in environment(sam).items():
        name = names[logical_id] or "api_handler"
        told = {key: value for key in settings if (value := outputs[setting_output(key)].removeprefix("="))}
        of_stage.setdefault(name, {})["environment_variables"] = told
        file = config["lambda_functions"][name]["iam_policy_file"]
        text = json.dumps(resolve_policy(documents[logical_id], known), indent=2)
        (folder / ".chalice" / file).write_text(text + "\n", encoding="utf-8")
    (folder / ".chalice" / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return folder


def what_is_known(
    sam: dict[str, Any], stage: StageFile, outputs: dict[str, str], names: dict[str, str], account: str
) -> dict[str, str]:
    """Return what policies may speak of, by name: parameters, pseudo parameters and ARNs."""
    partition = "aws-cn" if stage.region.startswith("cn-") else "aws-us-gov" if "-gov-" in stage.region else "aws"
    functions = f"arn:{partition}:lambda:{stage.region}:{account}:function:"
    arns = {f"{key}.Arn": functions + function_name(name, stage.stage) for key, name in names.items()}
    first = arn_output("")
    return {
        **{key: str(declared.get("Default", "")) for key, declared in sam["Parameters"].items()},
        **stage.parameters,
        "Stage": stage.stage,
        "AWS::Partition": partition,
        "AWS::Region": stage.region,
        "AWS::AccountId": account,
        **arns,
        **{f"{key.removeprefix(first)}.Arn": value for key, value in outputs.items() if key.startswith(first)},
    }


def main(arguments: list[str] | None = None) -> int:
    """Deploy from the command line; 0 when the stack stands."""
    parser = argparse.ArgumentParser(prog="python -m infrastructure.deploy_workflows")
    parser.add_argument("--stage", required=True)
    chosen = parser.parse_args(arguments)
    try:
        folder = deploy_around(ROOT, read_stage_file(ROOT, chosen.stage))
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    except DeployError as error:
        print(error, file=sys.stderr)
        return 1
    shown = folder.relative_to(ROOT)
    print(f"next: .venv/bin/chalice --project-dir {shown} deploy --stage {chosen.stage}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
