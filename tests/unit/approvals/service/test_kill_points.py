"""The process dies before and after every write and send; what runs next mends it, and nothing is done twice."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.approvals.domain.approval import ApprovalState, Choice, Delivery, Moment
from chalicelib.approvals.service import deciding, requesting, timing
from chalicelib.approvals.service.deciding import DecisionDraft
from tests.fakes.approvals.world import ANA, FakeRoom
from tests.fakes.kill import KilledError, KillSwitch

EFFECTS = {
    "approvals": ("create", "move", "note"),
    "machines": ("answer",),
    "clockwork": ("put", "check_soon"),
    "chat": ("post", "update"),
    "notices": ("publish",),
}
APPROVE = DecisionDraft(Choice.APPROVED)


def mortal(switch: KillSwitch) -> FakeRoom:
    """Return a room in which the process may die around everything that has an effect."""
    fakes = FakeRoom()
    for port, names in EFFECTS.items():
        for name in names:
            effect = getattr(getattr(fakes, port), name)
            setattr(getattr(fakes, port), name, _deadly(effect, name, switch))
    return fakes


def _deadly(effect: Callable[..., Any], name: str, switch: KillSwitch) -> Callable[..., Any]:
    @functools.wraps(effect)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        switch.point(f"before {name}")
        result = effect(*args, **kwargs)
        switch.point(f"after {name}")
        return result

    return wrapped


def points(scene: Callable[[FakeRoom, KillSwitch], object]) -> int:
    """Return how many places there are to die in a scene."""
    switch = KillSwitch()
    scene(mortal(switch), switch)
    return len(switch.points)


def request(fakes: FakeRoom, switch: KillSwitch) -> None:
    requesting.request(fakes.wait("token-1"), fakes.room())


def decide(fakes: FakeRoom, switch: KillSwitch) -> None:
    at, switch.at = switch.at, None
    approval_id = requesting.request(fakes.wait(), fakes.room())["approvalId"]
    switch.points.clear()
    switch.at = at
    deciding.decide(approval_id, APPROVE, ANA, "test", fakes.room())


def expire(fakes: FakeRoom, switch: KillSwitch) -> None:
    at, switch.at = switch.at, None
    approval_id = requesting.request(fakes.wait(), fakes.room())["approvalId"]
    switch.points.clear()
    switch.at = at
    fakes.after(1.0)
    timing.wake(timing.Call(approval_id, Moment.EXPIRY), fakes.room())


@pytest.mark.parametrize("at", range(points(request)))
def test_request_approval_dies_and_the_machine_tries_again(at: int) -> None:
    fakes = mortal(switch := KillSwitch(at))
    with pytest.raises(KilledError):
        request(fakes, switch)
    fakes.machines.time_out("token-1")  # the machine's first attempt failed
    approval_id = requesting.request(fakes.wait("token-2"), fakes.room())["approvalId"]
    assert len(fakes.approvals.items) == 1
    assert {moment for _, moment in fakes.clockwork.schedule} == set(Moment) - {Moment.CHECK}
    assert "ApprovalRequested" in fakes.notices.events()
    deciding.decide(approval_id, APPROVE, ANA, "test", fakes.room())
    assert [token for token, _ in fakes.machines.answers] == ["token-2"]
    assert "Approved" in fakes.chat.texts()[-1]


@pytest.mark.parametrize("at", range(points(decide)))
@pytest.mark.parametrize("next_is", ["the clock", "the same click"])
def test_a_decision_dies_and_is_finished(at: int, next_is: str) -> None:
    fakes = mortal(switch := KillSwitch(at))
    with pytest.raises(KilledError):
        decide(fakes, switch)
    (approval_id,) = fakes.approvals.items
    taken = fakes.approvals.get(approval_id).state is ApprovalState.DECIDED
    if next_is == "the clock":
        assert fakes.clockwork.checks or not taken, "what is decided is checked"
        for checked in fakes.clockwork.checks:
            timing.wake(timing.Call(checked, Moment.CHECK), fakes.room())
    else:
        deciding.decide(approval_id, APPROVE, ANA, "test", fakes.room())
        taken = True
    approval = fakes.approvals.get(approval_id)
    assert len(fakes.machines.answers) == taken
    if taken:
        assert approval.delivery in (Delivery.DELIVERED, Delivery.CLOSED)
        assert fakes.chat.buttons() == []
        assert "ApprovalDecided" in fakes.notices.events()
    assert [entry.what for entry in fakes.approvals.entries].count("decided") == taken


@pytest.mark.parametrize("at", range(points(expire)))
def test_an_expiry_dies_and_its_message_comes_again(at: int) -> None:
    fakes = mortal(switch := KillSwitch(at))
    with contextlib.suppress(KilledError):
        expire(fakes, switch)
    (approval_id,) = fakes.approvals.items
    timing.wake(timing.Call(approval_id, Moment.EXPIRY), fakes.room())
    assert fakes.approvals.get(approval_id).state is ApprovalState.EXPIRED
    assert fakes.chat.buttons() == []
    assert "ApprovalExpired" in fakes.notices.events()
    assert [entry.what for entry in fakes.approvals.entries].count("expiry") == 1
