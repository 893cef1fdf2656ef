"""Fleet contracts on the real application: Stripe's SDK against localstripe, approvals on the skipped clock."""

from __future__ import annotations

import pytest

from localcloud.demos import Bench, Demo
from localcloud.demos.contracts import (
    DeclinedCardDemo,
    LargeContractDemo,
    RefundedContractDemo,
    RejectedContractDemo,
    SmallContractDemo,
)
from localcloud.fast_forward import FastForward
from localcloud.project import LocalProject
from localcloud.stepfunctions import RealTimeline


@pytest.mark.parametrize(
    "kind", [SmallContractDemo, LargeContractDemo, RejectedContractDemo, DeclinedCardDemo, RefundedContractDemo]
)
def test_a_contract_ends_as_it_should(project: LocalProject, kind: type[Demo]) -> None:
    bench = Bench.of(project)
    demo = kind()
    arn = demo.start(bench)
    assert isinstance(project.timeline, RealTimeline)
    with FastForward(project.timeline):
        project.timeline.run_until(lambda: project.cloud.engine.execution(arn).ended, 40 * 86_400)
    verdict = demo.verdict(bench)
    assert verdict.ok, verdict.result
