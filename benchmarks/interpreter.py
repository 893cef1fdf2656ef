"""The interpreter against moto's, in one process run, and against its own bars.

    python -m benchmarks.interpreter [--no-moto]

Prints one line for each figure with its bar; exit status 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import os
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from localcloud.stepfunctions import Engine, Integrations, RealTimeline, TaskCall, VirtualTimeline

ROLE = "arn:aws:iam::123456789012:role/benchmark"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:trivial"
CALLBACK = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
DAY_SECONDS = 86_400
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Figure:
    """One measured value and what it has to reach."""

    name: str
    value: float
    bar: float
    unit: str
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the value is on the right side of the bar."""
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "ok" if self.reached else "MISSED"
        return f"{self.name:58} {self.value:10.2f} {self.unit:8} bar {sign} {self.bar:g}  {verdict}"


class TrivialFunction(Integrations):
    """A Lambda handler that answers at once, in process."""

    def call(self, call: TaskCall) -> Any:
        """Answer with nothing to do."""
        return "ok"


def chain(bodies: list[dict[str, Any]]) -> dict[str, Any]:
    """A machine of states in a row."""
    names = [f"S{number}" for number in range(len(bodies))]
    states: dict[str, Any] = {}
    for number, body in enumerate(bodies):
        onward = {"Next": names[number + 1]} if number + 1 < len(bodies) else {"End": True}
        states[names[number]] = {**body, **onward}
    return {"StartAt": names[0], "States": states}


def passes(count: int) -> dict[str, Any]:
    """Pass states in a row."""
    return chain([{"Type": "Pass"}] * count)


def tasks(count: int) -> dict[str, Any]:
    """Lambda tasks in a row."""
    return chain([{"Type": "Task", "Resource": FUNCTION}] * count)


def distributed_map(mode: str = "DISTRIBUTED") -> dict[str, Any]:
    """One Pass for each item of the input."""
    config = {"Mode": mode, "ExecutionType": "STANDARD"} if mode == "DISTRIBUTED" else {"Mode": mode}
    item = {"ProcessorConfig": config, **passes(1)}
    return {"StartAt": "Map", "States": {"Map": {"Type": "Map", "ItemProcessor": item, "End": True}}}


def run(
    definition: dict[str, Any],
    input_json: str = "{}",
    executions: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Seconds to run a machine so many times under the virtual clock."""
    timeline = VirtualTimeline()
    engine = Engine(timeline, TrivialFunction())
    machine = engine.create_state_machine("benchmark", definition, role_arn=ROLE)
    gc.collect()
    started = clock()
    runs = [engine.start_execution(machine.arn, input_json) for _ in range(executions)]
    timeline.run_until_idle()
    seconds = clock() - started
    assert all(execution.status == "SUCCEEDED" for execution in runs), runs[-1].cause
    return seconds


def run_in_real_time(definition: dict[str, Any]) -> float:
    """Seconds to run a machine once on the scheduler thread and the task pool."""
    timeline = RealTimeline()
    timeline.start()
    try:
        engine = Engine(timeline, TrivialFunction())
        machine = engine.create_state_machine("benchmark", definition, role_arn=ROLE)
        started = time.perf_counter()
        execution = engine.start_execution(machine.arn)
        timeline.run_until(lambda: execution.ended, 60)
        return time.perf_counter() - started
    finally:
        timeline.stop()


def best(measure: Callable[[], float], times: int = 10) -> float:
    """The least disturbed of several measurements."""
    return min(measure() for _ in range(times))


@contextmanager
def moto_client() -> Iterator[Any]:
    """moto's Step Functions, interpreting, with its simplest Lambda."""
    import boto3
    from moto import mock_aws

    os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="us-east-1")
    config: Any = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
    with mock_aws(config=config):
        iam = boto3.client("iam")
        role = iam.create_role(RoleName="benchmark", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        boto3.client("lambda").create_function(
            FunctionName="trivial", Runtime="python3.12", Role=role, Handler="h.h", Code={"ZipFile": b""}
        )
        yield boto3.client("stepfunctions")


def run_on_moto(client: Any, name: str, definition: dict[str, Any]) -> float:
    """Seconds moto needs for one run."""
    machine = client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
    started = time.perf_counter()
    arn = client.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    while (status := client.describe_execution(executionArn=arn)["status"]) == "RUNNING":
        time.sleep(0.001)
    assert status == "SUCCEEDED", client.get_execution_history(executionArn=arn)["events"][-1]
    return time.perf_counter() - started


def against_moto() -> Iterator[Figure]:
    """How many times faster than moto's interpreter."""
    with moto_client() as client:
        yield from against_moto_for(client, "200 Pass states", passes(200))
        yield from against_moto_for(client, "8 Lambda tasks", tasks(8))


def against_moto_for(client: Any, name: str, definition: dict[str, Any]) -> Iterator[Figure]:
    """One machine on both, under both clocks."""
    label = name.replace(" ", "-")
    numbers = itertools.count()
    theirs = best(lambda: run_on_moto(client, f"{label}-{next(numbers)}", definition))
    virtual, real = best(lambda: run(definition)), best(lambda: run_in_real_time(definition))
    print(
        f"    {name}: moto {theirs * 1e3:.1f} ms, virtual clock {virtual * 1e3:.2f} ms, real {real * 1e3:.2f} ms"
    )
    yield Figure(f"{name} in a row, virtual clock, against moto", theirs / virtual, 50, "times", at_least=True)
    yield Figure(f"{name} in a row, real clock, against moto", theirs / real, 50, "times", at_least=True)


def waiting_executions(count: int = 1000) -> Iterator[Figure]:
    """Memory and threads of executions that wait at once."""
    timeline = RealTimeline()
    timeline.start()
    engine = Engine(timeline, TrivialFunction())
    definition = chain([{"Type": "Wait", "Seconds": DAY_SECONDS}])
    machine = engine.create_state_machine("benchmark", definition, role_arn=ROLE)
    gc.collect()
    tracemalloc.start()
    before, threads = tracemalloc.get_traced_memory()[0], threading.active_count()
    runs = [engine.start_execution(machine.arn, json.dumps({"order": number})) for number in range(count)]
    timeline.run_until(lambda: len(runs[-1].history) > 1, 60)
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    yield Figure(f"{count} executions waiting at once, memory", used / MEBIBYTE, 100, "MiB")
    yield Figure(f"{count} executions waiting at once, threads", threading.active_count() - threads, 0, "threads")
    timeline.stop()


def approval_timeout() -> Figure:
    """A task that waits a day for its token, on the virtual clock."""
    task = {"Type": "Task", "Resource": CALLBACK, "TimeoutSeconds": DAY_SECONDS}
    caught = {"Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}], "End": True}
    definition = {"StartAt": "Ask", "States": {"Ask": {**task, **caught}, "Late": {"Type": "Succeed"}}}
    return Figure("24-hour approval timeout, virtual clock", best(lambda: run(definition)) * 1e3, 20, "ms")


def map_items(count: int) -> float:
    """Seconds for a Map over so many items, one Pass each."""
    return best(lambda: run(distributed_map(), json.dumps(list(range(count)))), 3)


def growth() -> Iterator[Figure]:
    """Twice the work costs twice: the price of the doubled work over twice that of the single one, in percent.

    Processor time, measured in turn, because a busy machine disturbs both alike; without Python's cyclic
    collector, whose full passes depend on what else the process holds. The figure with it is printed beside.
    """
    cpu = time.process_time
    cases: tuple[tuple[str, Callable[[int], float], int], ...] = (
        ("states", lambda size: run(passes(size), '{"a":1}', clock=cpu), 4000),
        ("executions", lambda size: run(passes(5), executions=size, clock=cpu), 2000),
        ("items", lambda size: run(distributed_map(), json.dumps(list(range(size))), clock=cpu), 4000),
    )
    for name, measure, size in cases:
        measure(size)  # warm up
        collected = above_twice(measure, size)
        gc.disable()
        try:
            plain = above_twice(measure, size)
        finally:
            gc.enable()
        print(f"    twice the {name}, with the collector: {collected:.1f} percent above twice the time")
        yield Figure(f"growth: twice the {name}, above twice the time", plain, 15, "percent")


def above_twice(measure: Callable[[int], float], size: int, times: int = 5) -> float:
    """What the doubled size costs above twice the single one, in percent."""
    pairs = [(measure(size), measure(2 * size)) for _ in range(times)]
    single, double = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    return (double / single / 2 - 1) * 100


def figures(*, with_moto: bool) -> Iterator[Figure]:
    """All figures, one after the other; moto last, because a process full of its objects collects slowly."""
    yield from waiting_executions()
    yield Figure("Map over 10,000 items, one Pass each", map_items(10_000), 2, "s")
    yield approval_timeout()
    yield from growth()
    if with_moto:
        yield from against_moto()


def main() -> int:
    """Print every figure; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--no-moto", action="store_true", help="only this interpreter's own bars")
    missed = 0
    for figure in figures(with_moto=not parser.parse_args().no_moto):
        print(figure, flush=True)
        missed += not figure.reached
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
