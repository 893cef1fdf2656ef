"""One try of a Task: its events, its timers, and whichever end comes first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from localcloud.stepfunctions.failures import (
    DATA_LIMIT_EXCEEDED,
    HEARTBEAT_TIMEOUT,
    TIMEOUT,
    StateFailure,
    too_large,
)
from localcloud.stepfunctions.json_text import size
from localcloud.stepfunctions.limits import PAYLOAD_BYTES
from localcloud.stepfunctions.states.resource import Resource
from localcloud.stepfunctions.task import JsonValue, Later, LaterResult, TaskCall, TaskError, TaskOutcome
from localcloud.stepfunctions.timeline import Timer

if TYPE_CHECKING:
    from localcloud.stepfunctions.frame import Frame

Finish = Callable[["Frame", TaskOutcome], bool]


class HeartbeatFailure(StateFailure):
    """No heartbeat in time: histories call it States.Timeout, Retry and Catch know both names."""

    def __init__(self) -> None:
        super().__init__(TIMEOUT)

    def matches(self, names: tuple[str, ...]) -> bool:
        """See `StateFailure.matches`."""
        return HEARTBEAT_TIMEOUT in names or super().matches(names)


class Attempt:
    """Open until the first of: answer, error, time-out, missed heartbeat, cancellation."""

    __slots__ = (
        "_arguments",
        "_finish",
        "_heartbeat_seconds",
        "_later",
        "_resource",
        "_role_arn",
        "_submitted",
        "_timeout_seconds",
        "_timers",
        "_waiting_answer",
        "closed",
        "frame",
        "token",
    )

    def __init__(
        self,
        frame: Frame,
        resource: Resource,
        arguments: JsonValue,
        role_arn: str | None,
        timeout_seconds: float | None,
        heartbeat_seconds: float | None,
    ) -> None:
        self.frame = frame
        self.token = frame.task_token
        self.closed = False
        self._resource = resource
        self._arguments = arguments
        self._role_arn = role_arn
        self._timeout_seconds = timeout_seconds
        self._heartbeat_seconds = heartbeat_seconds
        self._timers: dict[str, Timer] = {}
        self._later: Later | None = None
        self._submitted = False
        self._waiting_answer: LaterResult | None = None

    def start(self, finish: Finish) -> None:
        """Send the call; `finish` is the frame's next step when it succeeds."""
        self._finish = finish
        self._emit_scheduled()
        engine = self.frame.execution.engine
        if self.token is not None:
            engine.tokens.open(self.token, self)
        if self._timeout_seconds is not None:
            self._set_timer("timeout", self._timeout_seconds, self._timed_out)
        self.heartbeat()
        call = self._call()
        engine.timeline.submit(lambda: engine.integrations.call(call), self._called)

    def heartbeat(self) -> None:
        """The worker is alive: wait for its next sign from now on."""
        if self._heartbeat_seconds is not None:
            self._set_timer("heartbeat", self._heartbeat_seconds, self._missed_heartbeat)

    def answer(self, result: LaterResult) -> None:
        """The token's owner ends the task. Counts from here: a timer that is due later does not take it back."""
        if self._submitted:
            self._stop_timers("timeout", "heartbeat")
            self._soon(lambda: self._settle(result))
        else:
            # It was quicker than the call that handed it the token. Should that never return, the timeout ends it.
            self._waiting_answer = result

    def cancel(self) -> None:
        """See `Cancellable.cancel`."""
        self._close()
        if self._later is not None:
            self._later.cancel()

    # -- how the call comes back

    def _called(self, result: JsonValue | TaskOutcome | Later | BaseException) -> None:
        if isinstance(result, Later):
            if self.closed:
                result.cancel()
                return
            self._later = result
            result.watch(lambda ended: self._soon(lambda: self._returned(ended)))
        elif isinstance(result, TaskError):
            self._returned(result)
        elif isinstance(result, BaseException):
            self._returned(TaskError("States.TaskFailed", f"{type(result).__name__}: {result}"))
        else:
            self._returned(result if isinstance(result, TaskOutcome) else TaskOutcome(result))

    def _returned(self, result: LaterResult) -> None:
        if self.closed:
            return
        seconds = result.seconds if isinstance(result, TaskOutcome) else 0.0
        if seconds > 0:
            self._set_timer("work", seconds, lambda: self._arrived(result))
        else:
            self._arrived(result)

    def _arrived(self, result: LaterResult) -> None:
        if self.closed:
            return
        with self.frame.execution.engine.lock:
            visit = self.frame.visit
            visit.log_lines = [*visit.log_lines, *result.log_lines]
            if self.token is None or isinstance(result, TaskError):
                self._settle(result)
                return
            self._submitted = True
            self.frame.resume(lambda frame: self._tell_submitted(frame, result))
            if self._waiting_answer is not None:
                self._settle(self._waiting_answer)

    def _tell_submitted(self, frame: Frame, outcome: TaskOutcome) -> bool:
        self._emit("Submitted", "output", outcome.value)
        return frame.wait_for(self)

    # -- how it ends

    def _settle(self, result: LaterResult) -> None:
        if self.closed:
            return
        self._close()
        if isinstance(result, TaskError):
            self.frame.resume(lambda frame: self._fail(result))
        else:
            self.frame.resume(lambda frame: self._succeed(frame, result))

    def _succeed(self, frame: Frame, outcome: TaskOutcome) -> bool:
        if size(outcome.value) > PAYLOAD_BYTES:
            return self._fail(TaskError(DATA_LIMIT_EXCEEDED, too_large(self._resource.owner)))
        if not self._resource.is_function and self._resource.waits_for_job:
            self._emit("Submitted", "output", outcome.value)
        self._emit("Succeeded", "output", outcome.value)
        return self._finish(frame, outcome)

    def _fail(self, error: TaskError) -> bool:
        details: dict[str, JsonValue] = {"error": error.error}
        if error.cause:
            details["cause"] = error.cause
        self._emit_details("TimedOut" if error.error == TIMEOUT else "Failed", details)
        raise StateFailure(error.error, error.cause or None)

    def _timed_out(self) -> None:
        self._expire(StateFailure(TIMEOUT))

    def _missed_heartbeat(self) -> None:
        self._expire(HeartbeatFailure())

    def _expire(self, failure: StateFailure) -> None:
        if self.closed:
            return
        if (answered := self._waiting_answer) is not None:
            if self._later is not None:
                self._later.cancel()
            self._soon(lambda: self._settle(answered))
            return
        self.cancel()

        def fail(_frame: Frame) -> bool:
            raise failure

        def tell(frame: Frame) -> bool:
            self._emit_details("TimedOut", {"error": failure.error})
            # What else is due at this very moment is told first: then siblings are aborted.
            return frame.wait_for(frame.execution.timer(0.0, frame, fail))

        self.frame.execution.engine.resume(self.frame, tell)

    def _close(self) -> None:
        self.closed = True
        self._stop_timers()
        if self.token is not None:
            self.frame.execution.engine.tokens.close(self.token)

    # -- timers and events

    def _soon(self, job: Callable[[], None]) -> None:
        self.frame.execution.engine.soon(job)

    def _set_timer(self, name: str, seconds: float, job: Callable[[], None]) -> None:
        running = self._timers.pop(name, None)
        if running is not None:
            running.cancel()
        self._timers[name] = self.frame.execution.after(seconds, job)

    def _stop_timers(self, *names: str) -> None:
        """Cancel the timers of these names, or all."""
        for name in names or tuple(self._timers):
            if (timer := self._timers.pop(name, None)) is not None:
                timer.cancel()

    def _call(self) -> TaskCall:
        frame, execution = self.frame, self.frame.execution
        return TaskCall(
            resource=self._resource.text,
            arguments=self._arguments,
            state_name=frame.state.name,
            execution_arn=execution.arn,
            execution_name=execution.name,
            state_machine_arn=execution.state_machine_arn,
            state_machine_name=execution.state_machine_name,
            attempt=frame.retry_count,
            map_index=execution.map_index if frame.map_item is None else frame.map_item["Index"],
            task_token=self.token,
            timeout_seconds=self._timeout_seconds,
            role_arn=self._role_arn,
            region=execution.engine.region,
            account_id=execution.engine.account_id,
        )

    def _emit_scheduled(self) -> None:
        resource, frame = self._resource, self.frame
        details: dict[str, JsonValue]
        if resource.is_function:
            details = {"input": self._arguments, "resource": resource.text}
        else:
            details = {
                "parameters": self._arguments,
                "region": frame.execution.engine.region,
                "resource": resource.action,
                "resourceType": resource.service,
            }
            if self._heartbeat_seconds is not None:
                details["heartbeatInSeconds"] = int(self._heartbeat_seconds)
        if self._role_arn is not None:
            details["taskCredentials"] = {"roleArn": self._role_arn}
        if self._timeout_seconds is not None:
            details["timeoutInSeconds"] = int(self._timeout_seconds)
        if resource.is_function:
            frame.emit("LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails", details)
            frame.emit("LambdaFunctionStarted")
        else:
            frame.emit("TaskScheduled", "taskScheduledEventDetails", details)
            self._emit_details("Started", {})

    def _emit(self, what: str, name: str, value: JsonValue) -> None:
        self._emit_details(what, {name: value})

    def _emit_details(self, what: str, details: dict[str, JsonValue]) -> None:
        """A LambdaFunction... or Task... event, the latter with its resource."""
        if self._resource.is_function:
            self.frame.emit(f"LambdaFunction{what}", f"lambdaFunction{what}EventDetails", details)
            return
        about = {"resource": self._resource.action, "resourceType": self._resource.service}
        self.frame.emit(f"Task{what}", f"task{what}EventDetails", {**details, **about})
