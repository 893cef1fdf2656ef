"""AWS's MockConfigFile.json: test cases that give tasks prepared answers instead of calling services.

    {"StateMachines": {"Orders": {"TestCases": {"Retry": {"Charge": "ChargeRetry"}}}},
     "MockedResponses": {"ChargeRetry": {"0-1": {"Throw": {"Error": "Lambda.TimeoutException"}},
                                         "2": {"Return": {"StatusCode": 200, "Payload": {}}}}}}

Attempts are counted from 0 over all calls a state makes in one execution. An execution runs a test case when it
is started on "<state machine ARN>#<test case>", as Step Functions Local has it. Children of a distributed Map are
executions of their own and run no test case.
https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from localcloud.stepfunctions.faults import Answer, TokenAnswers, WrappedIntegrations, answer_token
from localcloud.stepfunctions.task import Integrations, JsonValue, TaskCall, TaskError
from localcloud.stepfunctions.validation.machine import states_of

_ATTEMPTS = re.compile(r"(\d+)(?:-(\d+))?")


class InvalidMockConfigError(ValueError):
    """The configuration cannot be used; `problems` has everything that is wrong with it, by place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class UnknownTestCaseError(LookupError):
    """No such machine or test case; the message names those there are."""


class ResultFaults(Protocol):
    """What in a value cannot be a result of a resource; see `integrations.result_check.ResultCheck.faults`."""

    def __call__(self, resource: str, value: JsonValue) -> list[str]:
        """Return one text for each fault."""


@dataclass(frozen=True, slots=True)
class MockedAttempts:
    """The answer to calls number `first` to `last`: a value, or an error when `error` is set."""

    first: int
    last: int
    value: JsonValue = None
    error: str | None = None
    cause: str = ""


Response = tuple[MockedAttempts, ...]


class MockConfig:
    """A configuration read and checked as far as it goes without the machines' definitions."""

    def __init__(self, config: Any) -> None:
        """Raises InvalidMockConfigError."""
        problems: list[str] = []
        self._responses = _read_responses(config, problems)
        self.test_cases = _read_test_cases(config, self._responses, problems)
        """Machine -> test case -> state -> the name of its mocked response."""
        if problems:
            raise InvalidMockConfigError(problems)

    @classmethod
    def read(cls, path: str | Path) -> MockConfig:
        """Read a file. Raises OSError and InvalidMockConfigError."""
        try:
            return cls(json.loads(Path(path).read_text(encoding="utf-8")))
        except json.JSONDecodeError as error:
            raise InvalidMockConfigError([f"{error.msg}: line {error.lineno}, column {error.colno}"]) from error

    def test_case(self, machine: str, name: str) -> dict[str, Response]:
        """The mocked states of a test case. Raises UnknownTestCaseError."""
        cases = self.test_cases.get(machine)
        if cases is None:
            raise UnknownTestCaseError(f"No machine '{machine}' is mocked; there are: {_listed(self.test_cases)}")
        if name not in cases:
            raise UnknownTestCaseError(
                f"The machine '{machine}' has no test case '{name}'; there are: {_listed(cases)}"
            )
        return {state: self._responses[response] for state, response in cases[name].items()}

    def check(self, definitions: Mapping[str, dict[str, Any]], result_faults: ResultFaults) -> None:
        """Hold the test cases against the machines' definitions, by name, and each Return against its service.

        Raises InvalidMockConfigError with everything that does not fit.
        """
        problems: list[str] = []
        for machine, cases in self.test_cases.items():
            if machine not in definitions:
                problems.append(f"/StateMachines/{machine}: there is no such machine")
                continue
            states = {place.rpartition("/")[2]: state for place, state in states_of(definitions[machine])}
            for case, mocked in cases.items():
                for name, response in mocked.items():
                    place = f"/StateMachines/{machine}/TestCases/{case}/{name}"
                    problems += self._check_state(states.get(name), response, place, result_faults)
        if problems:
            raise InvalidMockConfigError(problems)

    def _check_state(
        self, state: dict[str, Any] | None, response: str, place: str, result_faults: ResultFaults
    ) -> list[str]:
        if state is None:
            return [f"{place}: the machine has no such state"]
        if state.get("Type") != "Task":
            return [f"{place}: only Task states can be mocked, and this is a {state.get('Type')} state"]
        return [
            f"/MockedResponses/{response}/{attempts.first}/Return: {fault} (mocks {state['Resource']} at {place})"
            for attempts in self._responses[response]
            if attempts.error is None
            for fault in result_faults(state["Resource"], attempts.value)
        ]


class MockedIntegrations(WrappedIntegrations):
    """Integrations in which executions that run a test case get its answers.

    `answers` leads to where tokens are answered, as in `FaultyIntegrations`.
    """

    def __init__(self, inner: Integrations, config: MockConfig, answers: Callable[[], TokenAnswers]) -> None:
        super().__init__(inner)
        self._config = config
        self._answers = answers
        self._running: dict[tuple[str, str], dict[str, Response]] = {}
        self._calls: Counter[tuple[str, str, str]] = Counter()
        self._lock = threading.Lock()

    def begin(self, machine: str, execution_name: str, test_case: str) -> None:
        """Let the machine's execution of that name run a test case. Raises UnknownTestCaseError."""
        states = self._config.test_case(machine, test_case)
        with self._lock:
            self._running[machine, execution_name] = states

    def call(self, call: TaskCall) -> Answer:
        """See `Integrations.call`."""
        states = self._running.get((call.state_machine_name, call.execution_name), {})
        if call.state_name not in states:
            return self._inner.call(call)
        attempts = self._next_answer(call, states[call.state_name])
        if attempts.error is not None:
            raise TaskError(attempts.error, attempts.cause)
        if call.task_token is not None:
            answer_token(self._answers(), call.task_token, attempts.value)
            return {}
        return attempts.value

    def _next_answer(self, call: TaskCall, response: Response) -> MockedAttempts:
        key = (call.state_machine_name, call.execution_name, call.state_name)
        with self._lock:
            number = self._calls[key]
            self._calls[key] += 1
        for attempts in response:
            if attempts.first <= number <= attempts.last:
                return attempts
        raise TaskError("States.Runtime", f"No mocked response for attempt {number} of state '{call.state_name}'")


def _read_responses(config: Any, problems: list[str]) -> dict[str, Response]:
    responses: dict[str, Response] = {}
    for name, attempts in _object(config, "MockedResponses", "", problems).items():
        place = f"/MockedResponses/{name}"
        if not isinstance(attempts, dict) or not attempts:
            problems.append(f"{place}: should be an object of attempts")
            continue
        read = [_read_attempts(key, answer, f"{place}/{key}", problems) for key, answer in attempts.items()]
        responses[name] = tuple(sorted((one for one in read if one is not None), key=lambda one: one.first))
        for before, after in zip(responses[name], responses[name][1:], strict=False):
            if after.first <= before.last:
                problems.append(f"{place}: attempt {after.first} is answered twice")
    return responses


def _read_attempts(key: str, answer: Any, place: str, problems: list[str]) -> MockedAttempts | None:
    match = _ATTEMPTS.fullmatch(key)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        problems.append(f'{place}: attempts should be a number or a range such as "1-2"')
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    if not isinstance(answer, dict) or len(answer) != 1 or not answer.keys() <= {"Return", "Throw"}:
        problems.append(f"{place}: should have either Return or Throw")
        return None
    if "Return" in answer:
        return MockedAttempts(first, last, answer["Return"])
    thrown = answer["Throw"]
    if not isinstance(thrown, dict) or not isinstance(thrown.get("Error"), str):
        problems.append(f"{place}/Throw: should have an Error and may have a Cause")
        return None
    return MockedAttempts(first, last, error=thrown["Error"], cause=str(thrown.get("Cause", "")))


def _read_test_cases(
    config: Any, responses: dict[str, Response], problems: list[str]
) -> dict[str, dict[str, dict[str, str]]]:
    machines: dict[str, dict[str, dict[str, str]]] = {}
    for machine, body in _object(config, "StateMachines", "", problems).items():
        place = f"/StateMachines/{machine}"
        machines[machine] = {}
        for case, states in _object(body, "TestCases", place, problems).items():
            here = f"{place}/TestCases/{case}"
            if not isinstance(states, dict):
                problems.append(f"{here}: should be an object of states")
                continue
            machines[machine][case] = states
            problems += [
                f"{here}/{state}: there is no mocked response {name!r}"
                for state, name in states.items()
                if not isinstance(name, str) or name not in responses
            ]
    return machines


def _object(owner: Any, name: str, place: str, problems: list[str]) -> dict[str, Any]:
    value = owner.get(name) if isinstance(owner, dict) else None
    if isinstance(value, dict):
        return value
    problems.append(f"{place}/{name}: should be an object")
    return {}


def _listed(names: Mapping[str, Any]) -> str:
    return ", ".join(sorted(names)) or "none"
