"""One SAM template of everything: Chalice's functions and API, and the rooms' files.

    python -m infrastructure.build --stage dev --out dist     the package: template.json, deployment.zip,
                                                              layer zip and the definitions, for `aws
                                                              cloudformation package` and `deploy`
    python -m infrastructure.build --stage local --template   the template alone, on standard output

Steps, in order: the policy files that Chalice reads; Chalice's template; each room's file merged over it
(shared.yaml first, then by name); `Environment` into the room's functions, the API's and Slack's; every SQS
event told to report single failures; each DefinitionUri resolved and its ${Placeholders} compared with its
DefinitionSubstitutions; each machine published behind an alias; broken intrinsics refused.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from infrastructure.chalice_template import check_stage, package, template_without_package
from infrastructure.errors import BuildError
from infrastructure.layer import without_the_runtimes_own
from infrastructure.merge import broken_intrinsics, merge
from infrastructure.rights import write_policies
from infrastructure.room_file import SECTIONS, RoomFile, read_room_file
from infrastructure.watch import watched

LOCAL = "local"
ALIAS = "live"
CANARY = {"Type": "CANARY", "Percentage": 10, "Interval": 5}
"""A tenth of the starts for five minutes, then all."""
_FUNCTION = "AWS::Serverless::Function"
_STATE_MACHINE = "AWS::Serverless::StateMachine"
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]+)\}")


def build_template(project_dir: Path, stage: str) -> dict[str, Any]:
    """Return the whole SAM template without building the deployment package.

    A DefinitionUri in it is relative to the project ("statemachines/campaign-execution.asl.json").

    Raises:
        BuildError: with the file and, where known, the line.
    """
    _prepare(project_dir, stage)
    return join(template_without_package(project_dir, stage), project_dir, stage)


def build_package(project_dir: Path, stage: str, out: Path) -> dict[str, Any]:
    """Write template.json, the zips and the definitions to ``out`` and return the template."""
    out.mkdir(parents=True, exist_ok=True)
    _prepare(project_dir, stage)
    template = join(package(project_dir, stage, out), project_dir, stage)
    for layer in out.glob("layer-*.zip"):
        without_the_runtimes_own(layer)
    for uri in sorted(_definition_uris(template)):
        target = out / uri
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project_dir / uri, target)
    (out / "template.json").write_text(json.dumps(template, indent=2) + "\n", encoding="utf-8")
    return template


def _prepare(project_dir: Path, stage: str) -> None:
    check_stage(project_dir, stage)
    write_policies(project_dir, room_files(project_dir))


def join(chalice: dict[str, Any], project_dir: Path, stage: str) -> dict[str, Any]:
    """Return ``chalice`` joined with the rooms' files of ``project_dir``."""
    template = chalice
    for room in room_files(project_dir):
        template = _add_room(template, room)
    template["Resources"] |= watched(template, room_files(project_dir))
    template.setdefault("Parameters", {}).setdefault("Stage", {"Type": "String"})["Default"] = stage
    _report_single_failures(template)
    for logical_id, resource in template["Resources"].items():
        if resource.get("Type") == _STATE_MACHINE:
            _resolve_definition(logical_id, resource, project_dir)
    if stage != LOCAL:
        _publish_machines(template)
    for path in broken_intrinsics(template):
        raise BuildError(f"template: {path} has an intrinsic beside another key")
    return template


def room_files(project_dir: Path) -> list[RoomFile]:
    """Return the rooms' files, shared.yaml first."""
    paths = sorted((project_dir / "infrastructure").glob("*.yaml"), key=lambda p: (p.stem != "shared", p.name))
    return [read_room_file(path, project_dir) for path in paths]


def _add_room(template: dict[str, Any], room: RoomFile) -> dict[str, Any]:
    resources = template["Resources"]
    for logical_id, addition in room.sections.get("Resources", {}).items():
        if not isinstance(addition, dict):
            raise BuildError(f"{room.place('Resources', logical_id)}: {logical_id} is no mapping")
        present = resources.get(logical_id)
        if present is None and "Type" not in addition:
            raise BuildError(
                f"{room.place('Resources', logical_id)}: {logical_id} has no Type, and is no resource of Chalice's"
            )
        if present and addition.get("Type", present["Type"]) != present["Type"]:
            raise BuildError(
                f"{room.place('Resources', logical_id)}: {logical_id} is a {addition['Type']} here and a "
                f"{present['Type']} already; they would be melted into one, so rename this one"
            )
    merged = merge(template, {name: room.sections[name] for name in SECTIONS if name in room.sections})
    functions = {key: value for key, value in merged["Resources"].items() if value["Type"] == _FUNCTION}
    for logical_id, properties in room.sections.get("Functions", {}).items():
        if logical_id not in functions:
            raise BuildError(f"{room.place('Functions', logical_id)}: there is no function {logical_id}")
        merged["Resources"][logical_id] = merge(merged["Resources"][logical_id], {"Properties": properties or {}})
    if environment := room.sections.get("Environment"):
        for logical_id, function in functions.items():
            if not _takes_settings_of(function, room.path.stem):
                continue
            added = {"Properties": {"Environment": {"Variables": environment}}}
            merged["Resources"][logical_id] = merge(merged["Resources"][logical_id], added)
    return merged  # type: ignore[no-any-return]


def _takes_settings_of(function: dict[str, Any], room: str) -> bool:
    """Return whether the room's code runs in the function: Lambda takes 4 KB of environment, not all of it."""
    handler = str(function["Properties"].get("Handler", ""))
    at_home = (f"chalicelib.{room}.", "app.", "chalicelib.slack.")
    return room == "shared" or handler.startswith(at_home)


def _report_single_failures(template: dict[str, Any]) -> None:
    """Let every SQS event report failed messages one by one; Chalice has no word for it."""
    wanted = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
    for resource in template["Resources"].values():
        if resource["Type"] == _FUNCTION:
            for event in resource["Properties"].get("Events", {}).values():
                if event["Type"] == "SQS":
                    event["Properties"] = merge(event["Properties"], wanted)


def _publish_machines(template: dict[str, Any]) -> None:
    """Publish a version of each machine with every deployment, behind the alias "live".

    The alias moves in two steps and back by itself when the machine's own failures raise their alarm meanwhile.
    """
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == _STATE_MACHINE:
            alarms = [{"Ref": alarm} for alarm in _failure_alarms(template, logical_id)]
            resource["Properties"]["AutoPublishAlias"] = ALIAS
            resource["Properties"]["DeploymentPreference"] = {**CANARY, "Alarms": alarms}


def _failure_alarms(template: dict[str, Any], machine: str) -> list[str]:
    dimension = {"Name": "StateMachineArn", "Value": {"Ref": machine}}
    return [
        logical_id
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
        and resource["Properties"].get("MetricName") == "ExecutionsFailed"
        and dimension in resource["Properties"].get("Dimensions", [])
    ]


def _resolve_definition(logical_id: str, resource: dict[str, Any], project_dir: Path) -> None:
    properties = resource["Properties"]
    uri = properties.get("DefinitionUri")
    if not isinstance(uri, str):
        return
    name = Path(uri).name
    path = project_dir / "statemachines" / name
    if not path.is_file():
        raise BuildError(f"statemachines/{name}: missing; {logical_id}.DefinitionUri names it")
    text = path.read_text(encoding="utf-8")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise BuildError(f"statemachines/{name}:{error.lineno}: {error.msg}") from None
    given = properties.get("DefinitionSubstitutions", {})
    for line_number, line in enumerate(text.splitlines(), 1):
        for placeholder in _PLACEHOLDER.findall(line):
            if placeholder not in given:
                raise BuildError(
                    f"statemachines/{name}:{line_number}: ${{{placeholder}}} is not among "
                    f"{logical_id}.DefinitionSubstitutions"
                )
    properties["DefinitionUri"] = f"statemachines/{name}"


def _definition_uris(template: dict[str, Any]) -> set[str]:
    return {
        resource["Properties"]["DefinitionUri"]
        for resource in template["Resources"].values()
        if resource["Type"] == _STATE_MACHINE and isinstance(resource["Properties"].get("DefinitionUri"), str)
    }


def main(arguments: list[str] | None = None) -> int:
    """Build from the command line; 0 when it worked, 2 with one line on standard error when not."""
    parser = argparse.ArgumentParser(prog="python -m infrastructure.build", description=__doc__.split("\n")[0])
    parser.add_argument("--stage", required=True, help="a stage of .chalice/config.json")
    parser.add_argument("--out", type=Path, help="folder for the package")
    parser.add_argument("--template", action="store_true", help="print the template, build no package")
    parser.add_argument(
        "--project", type=Path, default=Path.cwd(), help="the project's folder (default: this one)"
    )
    chosen = parser.parse_args(arguments)
    if chosen.template == bool(chosen.out):
        parser.error("give either --out DIR or --template")
    try:
        if chosen.template:
            json.dump(build_template(chosen.project.resolve(), chosen.stage), sys.stdout)
        else:
            build_package(chosen.project.resolve(), chosen.stage, chosen.out.resolve())
            print(f"{chosen.out}/template.json")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
