"""State machines: definitions compiled once into states."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from localcloud.stepfunctions.errors import InvalidDefinition
from localcloud.stepfunctions.frame import Program
from localcloud.stepfunctions.states import (
    ChoiceState,
    DistributedMapState,
    FailState,
    InlineMapState,
    ParallelState,
    PassState,
    State,
    SucceedState,
    TaskState,
    WaitState,
)
from localcloud.stepfunctions.task import JsonValue
from localcloud.stepfunctions.validation import validate

Definition = dict[str, Any]
JSONPATH = "JSONPath"

_SIMPLE: dict[str, Callable[[str, Definition, str], State]] = {
    "Pass": PassState,
    "Succeed": SucceedState,
    "Fail": FailState,
    "Choice": ChoiceState,
    "Wait": WaitState,
    "Task": TaskState,
}


class StateMachine:
    """A machine ready to run. An update gives a new one: what runs goes on with the old."""

    def __init__(
        self,
        arn: str,
        name: str,
        definition: Definition | str,
        *,
        role_arn: str,
        machine_type: str,
        created_at: float,
    ) -> None:
        self.arn = arn
        self.name = name
        self.role_arn = role_arn
        self.type = machine_type
        self.created_at = created_at
        self.definition_text = definition if isinstance(definition, str) else json.dumps(definition)
        self.definition, self.program = _compiled(self.definition_text, machine_type == "EXPRESS")
        self.timeout_seconds: float | None = self.definition.get("TimeoutSeconds")


@functools.lru_cache(maxsize=32)
def _compiled(text: str, express: bool) -> tuple[Definition, Program]:
    """Read and compile a definition once, however many machines are made of it: running changes neither."""
    definition = read_definition(text, express=express)
    return definition, compile_program(definition, definition.get("QueryLanguage", JSONPATH))


def read_definition(definition: Definition | str, *, express: bool = False) -> Definition:
    """The definition as an object. Raises InvalidDefinition with every problem."""
    problems = [str(problem) for problem in validate(definition, express=express) if problem.severity == "ERROR"]
    if problems:
        raise InvalidDefinition(problems)
    return json.loads(definition) if isinstance(definition, str) else definition


def compile_program(body: Definition, language: str) -> Program:
    """The states of a machine, a branch or an item processor, which has been validated."""
    states = {name: compile_state(name, state, language) for name, state in body["States"].items()}
    return Program(body["StartAt"], states)


def compile_state(name: str, body: Definition, language: str) -> State:
    """One state, which has been validated; `language` is the machine's."""
    kind, chosen = body["Type"], body.get("QueryLanguage", language)
    if kind == "Parallel":
        branches = tuple(compile_program(branch, language) for branch in body["Branches"])
        return ParallelState(name, body, chosen, branches)
    if kind == "Map":
        return _compile_map(name, body, language, chosen)
    return _SIMPLE[kind](name, body, chosen)


def _compile_map(name: str, body: Definition, language: str, chosen: str) -> State:
    processor: JsonValue = body["ItemProcessor"] if "ItemProcessor" in body else body["Iterator"]
    program = compile_program(processor, language)
    config = processor.get("ProcessorConfig", {})
    if config.get("Mode") == "DISTRIBUTED":
        return DistributedMapState(name, body, chosen, program, config.get("ExecutionType", "STANDARD"))
    return InlineMapState(name, body, chosen, program)
