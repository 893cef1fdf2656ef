"""Tells people, in Slack and by the topic. Neither channel's failure keeps the other from it, nor the approval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.approvals import wording
from chalicelib.approvals.domain import moves
from chalicelib.approvals.domain.approval import Approval, ApprovalState, Moment, SlackPlace, Told
from chalicelib.approvals.domain.delegations import delegates_of
from chalicelib.approvals.errors import ApprovalChangedError
from chalicelib.approvals.ports.room import Room
from chalicelib.approvals.service import views
from chalicelib.core.errors import SignalboxError, TransientError
from chalicelib.core.log import logger
from chalicelib.core.slack import Message, Posted, SlackRejectedError

REQUEST, DECISION = "request", "decision"
SENT = "sent"
_EVENTS = {
    REQUEST: "ApprovalRequested",
    Moment.FIRST_REMINDER: "ApprovalReminded",
    Moment.LAST_REMINDER: "ApprovalReminded",
    Moment.ESCALATION: "ApprovalEscalated",
    Moment.EXPIRY: "ApprovalExpired",
    DECISION: "ApprovalDecided",
}
_MOST_RACES = 5


def tell(approval: Approval, what: str, room: Room) -> Approval:
    """Tell ``what`` (REQUEST, a `Moment`, DECISION) and keep what came of it; a channel that knows is left alone.

    Raises:
        TransientError: no channel could be told; trying again is worth it.
    """
    before = approval.told.get(what)
    asked = _asked(approval, what, room)
    posted: list[SlackPlace] = []
    slack = (
        before.slack if before and before.slack in ("", SENT) else _try(_say(approval, what, asked, posted, room))
    )
    topic = before.topic if before and before.topic == SENT else _try(_publish(approval, what, asked, room))
    if slack not in ("", SENT):
        _alert(approval, what, slack, room)
    outcome = Told(room.clock.now(), slack, topic)
    written = _keep(approval.id, what, outcome, posted[0] if posted else None, room)
    if posted and written.state is not approval.state:
        _try(
            _say(written, DECISION, asked, [], room)
        )  # decided while the question was being posted: take its buttons
    if SENT not in (slack, topic):
        raise TransientError(f"nobody could be told of {what} of approval {approval.id}: {slack or topic}")
    return written


def is_told(approval: Approval, what: str) -> bool:
    """Say whether every channel was told."""
    told = approval.told.get(what)
    return told is not None and told.topic == SENT and told.slack in ("", SENT)


def _say(
    approval: Approval, what: str, asked: list[str], posted: list[SlackPlace], room: Room
) -> Callable[[], str]:
    """Return what says it in Slack; a new message's place is put into ``posted``."""

    def say() -> str:
        if not approval.channel:
            return ""
        mentions = wording.mentions(asked, room.policy.read())
        here = Posted(approval.message.channel, approval.message.ts) if approval.message else None
        over = approval.state is not ApprovalState.PENDING
        message = wording.answer(approval) if over else wording.question(approval, mentions)
        if here is None or not _updated(here, message, room):
            place = room.chat.post(approval.channel, message)
            posted.append(SlackPlace(place.channel, place.ts))
        elif what in set(Moment):
            room.chat.post(here.channel, wording.reminder(approval, Moment(what), mentions), thread=here.ts)
        return SENT

    return say


def _updated(here: Posted, message: Message, room: Room) -> bool:
    """Put ``message`` in the place of the one that stands there; False when that one is gone."""
    try:
        room.chat.update(here, message)
    except SlackRejectedError:
        return False
    return True


def _publish(approval: Approval, what: str, asked: list[str], room: Room) -> Callable[[], str]:
    def publish() -> str:
        body = views.approval_view(approval, room.clock.now()) | {"asked": asked}
        room.notices.publish(_EVENTS[what], body)
        return SENT

    return publish


def _asked(approval: Approval, what: str, room: Room) -> list[str]:
    """Return whom this concerns and who stands in: of an escalation the new level, else everybody asked."""
    people = approval.levels[approval.level] if what == Moment.ESCALATION else approval.deciders
    now = room.clock.now()
    delegations = room.delegations.all(now)
    standing_in = [one for who in people for one in delegates_of(who, delegations, now)]
    return [who for who in dict.fromkeys([*people, *standing_in]) if who != approval.requester]


def _try(channel: Callable[[], str]) -> str:
    """Return what the channel answers, or in words why it could not be told."""
    try:
        return channel()
    except SignalboxError as error:
        return f"{type(error).__name__}: {error}"


def _alert(approval: Approval, what: str, why: str, room: Room) -> None:
    logger().error("Slack could not be told", approval_id=approval.id, what=what, why=why)
    body: dict[str, Any] = {"approvalId": approval.id, "subject": approval.subject, "what": what, "why": why}
    try:
        room.notices.publish("ApprovalSlackFailed", body)
    except SignalboxError:
        logger().exception("operations could not be told of it", approval_id=approval.id)


def _keep(approval_id: str, what: str, outcome: Told, message: SlackPlace | None, room: Room) -> Approval:
    """Write the outcome onto the approval as it is by now: somebody may have decided meanwhile."""
    for _ in range(_MOST_RACES):
        current = room.approvals.get(approval_id)
        try:
            return room.approvals.move(current, moves.told(current, what, outcome, message))
        except ApprovalChangedError:
            continue
    raise TransientError(f"approval {approval_id} kept changing")
