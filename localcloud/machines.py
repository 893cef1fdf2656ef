"""The state machines: the interpreter with this cloud's functions and services behind it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from localcloud.errors import ProvisionError
from localcloud.functions import Functions, InvokeError
from localcloud.provision.site import MachineMaker
from localcloud.rights.tasks import WatchedIntegrations
from localcloud.stepfunctions import Integrations, TaskCall, Timeline
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.errors import StepFunctionsError
from localcloud.stepfunctions.integrations import (
    AwsIntegrations,
    FunctionInvoker,
    Invocation,
    InvocationRefusedError,
)
from localcloud.stepfunctions.listener import EngineListener
from localcloud.stepfunctions.task import JsonValue
from localcloud.stepfunctions.validation import validate


class LocalFunctionInvoker(FunctionInvoker):
    """Runs the project's functions for Task states."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    def invoke(self, function: str, payload: JsonValue, call: TaskCall) -> Invocation:
        """See `FunctionInvoker.invoke`."""
        try:
            outcome = self._functions.invoke(function, json.dumps(payload), caller=call.execution_arn)
        except InvokeError as refusal:
            raise InvocationRefusedError(refusal.code, refusal.message, refusal.status) from refusal
        return Invocation(outcome.value, outcome.failed, outcome.request_id, outcome.log_lines)


class Machines(MachineMaker):
    """The engine, and the one way machines get into it."""

    def __init__(
        self,
        timeline: Timeline,
        functions: Functions,
        client: Callable[[str], Any],
        *,
        listener: EngineListener | None = None,
        faults: Callable[[Integrations], Integrations] | None = None,
        seen: Callable[[TaskCall], None] | None = None,
        account_id: str = "123456789012",
        region: str = "us-east-1",
    ) -> None:
        services: Integrations = AwsIntegrations(LocalFunctionInvoker(functions), client, timeline)
        self.engine = Engine(
            timeline,
            WatchedIntegrations(services, seen) if seen else services,
            account_id=account_id,
            region=region,
            faults=faults,
            listener=listener,
        )

    def create(self, name: str, definition: str, *, role_arn: str, kind: str, place: str) -> str:
        """See `MachineMaker.create`."""
        errors = [p for p in validate(definition, express=kind == "EXPRESS") if p.severity == "ERROR"]
        if errors:
            lines = "\n".join(f"  {problem}" for problem in errors)
            raise ProvisionError(f"{place}: the definition has {len(errors)} problem(s)\n{lines}")
        try:
            return self.engine.create_state_machine(name, definition, role_arn=role_arn, type=kind).arn
        except StepFunctionsError as error:
            raise ProvisionError(f"{place}: {error.message}") from error

    def start(self, machine_arn: str, input_json: str, name: str | None) -> None:
        """Start an execution for a rule or schedule."""
        self.engine.start_execution(machine_arn, input_json, name)
