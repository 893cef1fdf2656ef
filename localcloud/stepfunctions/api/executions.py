"""Operations on executions: start, stop, describe, list, redrive, and their histories."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from typing import Any

from localcloud.stepfunctions.api.arguments import Arguments
from localcloud.stepfunctions.api.arns import MachineArn, execution_arn, machine_arn, map_run_arn
from localcloud.stepfunctions.api.errors import ValidationException
from localcloud.stepfunctions.api.moments import moment
from localcloud.stepfunctions.api.paging import page, size, start_of, token
from localcloud.stepfunctions.api.versions import Target, Versions
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.errors import StateMachineTypeNotSupported
from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.history import EventDict
from localcloud.stepfunctions.limits import EXPRESS_SECONDS
from localcloud.stepfunctions.mockconfig import MockedIntegrations, UnknownTestCaseError
from localcloud.stepfunctions.status import EXPRESS, TIMED_OUT

_EXECUTION_DATA = ("input", "inputDetails", "output", "outputDetails", "parameters")
_BILLED_MEMORY_MB = 64
_BILLED_STEP_MILLISECONDS = 100


@dataclass(frozen=True, slots=True)
class Started:
    """What an execution was started with that the engine need not know."""

    version_arn: str | None
    alias_arn: str | None
    trace_header: str | None


class ExecutionOperations:
    """Start, stop, describe, list, redrive."""

    def __init__(self, engine: Engine, versions: Versions, mocks: MockedIntegrations | None) -> None:
        self._engine = engine
        self._versions = versions
        self._mocks = mocks
        self._started: dict[str, Started] = {}

    def start_execution(self, arguments: Arguments) -> dict[str, Any]:
        """StartExecution, on a machine, a version, an alias, or "<machine>#<mocked test case>"."""
        execution = self._start(arguments)
        return {"executionArn": execution.arn, "startDate": moment(execution.started_at)}

    def start_sync_execution(self, arguments: Arguments) -> dict[str, Any]:
        """StartSyncExecution: waits until the Express execution has ended."""
        target = self._versions.resolve(machine_arn(arguments["stateMachineArn"]), "")
        if target.machine.type != EXPRESS:
            raise StateMachineTypeNotSupported
        execution = self._start(arguments)
        self._engine.timeline.run_until(lambda: execution.ended, EXPRESS_SECONDS + 1)
        answer = _outline(execution) | _texts(execution, arguments)
        milliseconds = ((execution.stopped_at or 0.0) - execution.started_at) * 1000
        billed = max(1, math.ceil(milliseconds / _BILLED_STEP_MILLISECONDS)) * _BILLED_STEP_MILLISECONDS
        answer["billingDetails"] = {
            "billedMemoryUsedInMB": _BILLED_MEMORY_MB,
            "billedDurationInMilliseconds": billed,
        }
        return answer

    def stop_execution(self, arguments: Arguments) -> dict[str, Any]:
        """StopExecution; one that has ended stays as it is."""
        arn = execution_arn(arguments["executionArn"])
        execution = self._engine.stop_execution(arn, arguments.get("error"), arguments.get("cause"))
        assert execution.stopped_at is not None
        return {"stopDate": moment(execution.stopped_at)}

    def redrive_execution(self, arguments: Arguments) -> dict[str, Any]:
        """RedriveExecution."""
        execution = self._engine.redrive_execution(execution_arn(arguments["executionArn"]))
        assert execution.redriven_at is not None
        return {"redriveDate": moment(execution.redriven_at)}

    def describe_execution(self, arguments: Arguments) -> dict[str, Any]:
        """DescribeExecution."""
        execution = self._engine.execution(execution_arn(arguments["executionArn"]))
        answer = _outline(execution) | _texts(execution, arguments) | self._redriving(execution)
        started = self._started.get(execution.arn)
        if started is not None and started.trace_header is not None:
            answer["traceHeader"] = started.trace_header
        return answer | self._origin(execution)

    def list_executions(self, arguments: Arguments) -> dict[str, Any]:
        """ListExecutions of a machine or of a Map Run, the newest first."""
        if ("stateMachineArn" in arguments) == ("mapRunArn" in arguments):
            raise ValidationException("Either the stateMachineArn or the mapRunArn must be given, and not both")
        executions, of = self._executions_of(arguments)
        redriven = arguments.get("redriveFilter")
        if redriven is not None:
            wanted = redriven == "REDRIVEN"
            executions = [execution for execution in executions if (execution.redrive_count > 0) == wanted]
        items, more = page(executions, arguments, of)
        listed = []
        for execution in items:
            outline = _outline(execution)
            outline.pop("error", None)
            outline.pop("cause", None)
            outline["redriveCount"] = execution.redrive_count
            if execution.redriven_at is not None:
                outline["redriveDate"] = moment(execution.redriven_at)
            listed.append(outline | self._origin(execution))
        return {"executions": listed, **more}

    def get_execution_history(self, arguments: Arguments) -> dict[str, Any]:
        """GetExecutionHistory: events as AWS names them, in pages."""
        arn = execution_arn(arguments["executionArn"])
        history = self._engine.execution(arn).history
        reverse = arguments.get("reverseOrder", False)
        of = f"history {arn} {reverse}"
        start, count = start_of(arguments, of), size(arguments)
        events = history.page(start, count, reverse=reverse)
        if not arguments.get("includeExecutionData", True):
            events = [_without_data(event) for event in events]
        end = start + count
        return {"events": events} | ({"nextToken": token(of, end)} if end < len(history) else {})

    def _start(self, arguments: Arguments) -> Execution:
        arn = machine_arn(arguments["stateMachineArn"])
        name = arguments.get("name") or str(uuid.uuid4())
        target = self._versions.resolve(arn, name)
        self._begin_test_case(arn, name)
        execution = self._engine.start_execution(
            arn.plain, arguments.get("input", "{}"), name, version=_snapshot(target)
        )
        self._started[execution.arn] = Started(target.version_arn, target.alias_arn, arguments.get("traceHeader"))
        return execution

    def _begin_test_case(self, arn: MachineArn, execution_name: str) -> None:
        if arn.test_case is None:
            return
        if self._mocks is None:
            raise ValidationException(
                f"No mock configuration is loaded, so there is no test case '{arn.test_case}'"
            )
        try:
            self._mocks.begin(arn.name, execution_name, arn.test_case)
        except UnknownTestCaseError as error:
            raise ValidationException(str(error)) from error

    def _executions_of(self, arguments: Arguments) -> tuple[list[Execution], str]:
        status = arguments.get("statusFilter")
        if "mapRunArn" in arguments:
            run = self._engine.map_run(map_run_arn(arguments["mapRunArn"]))
            return self._engine.list_executions(
                status=status, map_run_arn=run.arn
            ), f"executions {run.arn} {status}"
        arn = machine_arn(arguments["stateMachineArn"])
        target = self._versions.resolve(arn, "")
        if target.machine.type == EXPRESS:
            raise StateMachineTypeNotSupported
        found = self._engine.list_executions(arn.plain, status)
        if arn.qualifier is not None:
            qualified = f"{arn.plain}:{arn.qualifier}"
            found = [execution for execution in found if qualified in self._origin(execution).values()]
        return found, f"executions {arguments['stateMachineArn']} {status}"

    def _origin(self, execution: Execution) -> dict[str, str]:
        started = self._started.get(execution.arn)
        if started is None:
            return {}
        arns = {"stateMachineVersionArn": started.version_arn, "stateMachineAliasArn": started.alias_arn}
        return {name: arn for name, arn in arns.items() if arn is not None}

    def _redriving(self, execution: Execution) -> dict[str, Any]:
        obstacle = execution.redrive_obstacle()
        answer: dict[str, Any] = {"redriveCount": execution.redrive_count}
        if obstacle is None:
            answer["redriveStatus"] = "REDRIVABLE"
        else:
            answer |= {"redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": obstacle}
        if execution.redriven_at is not None:
            answer["redriveDate"] = moment(execution.redriven_at)
        return answer


def _snapshot(target: Target) -> Any:
    """The version's machine; None for the machine itself, which the engine knows."""
    return target.machine if target.version_arn is not None else None


def _outline(execution: Execution) -> dict[str, Any]:
    outline: dict[str, Any] = {
        "executionArn": execution.arn,
        "stateMachineArn": execution.state_machine_arn,
        "name": execution.name,
        "status": execution.status,
        "startDate": moment(execution.started_at),
    }
    if execution.stopped_at is not None:
        outline["stopDate"] = moment(execution.stopped_at)
    if execution.map_run_arn is not None:
        outline["mapRunArn"] = execution.map_run_arn
    if execution.status != TIMED_OUT:  # AWS tells a time-out by the status alone
        told = {"error": execution.error, "cause": execution.cause}
        outline |= {name: value for name, value in told.items() if value is not None}
    return outline


def _texts(execution: Execution, arguments: Arguments) -> dict[str, Any]:
    """Input and output, unless METADATA_ONLY was asked for."""
    included = arguments.get("includedData") != "METADATA_ONLY"
    texts: dict[str, Any] = {"inputDetails": {"included": included}}
    if included:
        texts["input"] = execution.input_text
    if execution.output_text is not None:
        texts["outputDetails"] = {"included": included}
        if included:
            texts["output"] = execution.output_text
    return texts


def _without_data(event: EventDict) -> EventDict:
    return {
        name: {key: item for key, item in value.items() if key not in _EXECUTION_DATA}
        if isinstance(value, dict)
        else value
        for name, value in event.items()
    }
