"""The child executions of one distributed Map, from the first to the result."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.failures import LocatedFailure, StateFailure
from localcloud.stepfunctions.frame import Frame
from localcloud.stepfunctions.map_run import MapRun
from localcloud.stepfunctions.states.item_reader import FAILED as ITEM_READER_FAILED
from localcloud.stepfunctions.states.item_reader import Read
from localcloud.stepfunctions.states.result_writer import FAILED as RESULT_WRITER_FAILED
from localcloud.stepfunctions.status import ABORTED, EXPRESS, FAILED, RUNNING, SUCCEEDED
from localcloud.stepfunctions.task import Integrations, JsonValue, TaskError

if TYPE_CHECKING:
    from localcloud.stepfunctions.states.map_distributed import DistributedMapState

_EXCEEDED = "States.ExceedToleratedFailureThreshold"


class MapChildren:
    """Starts `width` children at once and counts how they end."""

    def __init__(
        self, state: DistributedMapState, frame: Frame, value: JsonValue, width: int, tolerated: tuple[int, float]
    ) -> None:
        self._state = state
        self.frame = frame
        self._value = value
        self._inputs: list[JsonValue] | None = None
        """What each child starts with; None until the items have been read."""
        self._running = 0
        self._ended = 0
        self._failed = 0
        self._waiting: deque[int] = deque()
        self._closed = False
        execution = frame.execution
        self._machine_name = f"{execution.state_machine_name}/{state.label or uuid.uuid4().hex}"
        engine = execution.engine
        self.run = MapRun(
            arn=f"arn:aws:states:{engine.region}:{engine.account_id}:mapRun:{self._machine_name}:{uuid.uuid4()}",
            execution_arn=execution.arn,
            state_machine_arn=f"{execution.state_machine_arn}/{self._machine_name.partition('/')[2]}",
            max_concurrency=width,
            tolerated_failure_count=tolerated[0],
            tolerated_failure_percentage=tolerated[1],
            started_at=execution.now(),
        )
        self.run.fill = self._fill
        engine.map_runs[self.run.arn] = self.run
        frame.join = self
        frame.emit("MapRunStarted", "mapRunStartedEventDetails", {"mapRunArn": self.run.arn})

    def read(self, read: Read) -> bool:
        """Read the items beside the loop, then start on them."""
        return self._work(read, lambda _frame, result: self.start(self._items(result)))

    def start(self, items: list[JsonValue]) -> bool:
        """Start children for the items."""
        try:
            self._inputs = self._state.child_inputs(self.frame, self._value, items)
        except StateFailure as failure:
            self._close(FAILED)
            raise self._told(failure) from failure
        self._waiting.extend(range(len(self._inputs)))
        self.run.item_count, self.run.total = len(items), len(self._inputs)
        if not self._inputs:
            return self._finish(self.frame)
        self.frame.wait_for(self)
        self._fill()
        return False

    def redrive(self, frame: Frame) -> bool:
        """Run the children that did not succeed once more, and those that never started."""
        if self._inputs is None:
            return self._state.run(frame)
        self._closed = False
        unsuccessful = [number for number, child in self.run.executions.items() if child.status != SUCCEEDED]
        self._waiting.extendleft(sorted(unsuccessful, reverse=True))
        self._running = self._failed = 0
        self._ended = len(self.run.executions) - len(unsuccessful)
        self.run.status, self.run.stopped_at = RUNNING, None
        self.run.redrive_count += 1
        self.run.redriven_at = frame.execution.now()
        details = {"mapRunArn": self.run.arn, "redriveCount": self.run.redrive_count}
        frame.emit("MapRunRedriven", "mapRunRedrivenEventDetails", details)
        if not self._waiting:  # all children succeeded, their results could not be written
            return self._finish(frame)
        frame.wait_for(self)
        self._fill()
        return False

    def cancel(self) -> None:
        """See `Cancellable.cancel`."""
        self.abort(None)

    def abort(self, previous_event_id: int | None) -> None:
        """See `Joined.abort`."""
        self._close(ABORTED)
        if previous_event_id is not None:
            self.frame.execution.emit("MapRunAborted", previous_event_id)

    def _work(
        self,
        work: Callable[[Integrations], JsonValue],
        then: Callable[[Frame, JsonValue | BaseException], bool],
    ) -> bool:
        """Do `work` beside the loop, then go on with its result or with what it raised."""
        engine = self.frame.execution.engine

        def done(result: JsonValue | BaseException) -> None:
            if not self._closed:
                engine.resume(self.frame, lambda frame: then(frame, result))

        self.frame.wait_for(self)
        engine.timeline.submit(lambda: work(engine.integrations), done)
        return False

    def _fill(self) -> None:
        while self._waiting and self._running < self.run.max_concurrency and not self._closed:
            number = self._waiting.popleft()
            self._running += 1
            there = self.run.executions.get(number)
            if there is not None and there.type != EXPRESS:
                there.on_end += (self._child_ended,)
                there.redrive()
            else:
                self._start_child(number)

    def _start_child(self, number: int) -> None:
        parent, engine = self.frame.execution, self.frame.execution.engine
        assert self._inputs is not None
        name = str(uuid.uuid4())
        value = self._inputs[number]
        child = Execution(
            engine,
            parent.machine,
            f"arn:aws:states:{engine.region}:{engine.account_id}:execution:{self._machine_name}:{name}",
            name,
            value,
            None,
            machine_type=self._state.execution_type,
            map_run_arn=self.run.arn,
            map_index=number,
        )
        child.state_machine_arn = self.run.state_machine_arn
        child.state_machine_name = self._machine_name
        child.on_end += (self._child_ended,)
        self.run.executions[number] = child
        engine.start_child(child, Frame(child, self._state.processor, value))

    def _child_ended(self, child: Execution) -> None:
        self._running -= 1
        self._ended += 1
        if self._closed:
            return
        if child.status != SUCCEEDED:
            self._failed += 1
            if self._too_many_failed():
                self._close(FAILED)
                self.frame.execution.engine.resume_soon(self.frame, self._fail)
                return
        if self._ended == self.run.total:
            self.frame.execution.engine.resume_soon(self.frame, self._finish)
        else:
            self._fill()

    def _too_many_failed(self) -> bool:
        """AWS: either threshold is enough; without any, one failure is too many."""
        count, percentage = self.run.tolerated_failure_count, self.run.tolerated_failure_percentage
        above_count = self._failed > count
        above_percentage = self._failed * 100 > percentage * self.run.total
        if not percentage:
            return above_count
        return above_percentage if not count else above_count or above_percentage

    def _close(self, status: str) -> None:
        self._closed = True
        self.run.status = status
        self.run.stopped_at = self.frame.execution.now()
        for child in self.run.executions.values():
            if not child.ended:
                child.abort(None, None)

    def _items(self, result: JsonValue | BaseException) -> list[JsonValue]:
        """The items read, or the failure to read them."""
        if not isinstance(result, BaseException):
            items: list[JsonValue] = result
            return items
        cause = result.cause if isinstance(result, (StateFailure, TaskError)) else str(result)
        self._close(FAILED)
        raise self._told(LocatedFailure(ITEM_READER_FAILED, cause))

    def _fail(self, frame: Frame) -> bool:
        raise self._told(StateFailure(_EXCEEDED, "The specified tolerated failure threshold was exceeded"))

    def _told(self, failure: StateFailure) -> StateFailure:
        """Tell the history that the run failed."""
        failure = self.frame.told(failure)
        details = {"error": failure.error, "cause": failure.cause}
        self.frame.emit("MapRunFailed", "mapRunFailedEventDetails", details)
        return failure

    def _finish(self, frame: Frame) -> bool:
        """All children have ended, few enough of them badly."""
        writer = self._state.writer
        if writer is None:
            return self._conclude(frame, [child.output for child in self._succeeded()])
        try:
            write = writer.prepare(frame, self._value, self.run)
        except StateFailure as failure:
            self._close(FAILED)
            raise self._told(failure) from failure
        return self._work(write, self._written)

    def _written(self, frame: Frame, result: JsonValue | BaseException) -> bool:
        if isinstance(result, BaseException):
            cause = result.cause if isinstance(result, (StateFailure, TaskError)) else str(result)
            self._close(FAILED)
            raise self._told(StateFailure(RESULT_WRITER_FAILED, cause))
        return self._conclude(frame, result)

    def _conclude(self, frame: Frame, result: JsonValue) -> bool:
        self._closed = True
        self.run.status = SUCCEEDED
        self.run.stopped_at = frame.execution.now()
        frame.emit("MapRunSucceeded")
        frame.execution.emit("MapStateSucceeded", frame.last_event_id)
        frame.visit.raw_result = result
        return frame.leave(self._state.flow.conclude(frame, self._value, result), self._state.next)

    def _succeeded(self) -> list[Execution]:
        children = (self.run.executions[number] for number in sorted(self.run.executions))
        return [child for child in children if child.status == SUCCEEDED]
