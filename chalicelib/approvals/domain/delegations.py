"""Who stands in for whom, and who is away."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Delegation:
    """An approver is away from ``since`` to ``until``, and ``delegate`` decides meanwhile.

    A delegation reaches one step: who stands in for Ana does not stand in for those who delegated to her.
    """

    id: str
    approver: str
    delegate: str | None
    """None: nobody, the approver is just away."""
    since: datetime
    until: datetime
    """Excluded."""
    reason: str = ""

    def holds(self, at: datetime) -> bool:
        """Say whether it holds at ``at``."""
        return self.since <= at < self.until


def delegates_of(approver: str, delegations: Iterable[Delegation], at: datetime) -> tuple[str, ...]:
    """Return who stands in for ``approver`` at ``at``."""
    return tuple(d.delegate for d in delegations if d.approver == approver and d.delegate and d.holds(at))


def principals_of(person: str, delegations: Iterable[Delegation], at: datetime) -> tuple[str, ...]:
    """Return for whom ``person`` stands in at ``at``."""
    return tuple(d.approver for d in delegations if d.delegate == person and d.holds(at))


def away(approver: str, delegations: Iterable[Delegation], at: datetime, askers: AbstractSet[str]) -> bool:
    """Say whether ``approver`` is away at ``at`` with nobody standing in but those whose question it is."""
    mine = [d for d in delegations if d.approver == approver and d.holds(at)]
    return bool(mine) and not any(d.delegate and d.delegate not in askers for d in mine)
