"""Step Functions, by boto3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.core.aws import client
from chalicelib.core.errors import InvalidInputError, Problem, TransientError
from chalicelib.workflows.errors import ExecutionNotFoundError, ExecutionStateError, WorkflowNotFoundError
from chalicelib.workflows.ports import Machines, Page, Run, Workflow


class StepFunctionsMachines(Machines):
    """Machines whose ARNs begin with a prefix."""

    def __init__(self, arn_prefix: str) -> None:
        """Keep ``arn_prefix``, such as ``arn:aws:states:eu-west-1:123456789012:stateMachine:signalbox-prod-``."""
        self._prefix = arn_prefix

    def workflows(self) -> list[Workflow]:
        """See `Machines.workflows`."""
        pages = client("stepfunctions").get_paginator("list_state_machines").paginate()
        found = [
            Workflow(m["stateMachineArn"].removeprefix(self._prefix), m["type"], m["creationDate"])
            for page in pages
            for m in page["stateMachines"]
            if m["stateMachineArn"].startswith(self._prefix)
        ]
        return sorted(found, key=lambda workflow: workflow.name)

    def workflow(self, name: str) -> Workflow:
        """See `Machines.workflow`."""
        with _translated(name):
            found = client("stepfunctions").describe_state_machine(stateMachineArn=self._prefix + name)
        return Workflow(name, found["type"], found["creationDate"], json.loads(found["definition"]))

    def runs(self, workflow: str, status: str | None, limit: int, after: str | None) -> Page:
        """See `Machines.runs`."""
        wanted: dict[str, Any] = {"stateMachineArn": self._prefix + workflow, "maxResults": limit}
        wanted |= {"statusFilter": status} if status else {}
        wanted |= {"nextToken": after} if after else {}
        with _translated(workflow):
            found = client("stepfunctions").list_executions(**wanted)
        runs = [
            Run(
                workflow=workflow,
                name=run["name"],
                status=run["status"],
                started_at=run["startDate"],
                stopped_at=run.get("stopDate"),
                redrives=run.get("redriveCount", 0),
            )
            for run in found["executions"]
        ]
        return Page(runs, found.get("nextToken"))

    def run(self, workflow: str, name: str) -> Run:
        """See `Machines.run`."""
        with _translated(workflow, name):
            found = client("stepfunctions").describe_execution(executionArn=self._execution(workflow, name))
        return Run(
            workflow=workflow,
            name=name,
            status=found["status"],
            started_at=found["startDate"],
            stopped_at=found.get("stopDate"),
            redrives=found.get("redriveCount", 0),
            input=json.loads(found.get("input") or "null"),
            output=json.loads(found.get("output") or "null"),
            error=found.get("error"),
            cause=found.get("cause"),
        )

    def history(
        self,
        workflow: str,
        name: str,
        limit: int,
        after: str | None,
        *,
        latest_first: bool,
        with_data: bool = True,
    ) -> Page:
        """See `Machines.history`."""
        wanted: dict[str, Any] = {"nextToken": after} if after else {}
        with _translated(workflow, name):
            found = client("stepfunctions").get_execution_history(
                executionArn=self._execution(workflow, name),
                maxResults=limit,
                reverseOrder=latest_first,
                includeExecutionData=with_data,
                **wanted,
            )
        return Page(found["events"], found.get("nextToken"))

    def start(self, workflow: str, name: str, payload: Any) -> bool:
        """See `Machines.start`."""
        states = client("stepfunctions")
        with _translated(workflow, name):
            try:
                states.start_execution(
                    stateMachineArn=self._prefix + workflow, name=name, input=json.dumps(payload)
                )
            except states.exceptions.ExecutionAlreadyExists:
                return False
        return True

    def stop(self, workflow: str, name: str, cause: str) -> None:
        """See `Machines.stop`."""
        with _translated(workflow, name):
            client("stepfunctions").stop_execution(
                executionArn=self._execution(workflow, name), error="StoppedByPerson", cause=cause
            )

    def redrive(self, workflow: str, name: str) -> None:
        """See `Machines.redrive`."""
        with _translated(workflow, name):
            client("stepfunctions").redrive_execution(executionArn=self._execution(workflow, name))

    def _execution(self, workflow: str, name: str) -> str:
        return f"{self._prefix.replace(':stateMachine:', ':execution:', 1)}{workflow}:{name}"


@contextmanager
def _translated(workflow: str, name: str = "") -> Iterator[None]:
    """Turn Step Functions' errors into the room's own."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        text = error.response["Error"].get("Message", "")
        match error.response["Error"]["Code"]:
            case "StateMachineDoesNotExist" | "StateMachineDeleting":
                raise WorkflowNotFoundError(f"there is no workflow {workflow}") from None
            case "ExecutionDoesNotExist" | "InvalidArn":
                raise ExecutionNotFoundError(f"workflow {workflow} has no execution {name}") from None
            case "ExecutionNotRedrivable" | "ExecutionLimitExceeded" as code:
                kind = TransientError if code == "ExecutionLimitExceeded" else ExecutionStateError
                raise kind(text) from error
            case "InvalidToken":
                raise InvalidInputError([Problem("?after", "not_a_place", "is no place in this list")]) from None
            case "InvalidName" | "InvalidExecutionInput" as code:
                raise InvalidInputError([Problem("", code, text)]) from None
        raise
