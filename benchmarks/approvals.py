"""What an approval costs: AWS calls and milliseconds of one question and of one decision.

    python -m benchmarks.approvals [APPROVALS]      100 when none is given

The real services and adapters on moto, in one process, without Slack; Step Functions answers at once. Exit status
1 when a question needs more than 14 calls to AWS or a decision more than 12: in AWS each call is some ten
milliseconds, and a person waits for the decision.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}

import pytest
from moto import mock_aws

from chalicelib.approvals import wiring
from chalicelib.approvals.domain.approval import Choice
from chalicelib.approvals.service import deciding, requesting
from chalicelib.approvals.service.deciding import DecisionDraft
from chalicelib.core import aws
from tests.fakes.approvals.aws import make_resources
from tests.fakes.approvals.world import FakeMachines, FakeRoom

MOST_CALLS = {"question": 14, "decision": 12}
SERVICES = ("dynamodb", "kms", "ssm", "scheduler", "sqs", "sns")
BOSS = "manager@example.com"
APPROVE = DecisionDraft(Choice.APPROVED)
T = TypeVar("T")


class Meter:
    """Counts calls and keeps times, by what they were for."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.milliseconds: dict[str, list[float]] = {"question": [], "decision": []}
        self._what = ""
        for service in SERVICES:
            aws.client(service).meta.events.register("before-call", self._count)

    def _count(self, model: Any, **_: Any) -> None:
        self.calls[f"{self._what} {model.name}"] += 1

    def measure(self, what: str, work: Callable[[], T]) -> T:
        """Do ``work`` and keep what it took."""
        self._what = what
        started = time.perf_counter()
        result = work()
        self.milliseconds[what].append((time.perf_counter() - started) * 1000)
        return result


def main(count: int) -> int:
    """Ask and decide ``count`` times, print the figures and return the exit status."""
    with mock_aws(), pytest.MonkeyPatch.context() as environment:
        make_resources(environment)
        meter, fakes, states = Meter(), FakeRoom(), FakeMachines()
        for n in range(count):
            token = f"token-{n}"
            states.waiting.add(token)
            room = replace(wiring.room(), machines=states)
            event = fakes.wait(token, state=f"Ask{n}")
            asked = meter.measure("question", partial(requesting.request, event, room))
            press = partial(deciding.decide, asked["approvalId"], APPROVE, BOSS, "benchmark", room)
            meter.measure("decision", press)
    return _report(meter, count)


def _report(meter: Meter, count: int) -> int:
    missed = 0
    for what, times in meter.milliseconds.items():
        calls = {name.split()[1]: n / count for name, n in meter.calls.items() if name.startswith(what)}
        ordered = sorted(times)
        p50, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        print(f"{what}: {sum(calls.values()):.0f} calls, {p50:.1f} ms at p50, {p95:.1f} ms at p95")
        print("  " + ", ".join(f"{name} {n:.0f}" for name, n in sorted(calls.items())))
        missed += sum(calls.values()) > MOST_CALLS[what]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
