"""The rights of each function: one readable table in the room's file, one policy file a function for Chalice.

    Rights:
      StatusChecker:                                          a function's logical id; APIHandler for the routes
        dynamodb:table/signalbox-${Stage}-campaigns: [GetItem, Query]
        s3:signalbox-${Stage}-assets-${AWS::AccountId}/audio/*: [GetObject]
        iam:${ScheduledStartRole.Arn}: [PassRole]             an ARN that the template knows
        states:stateMachine:campaign-execution: [StartExecution]  a machine by its file's name
        states:execution:*:*: [DescribeExecution]             executions of all our machines
        states:*: [ListStateMachines]                         where AWS has no resource to name

A key is ``service:resource``; partition, region and account come into the ARN as the service writes it. Writing
logs and traces is everybody's right and stands in no table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infrastructure.errors import BuildError
from infrastructure.room_file import RoomFile

_RIGHT = re.compile(r"[a-z0-9-]+:.+")
_TEMPLATE_ARN = re.compile(r"\$\{(\w+)\.(\w+)\}")
_MACHINE = re.compile(r"(?P<kind>stateMachine|execution):(?P<name>[a-z*-]+)(?P<rest>:\*)?")
_NO_REGION = {"iam", "cloudfront"}
_NO_REGION_NO_ACCOUNT = {"s3"}
_EVERYBODY: dict[str, list[str]] = {
    "logs:log-group:/aws/lambda/*": ["CreateLogGroup", "CreateLogStream", "PutLogEvents"],
    "xray:*": ["PutTelemetryRecords", "PutTraceSegments"],
}


def write_policies(project_dir: Path, rooms: Sequence[RoomFile]) -> None:
    """Write the policy file of each function in .chalice/config.json; one that is right already stays untouched.

    Raises:
        BuildError: a table names no function, a right cannot be read, or a function has none.
    """
    tables = _by_function(rooms)
    files = _policy_files(project_dir)
    for function in tables.keys() - files.keys():
        place = next(one.place("Rights", function) for one in rooms if function in one.sections.get("Rights", {}))
        raise BuildError(f"{place}: there is no function {function} in .chalice/config.json")
    for function, path in files.items():
        if function not in tables:
            raise BuildError(f".chalice/config.json: {function} has no Rights in any infrastructure/*.yaml")
        text = json.dumps(policy(tables[function]), indent=2) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(path)


def policy(rights: dict[str, list[str]]) -> dict[str, Any]:
    """Return the policy document of one function."""
    statements = []
    for key, actions in (rights | _EVERYBODY).items():
        service, _, resource = key.partition(":")
        statements.append(
            {
                "Effect": "Allow",
                "Action": sorted(f"{service}:{action}" for action in actions),
                "Resource": [_arn(service, resource)],
            }
        )
    return {"Version": "2012-10-17", "Statement": statements}


def _arn(service: str, resource: str) -> Any:
    if resource == "*":
        return "*"
    if known := _TEMPLATE_ARN.fullmatch(resource):
        return {"Fn::GetAtt": [known.group(1), known.group(2)]}
    if service == "states" and (machine := _MACHINE.fullmatch(resource)):
        return _machine_arn(machine["kind"], machine["name"], machine["rest"] or "")
    region, account = "${AWS::Region}", "${AWS::AccountId}"
    if service in _NO_REGION | _NO_REGION_NO_ACCOUNT:
        region = ""
    if service in _NO_REGION_NO_ACCOUNT or resource.startswith("foundation-model/"):
        account = ""
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:{region}:{account}:{resource}"}


def _machine_arn(kind: str, name: str, rest: str) -> dict[str, Any]:
    """Return the ARN of a machine, or of its executions: machines have their bare name in stage local alone.

    A reference would be a circle: the machine refers to the function whose right this is.
    """
    arn = f"arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:{kind}:${{Name}}{rest}"
    return {"Fn::Sub": [arn, {"Name": {"Fn::If": ["IsLocal", name, {"Fn::Sub": f"signalbox-${{Stage}}-{name}"}]}}]}


def _by_function(rooms: Sequence[RoomFile]) -> dict[str, dict[str, list[str]]]:
    """Return function -> its rights from all rooms' files."""
    found: dict[str, dict[str, list[str]]] = {}
    for room in rooms:
        for function, rights in room.sections.get("Rights", {}).items():
            place = room.place("Rights", function)
            if not isinstance(rights, dict):
                raise BuildError(f"{place}: the rights of {function} are no mapping")
            joined = found.setdefault(function, {})
            for key, actions in rights.items():
                if not _RIGHT.fullmatch(key) or not isinstance(actions, list):
                    raise BuildError(f"{place}: {key!r} should read service:resource: [Action, ...]")
                before = joined.get(key, [])
                joined[key] = [*before, *(one for one in actions if one not in before)]
    return found


def _policy_files(project_dir: Path) -> dict[str, Path]:
    """Return logical id -> policy file of each function in .chalice/config.json."""
    from chalice.utils import to_cfn_resource_name

    config = json.loads((project_dir / ".chalice" / "config.json").read_text(encoding="utf-8"))
    return {
        "APIHandler" if name == "api_handler" else to_cfn_resource_name(name): project_dir / ".chalice" / file
        for name, function in config.get("lambda_functions", {}).items()
        if (file := function.get("iam_policy_file"))
    }
