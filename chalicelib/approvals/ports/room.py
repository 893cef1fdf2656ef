"""All ports at once: a service takes this one thing."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.approvals.ports.stores import ApprovalStore, DelegationStore, PolicySource
from chalicelib.approvals.ports.world import Chat, Clockwork, Machines, Notices, TokenSafe
from chalicelib.core.clock import Clock


@dataclass(frozen=True, slots=True)
class Room:
    """What the room needs of the world; doors get it from ``wiring``, tests fill it with fakes."""

    approvals: ApprovalStore
    delegations: DelegationStore
    policy: PolicySource
    safe: TokenSafe
    machines: Machines
    clockwork: Clockwork
    chat: Chat
    notices: Notices
    clock: Clock
