"""The interpreter: state machines, their executions, and the loop that moves them.

One timeline runs everything: waiting, branches and items cost no thread. Operations may be called from any
thread; what they start happens on the timeline.

>>> from localcloud.stepfunctions import VirtualTimeline
>>> line = VirtualTimeline()
>>> engine = Engine(line, Integrations())
>>> machine = engine.create_state_machine(
...     "hello", {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 42, "End": True}}}, role_arn="")
>>> execution = engine.start_execution(machine.arn)
>>> line.run_until_idle(); execution.status, execution.output
('SUCCEEDED', 42)
"""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable

from localcloud.stepfunctions.errors import (
    ExecutionAlreadyExists,
    ExecutionDoesNotExist,
    ExecutionNotRedrivable,
    InvalidExecutionInput,
    InvalidName,
    InvalidOutput,
    ResourceNotFound,
    StateMachineAlreadyExists,
    StateMachineDoesNotExist,
    StateMachineTypeNotSupported,
)
from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.frame import Frame, Step
from localcloud.stepfunctions.json_text import read_payload
from localcloud.stepfunctions.limits import EXPRESS_SECONDS, STANDARD_SECONDS
from localcloud.stepfunctions.listener import EngineListener
from localcloud.stepfunctions.machine import Definition, StateMachine
from localcloud.stepfunctions.map_run import MapRun
from localcloud.stepfunctions.nested import NestedExecutions
from localcloud.stepfunctions.status import EXPRESS, STANDARD
from localcloud.stepfunctions.task import Integrations, TaskError, TaskOutcome
from localcloud.stepfunctions.timeline import Timeline
from localcloud.stepfunctions.tokens import TokenBook

_NAME = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}")
_MACHINE_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


class Engine:
    """All machines and executions of one local account and region."""

    def __init__(
        self,
        timeline: Timeline,
        integrations: Integrations,
        *,
        account_id: str = "123456789012",
        region: str = "us-east-1",
        faults: Callable[[Integrations], Integrations] | None = None,
        listener: EngineListener | None = None,
    ) -> None:
        """`faults` wraps what tasks call, startExecution included, to make calls fail on purpose."""
        self.timeline = timeline
        self.account_id = account_id
        self.region = region
        self.listener = listener
        self.lock = threading.RLock()
        """Held by whoever reads or changes executions."""
        self.tokens = TokenBook()
        self.integrations: Integrations = NestedExecutions(self, integrations)
        if faults is not None:
            self.integrations = faults(self.integrations)
        self._machines: dict[str, StateMachine] = {}
        self._executions: dict[str, Execution] = {}
        self.map_runs: dict[str, MapRun] = {}

    # -- state machines

    def create_state_machine(
        self,
        name: str,
        definition: Definition | str,
        *,
        role_arn: str,
        type: str = STANDARD,  # noqa: A002 - AWS's name for it
    ) -> StateMachine:
        """Compile a machine and keep it; the same again is answered with the one there is.

        Raises InvalidName, InvalidDefinition, StateMachineAlreadyExists.
        """
        if _MACHINE_NAME.fullmatch(name) is None:
            raise InvalidName(name)
        machine = StateMachine(
            self._arn("stateMachine", name), name, definition,
            role_arn=role_arn, machine_type=type, created_at=self.timeline.now(),
        )  # fmt: skip
        with self.lock:
            there = self._machines.get(machine.arn)
            if there is None:
                self._machines[machine.arn] = machine
                return machine
        if (there.definition, there.role_arn, there.type) != (machine.definition, role_arn, type):
            raise StateMachineAlreadyExists(machine.arn)
        return there

    def update_state_machine(
        self, arn: str, definition: Definition | str | None = None, role_arn: str | None = None
    ) -> StateMachine:
        """Replace definition and role for executions started from now on. Raises InvalidDefinition."""
        there = self.state_machine(arn)
        machine = StateMachine(
            arn, there.name, there.definition_text if definition is None else definition,
            role_arn=there.role_arn if role_arn is None else role_arn,
            machine_type=there.type, created_at=there.created_at,
        )  # fmt: skip
        with self.lock:
            self._machines[arn] = machine
        return machine

    def delete_state_machine(self, arn: str) -> None:
        """Forget a machine; what runs goes on. No error where there is none, as on AWS."""
        with self.lock:
            self._machines.pop(arn, None)

    def state_machine(self, arn: str) -> StateMachine:
        """The machine with this ARN. Raises StateMachineDoesNotExist."""
        with self.lock:
            if arn not in self._machines:
                raise StateMachineDoesNotExist(arn)
            return self._machines[arn]

    def list_state_machines(self) -> list[StateMachine]:
        """All machines, by name."""
        with self.lock:
            return sorted(self._machines.values(), key=lambda found: found.name)

    # -- executions

    def start_execution(
        self,
        state_machine_arn: str,
        input_json: str = "{}",
        name: str | None = None,
        *,
        version: StateMachine | None = None,
    ) -> Execution:
        """Start a run; a Standard name is good for one run, and starting it again while it runs gives that run.

        `version` is an earlier state of the machine, to be run instead of the present one.
        Raises StateMachineDoesNotExist, InvalidName, InvalidExecutionInput, ExecutionAlreadyExists.
        """
        machine = version or self.state_machine(state_machine_arn)
        if name is not None and _NAME.fullmatch(name) is None:
            raise InvalidName(name)
        value = read_payload(input_json, InvalidExecutionInput)
        name = name or str(uuid.uuid4())
        arn = self._execution_arn(machine, name)
        with self.lock:
            there = self._executions.get(arn)
            if there is not None:
                if not there.ended and there.input_text == input_json:
                    return there
                raise ExecutionAlreadyExists(arn)
            execution = Execution(self, machine, arn, name, value, input_json)
            self._launch(execution, Frame(execution, machine.program, value))
        return execution

    def start_child(self, execution: Execution, root: Frame) -> None:
        """Start one child execution of a distributed Map."""
        with self.lock:
            self._launch(execution, root)

    def execution(self, arn: str) -> Execution:
        """The execution with this ARN. Raises ExecutionDoesNotExist."""
        with self.lock:
            if arn not in self._executions:
                raise ExecutionDoesNotExist(arn)
            return self._executions[arn]

    def list_executions(
        self, state_machine_arn: str | None = None, status: str | None = None, map_run_arn: str | None = None
    ) -> list[Execution]:
        """Executions of a machine or of a map run, the newest first."""
        with self.lock:
            found = [
                execution
                for execution in self._executions.values()
                if execution.map_run_arn == map_run_arn
                and (state_machine_arn is None or execution.state_machine_arn == state_machine_arn)
                and (status is None or execution.status == status)
            ]
        return found[::-1]

    def stop_execution(self, arn: str, error: str | None = None, cause: str | None = None) -> Execution:
        """Abort a run; one that has ended stays as it is. Raises StateMachineTypeNotSupported for Express."""
        execution = self.execution(arn)
        if execution.type == EXPRESS:
            raise StateMachineTypeNotSupported
        with self.lock:
            if not execution.ended:
                execution.abort(error, cause)
        return execution

    def redrive_execution(self, arn: str) -> Execution:
        """Run a failed, aborted or timed out execution on from where it broke. Raises ExecutionNotRedrivable."""
        execution = self.execution(arn)
        with self.lock:
            reason = execution.redrive_obstacle()
            if reason is not None:
                raise ExecutionNotRedrivable(reason)
            execution.redrive()
        return execution

    # -- task tokens

    def send_task_success(self, token: str, output_json: str) -> None:
        """End a waiting task well. Raises InvalidToken, TaskTimedOut, InvalidOutput."""
        output = read_payload(output_json, InvalidOutput)
        with self.lock:
            self.tokens.take(token).answer(TaskOutcome(output))

    def send_task_failure(self, token: str, error: str | None = None, cause: str | None = None) -> None:
        """End a waiting task with an error. Raises InvalidToken, TaskTimedOut."""
        with self.lock:
            self.tokens.take(token).answer(TaskError(error or "", cause or ""))

    def send_task_heartbeat(self, token: str) -> None:
        """Keep a waiting task from timing out. Raises InvalidToken, TaskTimedOut."""
        with self.lock:
            self.tokens.find(token).heartbeat()

    # -- map runs

    def map_run(self, arn: str) -> MapRun:
        """The map run with this ARN. Raises ResourceNotFound."""
        with self.lock:
            if arn not in self.map_runs:
                raise ResourceNotFound(arn)
            return self.map_runs[arn]

    def list_map_runs(self, execution_arn: str) -> list[MapRun]:
        """The map runs of an execution, in the order of their start."""
        with self.lock:
            return [run for run in self.map_runs.values() if run.execution_arn == execution_arn]

    # -- the loop

    def soon(self, job: Callable[[], None]) -> None:
        """Do a job on the timeline, under the lock."""
        self.timeline.call_soon(lambda: self._locked(job))

    def resume_soon(self, frame: Frame, step: Step) -> None:
        """Let a waiting frame go on, on the timeline."""
        self.timeline.call_soon(lambda: self.resume(frame, step))

    def resume(self, frame: Frame, step: Step) -> None:
        """Let a waiting frame go on."""
        with self.lock:
            frame.resume(step)

    def tell_status(self, execution: Execution) -> None:
        """Tell the listener of a new status."""
        if self.listener is not None:
            self.listener.on_status(execution)

    def set_deadline(self, execution: Execution) -> None:
        """Let an execution time out: after its machine's TimeoutSeconds, or what its type allows."""
        longest = EXPRESS_SECONDS if execution.type == EXPRESS else STANDARD_SECONDS
        limit = longest if execution.map_run_arn else min(longest, execution.machine.timeout_seconds or longest)
        if execution.type == EXPRESS or limit < longest:
            execution.deadline = self.timeline.call_after(limit, lambda: self._locked(execution.time_out))

    def _locked(self, job: Callable[[], None]) -> None:
        with self.lock:
            job()

    def _launch(self, execution: Execution, root: Frame) -> None:
        self._executions[execution.arn] = execution
        execution.root = root
        execution.emit(
            "ExecutionStarted",
            0,
            "executionStartedEventDetails",
            {"input": execution.input, "roleArn": execution.role_arn},
        )
        self.set_deadline(execution)
        self.tell_status(execution)
        self.soon(execution.begin)

    def _arn(self, kind: str, rest: str) -> str:
        return f"arn:aws:states:{self.region}:{self.account_id}:{kind}:{rest}"

    def _execution_arn(self, machine: StateMachine, name: str) -> str:
        if machine.type == EXPRESS:  # names repeat: AWS makes every run's ARN unique
            return self._arn("express", f"{machine.name}:{name}:{uuid.uuid4()}")
        return self._arn("execution", f"{machine.name}:{name}")
