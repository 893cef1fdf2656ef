"""Operations on state machines."""

from __future__ import annotations

import uuid
from typing import Any

from localcloud.stepfunctions.api.arguments import Arguments
from localcloud.stepfunctions.api.arns import machine_arn, role_arn
from localcloud.stepfunctions.api.errors import MissingRequiredParameter, ValidationException
from localcloud.stepfunctions.api.moments import moment
from localcloud.stepfunctions.api.paging import page
from localcloud.stepfunctions.api.tags import Tags
from localcloud.stepfunctions.api.versions import Versions
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.validation import Problem, validate

_SETTINGS: dict[str, dict[str, Any]] = {
    "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
    "tracingConfiguration": {"enabled": False},
    "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
}
"""What a machine has besides its definition, and its default: kept and given back, without effect here."""
_MAX_DIAGNOSTICS = 100


class MachineOperations:
    """Create, update, describe, delete, list and validate."""

    def __init__(self, engine: Engine, versions: Versions, tags: Tags) -> None:
        self._engine = engine
        self._versions = versions
        self._tags = tags
        self._settings: dict[str, dict[str, Any]] = {}

    def create_state_machine(self, arguments: Arguments) -> dict[str, Any]:
        """CreateStateMachine."""
        _check_publishing(arguments)
        machine = self._engine.create_state_machine(
            arguments["name"],
            arguments["definition"],
            role_arn=role_arn(arguments["roleArn"]),
            type=arguments.get("type", "STANDARD"),
        )
        self._keep_settings(machine.arn, arguments)
        self._tags.put(machine.arn, arguments.get("tags", []))
        answer = {"stateMachineArn": machine.arn, "creationDate": moment(machine.created_at)}
        if arguments.get("publish"):
            version = self._versions.publish(machine, arguments.get("versionDescription", ""))
            answer["stateMachineVersionArn"] = version.arn
        return answer

    def update_state_machine(self, arguments: Arguments) -> dict[str, Any]:
        """UpdateStateMachine."""
        if not arguments.keys() & {"definition", "roleArn", *_SETTINGS}:
            raise MissingRequiredParameter(
                "Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration or the "
                "EncryptionConfiguration must be specified"
            )
        _check_publishing(arguments)
        role = role_arn(arguments["roleArn"]) if "roleArn" in arguments else None
        arn = machine_arn(arguments["stateMachineArn"]).plain
        machine = self._engine.update_state_machine(arn, arguments.get("definition"), role)
        self._keep_settings(arn, arguments)
        self._versions.revisions[arn] = str(uuid.uuid4())
        answer = {"updateDate": moment(self._engine.timeline.now()), "revisionId": self._versions.revisions[arn]}
        if arguments.get("publish"):
            version = self._versions.publish(machine, arguments.get("versionDescription", ""))
            answer["stateMachineVersionArn"] = version.arn
        return answer

    def delete_state_machine(self, arguments: Arguments) -> dict[str, Any]:
        """DeleteStateMachine; no error where there is none. Executions under way go on."""
        arn = machine_arn(arguments["stateMachineArn"]).plain
        self._engine.delete_state_machine(arn)
        self._versions.forget(arn)
        self._tags.forget(arn)
        self._settings.pop(arn, None)
        self._versions.revisions.pop(arn, None)
        return {}

    def describe_state_machine(self, arguments: Arguments) -> dict[str, Any]:
        """DescribeStateMachine, of a machine or of one of its versions or aliases."""
        target = self._versions.resolve(machine_arn(arguments["stateMachineArn"]), "")
        machine = target.machine
        answer = {
            "stateMachineArn": target.version_arn or machine.arn,
            "name": machine.name,
            "status": "ACTIVE",
            "type": machine.type,
            "creationDate": moment(machine.created_at),
            **self._described(machine.arn),
        }
        if arguments.get("includedData") != "METADATA_ONLY":
            answer |= {"definition": machine.definition_text, "roleArn": machine.role_arn}
        version = self._versions.version(target.version_arn) if target.version_arn else None
        if version is not None:
            answer |= {"creationDate": moment(version.created_at), "description": version.description}
        return answer

    def describe_state_machine_for_execution(self, arguments: Arguments) -> dict[str, Any]:
        """DescribeStateMachineForExecution: the machine as it was when the execution started."""
        execution = self._engine.execution(arguments["executionArn"])
        machine = execution.machine
        answer = {
            "stateMachineArn": execution.state_machine_arn,
            "name": execution.state_machine_name,
            "roleArn": machine.role_arn,
            "updateDate": moment(machine.created_at),
            **self._described(machine.arn),
        }
        if arguments.get("includedData") != "METADATA_ONLY":
            answer["definition"] = machine.definition_text
        if execution.map_run_arn:
            answer |= {
                "mapRunArn": execution.map_run_arn,
                "label": execution.state_machine_name.rpartition("/")[2],
            }
        return answer

    def list_state_machines(self, arguments: Arguments) -> dict[str, Any]:
        """ListStateMachines."""
        items, more = page(self._engine.list_state_machines(), arguments, "machines")
        listed = [
            {
                "stateMachineArn": machine.arn,
                "name": machine.name,
                "type": machine.type,
                "creationDate": moment(machine.created_at),
            }
            for machine in items
        ]
        return {"stateMachines": listed, **more}

    def validate_state_machine_definition(self, arguments: Arguments) -> dict[str, Any]:
        """ValidateStateMachineDefinition: all problems, warnings only when asked for."""
        problems = validate(arguments["definition"], express=arguments.get("type") == "EXPRESS")
        failed = any(problem.severity == "ERROR" for problem in problems)
        if arguments.get("severity", "ERROR") == "ERROR":
            problems = [problem for problem in problems if problem.severity == "ERROR"]
        most = arguments.get("maxResults") or _MAX_DIAGNOSTICS
        return {
            "result": "FAIL" if failed else "OK",
            "diagnostics": [_diagnostic(problem) for problem in problems[:most]],
            "truncated": len(problems) > most,
        }

    def _keep_settings(self, arn: str, arguments: Arguments) -> None:
        kept = self._settings.setdefault(arn, {})
        kept |= {name: arguments[name] for name in _SETTINGS if name in arguments}

    def _described(self, arn: str) -> dict[str, Any]:
        revision = {"revisionId": self._versions.revisions[arn]} if arn in self._versions.revisions else {}
        return _SETTINGS | self._settings.get(arn, {}) | revision


def _diagnostic(problem: Problem) -> dict[str, str]:
    told = {"severity": problem.severity, "code": problem.code, "message": problem.message}
    return told | ({"location": problem.location} if problem.location else {})


def _check_publishing(arguments: Arguments) -> None:
    if "versionDescription" in arguments and not arguments.get("publish"):
        raise ValidationException("Version description can only be set when publish is true")
