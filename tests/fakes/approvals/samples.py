"""Approvals as tests want them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.approvals.domain.approval import Approval, approval_id
from tests.fakes.approvals.world import ANA, BEN, DAY, EVA, EXECUTION, NOON

_ONE = Approval(
    id=approval_id(EXECUTION, "contract", 1),
    execution_arn=EXECUTION,
    kind="contract",
    subject="75 vehicles for Acme",
    facts={"vehicles": 75, "city": "Bogotá", "rate": 1.5, "new": True},
    requester=EVA,
    requested_at=NOON,
    issued_at=NOON,
    expires_at=NOON + DAY,
    levels=((ANA,), (BEN,)),
    version=1,
)


def approval(**changed: Any) -> Approval:
    return replace(_ONE, **changed)
