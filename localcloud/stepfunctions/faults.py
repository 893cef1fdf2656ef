"""Faults on purpose: what a task does instead of its work, or beside it.

>>> faults = Faults()
>>> faults.on(state="Charge").throttles(times=2)
>>> faults.on(machine="campaign", state="Dial", map_index=3, attempt=0).crashes(after_work=True)
>>> faults.on(state="Report").takes(seconds=90)

`FaultyIntegrations(inner, faults)` is an `Integrations` that commits them, in real and in virtual time.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from localcloud.stepfunctions.errors import StepFunctionsError
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.task import (
    Integrations,
    JsonValue,
    Later,
    LaterResult,
    TaskCall,
    TaskError,
    TaskOutcome,
)

Answer = JsonValue | TaskOutcome | Later
Work = Callable[[], Answer]


class TokenAnswers(Protocol):
    """Where a task with a token is answered; the engine is one."""

    def send_task_success(self, token: str, output_json: str) -> None:
        """End the task well."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, and where. None in `machine`, `state`, `map_index` and `attempt` is any."""

    act: Callable[[TaskCall, Work], Answer]
    """Takes the call and the task's real work; answers in the task's place or raises TaskError."""
    machine: str | None = None
    state: str | None = None
    map_index: int | None = None
    attempt: int | None = None
    times: int | None = None
    """How often it happens in one state (and Map item) of one execution; None: always."""
    at_most: int | None = None
    """How often it happens in all executions together; None: as often as there are such calls."""

    def concerns(self, call: TaskCall) -> bool:
        """Whether the fault lies where this call is made; a machine's name also means its distributed Maps."""
        machine = call.state_machine_name
        if self.machine is not None and self.machine not in (machine, machine.partition("/")[0]):
            return False
        wanted = (self.state, self.map_index, self.attempt)
        actual = (call.state_name, call.map_index, call.attempt)
        return all(want is None or want == have for want, have in zip(wanted, actual, strict=True))


@dataclass(slots=True)
class Faults:
    """The faults of one engine; the first that concerns a call happens."""

    faults: list[Fault] = field(default_factory=list)
    happened: list[tuple[Fault, TaskCall]] = field(default_factory=list)
    """What was done to which call, in order."""
    _counts: Counter[tuple[int, str, str, int | None]] = field(default_factory=Counter)
    _totals: Counter[int] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def on(
        self,
        *,
        machine: str | None = None,
        state: str | None = None,
        map_index: int | None = None,
        attempt: int | None = None,
        at_most: int | None = None,
    ) -> FaultPlace:
        """Say where; the returned object's methods say what. `attempt` 0 is the first try.

        `at_most` 1 is the next call only, whichever execution makes it.
        """
        nothing = Fault(lambda _call, work: work(), machine, state, map_index, attempt, at_most=at_most)
        return FaultPlace(self, nothing)

    def clear(self) -> None:
        """Forget all faults and what has happened."""
        with self._lock:
            self.faults.clear()
            self.happened.clear()
            self._counts.clear()
            self._totals.clear()

    def take(self, call: TaskCall) -> Fault | None:
        """The fault to commit on this call; counts it."""
        with self._lock:
            for number, fault in enumerate(self.faults):
                key = (number, call.execution_arn, call.state_name, call.map_index)
                left = fault.times is None or self._counts[key] < fault.times
                left = left and (fault.at_most is None or self._totals[number] < fault.at_most)
                if left and fault.concerns(call):
                    self._counts[key] += 1
                    self._totals[number] += 1
                    self.happened.append((fault, call))
                    return fault
        return None


class FaultPlace:
    """Where a fault lies; each method adds one there."""

    def __init__(self, faults: Faults, place: Fault) -> None:
        self._faults = faults
        self._place = place

    def raises(self, error: str, cause: str = "", *, times: int | None = None, after_work: bool = False) -> None:
        """Fail with an error's name. `after_work`: the work is done first and its answer lost."""
        self._add(_failing(lambda _call: TaskError(error, cause), after_work=after_work), times)

    def times_out(self, *, times: int | None = None, after_work: bool = False) -> None:
        """Never answer, so that TimeoutSeconds ends the task; without one it fails with States.Timeout at once."""

        def act(call: TaskCall, work: Work) -> Answer:
            if after_work:
                work()
            if call.timeout_seconds is None:
                raise TaskError("States.Timeout")
            return Later()

        self._add(act, times)

    def crashes(self, *, times: int | None = None, after_work: bool = False) -> None:
        """The process that does the work dies: Runtime.ExitError for a function."""
        self._add(_failing(_crash, after_work=after_work), times)

    def throttles(self, times: int) -> None:
        """Refuse the first `times` calls as the service does when there are too many."""
        self._add(_failing(_throttle, after_work=False), times)

    def returns(self, value: JsonValue, *, times: int | None = None) -> None:
        """Answer with a value instead of working; a task with a token is answered as its worker would."""
        self._add(lambda _call, _work: value, times)

    def answers_twice(self, *, times: int | None = None) -> None:
        """Do the work twice, as at-least-once delivery may; the first answer counts."""

        def act(_call: TaskCall, work: Work) -> Answer:
            first = work()
            work()
            return first

        self._add(act, times)

    def takes(self, seconds: float, *, times: int | None = None) -> None:
        """Answer `seconds` later on the timeline than the work does. Errors are not held back."""
        self._add(lambda _call, work: _delayed(work(), seconds), times)

    def _add(self, act: Callable[[TaskCall, Work], Answer], times: int | None) -> None:
        self._faults.faults.append(replace(self._place, act=act, times=times))


class WrappedIntegrations(Integrations):
    """Integrations around others; S3 objects of Maps are read and written by those inside."""

    def __init__(self, inner: Integrations) -> None:
        self._inner = inner

    def read_object(self, bucket: str, key: str) -> bytes:
        """See `Integrations.read_object`."""
        return self._inner.read_object(bucket, key)

    def list_objects(self, bucket: str, prefix: str) -> list[dict[str, JsonValue]]:
        """See `Integrations.list_objects`."""
        return self._inner.list_objects(bucket, prefix)

    def write_object(self, bucket: str, key: str, body: bytes) -> None:
        """See `Integrations.write_object`."""
        self._inner.write_object(bucket, key, body)


class FaultyIntegrations(WrappedIntegrations):
    """Integrations that fail as `faults` says.

    `answers` leads to where tokens are answered: FaultyIntegrations(inner, faults, lambda: engine). Without it,
    a fault that answers a task with a token in its worker's place is refused.
    """

    def __init__(
        self, inner: Integrations, faults: Faults, answers: Callable[[], TokenAnswers] | None = None
    ) -> None:
        super().__init__(inner)
        self._faults = faults
        self._answers = answers

    def call(self, call: TaskCall) -> Answer:
        """See `Integrations.call`."""
        fault = self._faults.take(call)
        if fault is None:
            return self._inner.call(call)
        worked = False

        def work() -> Answer:
            nonlocal worked
            worked = True
            return self._inner.call(call)

        answer = fault.act(call, work)
        if call.task_token is None or worked or isinstance(answer, Later):
            return answer
        return self._answer_token(call.task_token, answer)

    def _answer_token(self, token: str, value: JsonValue) -> JsonValue:
        if self._answers is None:
            raise TaskError(
                "States.Runtime", "A task with a token cannot be answered here: `answers` was not given"
            )
        answer_token(self._answers(), token, value)
        return {}


def answer_token(answers: TokenAnswers, token: str, value: JsonValue) -> None:
    """End a task with a token in its worker's place; one that has ended already stays as it is."""
    try:
        answers.send_task_success(token, dumps(value))
    except StepFunctionsError:
        return


def _failing(error: Callable[[TaskCall], TaskError], *, after_work: bool) -> Callable[[TaskCall, Work], Answer]:
    def act(call: TaskCall, work: Work) -> Answer:
        if after_work:
            work()
        raise error(call)

    return act


def _is_function(call: TaskCall) -> bool:
    return ":function:" in call.resource or ":::lambda:invoke" in call.resource


def _crash(call: TaskCall) -> TaskError:
    if not _is_function(call):
        return TaskError("States.TaskFailed", "The worker ended with exit code 1")
    message = f"RequestId: {call.execution_name} Error: Runtime exited with error: exit status 1"
    return TaskError("Runtime.ExitError", dumps({"errorType": "Runtime.ExitError", "errorMessage": message}))


_THROTTLES = {
    "dynamodb": ("DynamoDB.ProvisionedThroughputExceededException", "AmazonDynamoDBv2", 400),
    "ecs": ("ECS.ThrottlingException", "AmazonECS", 400),
    "events": ("EventBridge.ThrottlingException", "AmazonCloudWatchEvents", 400),
    "sns": ("SNS.ThrottledException", "AmazonSNS", 429),
    "sqs": ("SQS.RequestThrottledException", "AmazonSQS", 403),
}


def _throttle(call: TaskCall) -> TaskError:
    service = call.resource.split(":::")[-1].split(":")[0]
    name, who, status = _THROTTLES.get(service, ("Lambda.TooManyRequestsException", "Lambda", 429))
    request = f"Request ID: {call.execution_name}"
    return TaskError(name, f"Rate Exceeded. (Service: {who}, Status Code: {status}, {request})")


def _delayed(answer: Answer, seconds: float) -> Answer:
    if not isinstance(answer, Later):
        return _slower(answer if isinstance(answer, TaskOutcome) else TaskOutcome(answer), seconds)
    inner, outer = answer, Later()
    outer.on_cancel(inner.cancel)

    def ended(result: LaterResult) -> None:
        if isinstance(result, TaskError):
            outer.fail(result.error, result.cause)
        else:
            outer.complete(_slower(result, seconds))

    inner.watch(ended)
    return outer


def _slower(outcome: TaskOutcome, seconds: float) -> TaskOutcome:
    return TaskOutcome(outcome.value, outcome.log_lines, outcome.seconds + seconds)
