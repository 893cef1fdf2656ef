"""Machines run under the virtual clock, for the tests of the interpreter."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from localcloud.stepfunctions import Engine, Execution, Integrations, Later, TaskCall, TaskError, VirtualTimeline

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:work"
CALLBACK = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
ROLE = "arn:aws:iam::123456789012:role/machine"
START = 1_700_000_000.0

Answer = Callable[[TaskCall], Any]


class Services(Integrations):
    """Does with each call what the test says; keeps the calls and the objects."""

    def __init__(self, answer: Answer | None = None, objects: dict[str, bytes] | None = None) -> None:
        self.calls: list[TaskCall] = []
        self.objects = objects or {}
        self._answer = answer or (lambda call: call.arguments)

    def call(self, call: TaskCall) -> Any:
        """See `Integrations.call`."""
        self.calls.append(call)
        return self._answer(call)

    def read_object(self, bucket: str, key: str) -> bytes:
        """See `Integrations.read_object`."""
        try:
            return self.objects[f"{bucket}/{key}"]
        except KeyError:
            raise TaskError("S3.NoSuchKeyException", "The specified key does not exist.") from None

    def list_objects(self, bucket: str, prefix: str) -> list[dict[str, Any]]:
        """See `Integrations.list_objects`."""
        names = [name.removeprefix(f"{bucket}/") for name in self.objects if name.startswith(f"{bucket}/")]
        return [{"Key": name, "Size": 1} for name in names if name.startswith(prefix)]

    def write_object(self, bucket: str, key: str, body: bytes) -> None:
        """See `Integrations.write_object`."""
        self.objects[f"{bucket}/{key}"] = body


class World:
    """One engine, one clock, and whatever the tasks reach."""

    def __init__(
        self, answer: Answer | None = None, objects: dict[str, bytes] | None = None, **options: Any
    ) -> None:
        self.line = VirtualTimeline(START)
        self.services = Services(answer, objects)
        self.engine = Engine(self.line, self.services, **options)
        self._machines = 0

    def start(self, definition: dict[str, Any], value: Any = None, **options: Any) -> Execution:
        """Start a machine of its own."""
        self._machines += 1
        machine = self.engine.create_state_machine(f"m{self._machines}", definition, role_arn=ROLE, **options)
        return self.engine.start_execution(machine.arn, json.dumps({} if value is None else value))

    def run(self, definition: dict[str, Any], value: Any = None, **options: Any) -> Execution:
        """Start a machine and run until nothing is left to happen."""
        execution = self.start(definition, value, **options)
        self.line.run_until_idle()
        return execution


def one(state: dict[str, Any], **machine: Any) -> dict[str, Any]:
    """A machine of one state, "Only", which is its end."""
    ending = {} if state["Type"] in ("Choice", "Fail", "Succeed") else {"End": True}
    return {"StartAt": "Only", "States": {"Only": {**state, **ending}}, **machine}


def row(**states: dict[str, Any]) -> dict[str, Any]:
    """A machine of states one after the other."""
    names = list(states)
    following: list[dict[str, Any]] = [*({"Next": name} for name in names[1:]), {"End": True}]
    bodies = {
        name: states[name] if states[name]["Type"] in ("Choice", "Fail", "Succeed") else {**states[name], **onward}
        for name, onward in zip(names, following, strict=True)
    }
    return {"StartAt": names[0], "States": bodies}


def task(**fields: Any) -> dict[str, Any]:
    """A task that calls the function."""
    return {"Type": "Task", "Resource": FUNCTION, **fields}


def types(execution: Execution) -> list[str]:
    """The types of the events, in order."""
    return [event["type"] for event in execution.history]


def failing(error: str = "Broken", cause: str = "on purpose") -> Answer:
    """A service that always fails."""

    def answer(call: TaskCall) -> Any:
        raise TaskError(error, cause)

    return answer


def never(call: TaskCall) -> Later:
    """A service that never answers."""
    return Later()
