"""Approvals, their trail and delegations as DynamoDB keeps them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.approvals.domain import moves
from chalicelib.approvals.domain.approval import (
    ApprovalState,
    Choice,
    Decided,
    Option,
    SlackPlace,
    Told,
)
from chalicelib.approvals.domain.delegations import Delegation
from chalicelib.approvals.errors import ApprovalChangedError, ApprovalNotFoundError
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.ports.stores import AuditEntry, Wanted
from chalicelib.core import aws
from chalicelib.core.errors import InvalidInputError
from tests.fakes.approvals.samples import approval
from tests.fakes.approvals.world import ANA, BEN, DAY, NOON


def entry(what: str = "requested", approval_id: str = approval().id) -> AuditEntry:
    return AuditEntry(approval_id, NOON, ANA, what, "api 203.0.113.7", {"why": "because", "n": 1})


def test_an_approval_comes_back_as_it_was(room: Room) -> None:
    one = approval(
        options=(Option("a", "Ada", "9 like this"),),
        decided=Decided(Choice.CHOSEN, ANA, NOON, "", "a", BEN),
        told={"request": Told(NOON, "sent", "")},
        moments={"first_reminder": NOON},
        message=SlackPlace("C1", "1.0"),
        sealed_token="c2VhbGVk",
        amount_cents=10**15,
        currency="COP",
    )
    room.approvals.create(one, entry())
    assert room.approvals.get(one.id) == one


def test_an_unknown_one_is_not_found(room: Room) -> None:
    for unknown in ("0" * 32, ""):
        with pytest.raises(ApprovalNotFoundError):
            room.approvals.get(unknown)


def test_an_id_is_taken_once(room: Room) -> None:
    room.approvals.create(approval(), entry())
    with pytest.raises(ApprovalChangedError):
        room.approvals.create(approval(subject="another"), entry())
    assert room.approvals.get(approval().id).subject == approval().subject
    assert len(room.approvals.trail(approval().id)) == 1


def test_a_change_and_its_entry_are_written_both_or_none(room: Room) -> None:
    room.approvals.create(approval(), entry())
    before = room.approvals.get(approval().id)
    written = room.approvals.move(before, moves.sending(before), entry("sent"))
    assert written == room.approvals.get(before.id)
    assert written.version == before.version + 1
    with pytest.raises(ApprovalChangedError):
        room.approvals.move(before, moves.sending(before), entry("sent again"))
    assert [one.what for one in room.approvals.trail(before.id)] == ["requested", "sent"]


def test_of_many_writers_one_wins(room: Room) -> None:
    room.approvals.create(approval(), entry())
    before = room.approvals.get(approval().id)

    def write(n: int) -> bool:
        try:
            room.approvals.move(before, replace(before, subject=str(n)), entry(str(n)))
        except ApprovalChangedError:
            return False
        return True

    with ThreadPoolExecutor(1) as pool:  # moto's conditional writes are not safe between threads
        assert list(pool.map(write, range(8))).count(True) == 1
    assert len(room.approvals.trail(before.id)) == 2


def test_the_trail_keeps_entries_of_one_instant(room: Room) -> None:
    for n in range(5):
        room.approvals.note(approval(), entry(f"refused {n}"))
    found = room.approvals.trail(approval().id)
    assert {one.what for one in found} == {f"refused {n}" for n in range(5)}
    assert found[0].details == {"why": "because", "n": 1}
    assert found[0].at == NOON


class TestPages:
    @pytest.fixture(autouse=True)
    def many(self, room: Room) -> None:
        for n in range(8):
            one = approval(
                id=f"{n:032x}",
                kind="contract" if n % 2 else "assignment",
                expires_at=NOON + timedelta(hours=10 - n),
                levels=((ANA,),) if n < 4 else ((BEN,),),
                state=ApprovalState.EXPIRED if n >= 6 else ApprovalState.PENDING,
            )
            room.approvals.create(one, entry(approval_id=one.id))

    def ids(self, room: Room, wanted: Wanted, limit: int) -> list[list[int]]:
        pages, after = [], None
        while True:
            found, after = room.approvals.page(wanted, limit, after)
            pages.append([int(one.id, 16) for one in found])
            if after is None:
                return pages

    def test_those_that_expire_first_come_first(self, room: Room) -> None:
        assert self.ids(room, Wanted(ApprovalState.PENDING), 4) == [[5, 4, 3, 2], [1, 0]]

    def test_of_those_that_are_over_the_latest_come_first(self, room: Room) -> None:
        assert self.ids(room, Wanted(ApprovalState.EXPIRED), 1) == [[6], [7]]

    def test_filters_fill_their_pages(self, room: Room) -> None:
        assert self.ids(room, Wanted(ApprovalState.PENDING, kind="contract"), 2) == [[5, 3], [1]]
        assert self.ids(room, Wanted(ApprovalState.PENDING, deciders=(BEN, "zoe")), 9) == [[5, 4]]
        assert self.ids(room, Wanted(ApprovalState.DECIDED), 9) == [[]]

    @pytest.mark.parametrize("place", ["x", "", "eA", "****"])
    def test_a_place_that_is_none_is_refused(self, room: Room, place: str) -> None:
        with pytest.raises(InvalidInputError):
            room.approvals.page(Wanted(ApprovalState.PENDING), 1, place)


def test_dynamodb_is_told_when_to_forget(room: Room) -> None:
    room.approvals.create(approval(), entry())
    item = aws.client("dynamodb").get_item(TableName="approvals", Key={"id": {"S": approval().id}})["Item"]
    assert int(item["keep_until"]["N"]) == int((NOON + DAY * 731).timestamp())
    (noted,) = aws.client("dynamodb").scan(TableName="approval-audit")["Items"]
    assert "keep_until" not in noted


def test_delegations_that_hold_or_will_hold(room: Room) -> None:
    past = Delegation("p", ANA, BEN, NOON - 2 * DAY, NOON)
    now = Delegation("n", ANA, None, NOON - DAY, NOON + DAY, "holiday")
    later = Delegation("l", BEN, ANA, NOON + DAY, NOON + 2 * DAY)
    for one in (later, past, now):
        room.delegations.put(one)
    assert room.delegations.all(NOON) == [now, later]
    room.delegations.remove("n")
    room.delegations.remove("n")
    assert room.delegations.all(NOON) == [later]
