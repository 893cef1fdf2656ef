"""Tells people, in Slack and by the topic. Neither channel's failure keeps the other from it, nor the approval."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _News:
    """What is told, of which approval, to whom."""

    what: str
    approval: Approval
    asked: list[str]
    """Everybody asked so far and who stands in."""
    addressed: list[str]
    """Whom it concerns: of an escalation the new level, else everybody asked."""


def tell(approval: Approval, what: str, room: Room) -> Approval:
    """Tell ``what`` (REQUEST, a `Moment`, DECISION) and keep what came of it; a channel that knows is left alone.

    Raises:
        TransientError: no channel could be told; trying again is worth it.
    """
    before = approval.told.get(what, Told(approval.issued_at, "", ""))
    news = _news(approval, what, room)
    slack, place = before.slack, None
    if approval.channel and slack != SENT:
        slack, place = _say(news, room)
    topic = before.topic if before.topic == SENT else _publish(news, room)
    written = _keep(approval.id, what, Told(room.clock.now(), slack, topic), place, room)
    if place and written.state is not approval.state:
        _say(_news(written, DECISION, room), room)  # decided while the question was being posted: take its buttons
    if SENT not in (slack, topic):
        raise TransientError(f"nobody could be told of {what} of approval {approval.id}: {slack or topic}")
    return written


def is_told(approval: Approval, what: str) -> bool:
    """Say whether every channel was told."""
    told = approval.told.get(what)
    return told is not None and told.topic == SENT and (told.slack == SENT or not approval.channel)


def _news(approval: Approval, what: str, room: Room) -> _News:
    now = room.clock.now()
    delegations = room.delegations.all(now)

    def with_who_stands_in(people: tuple[str, ...]) -> list[str]:
        standing_in = [one for who in people for one in delegates_of(who, delegations, now)]
        return [who for who in dict.fromkeys([*people, *standing_in]) if who not in approval.askers]

    asked = with_who_stands_in(approval.deciders)
    newest = with_who_stands_in(approval.levels[approval.level])
    return _News(what, approval, asked, newest if what == Moment.ESCALATION else asked)


def _say(news: _News, room: Room) -> tuple[str, SlackPlace | None]:
    """Say it in Slack: SENT or in words why not, and where the message stands if it is a new one.

    The question's message shows how things are; a moment is said in its thread as well, where people notice it.
    """
    approval = news.approval
    try:
        policy = room.policy.read()
        asked, addressed = (wording.mentions(people, policy) for people in (news.asked, news.addressed))
        pending = approval.state is ApprovalState.PENDING
        message = wording.question(approval, asked) if pending else wording.answer(approval)
        if approval.message is None or not _updated(approval.message, message, room):
            posted = room.chat.post(approval.channel, message)
            return SENT, SlackPlace(posted.channel, posted.ts)
        if news.what in set(Moment):
            note = wording.reminder(approval, Moment(news.what), addressed)
            room.chat.post(approval.message.channel, note, thread=approval.message.ts)
    except SignalboxError as error:
        why = f"{type(error).__name__}: {error}"
        _alert(approval, news.what, why, room)
        return why, None
    return SENT, None


def _updated(place: SlackPlace, message: Message, room: Room) -> bool:
    """Put ``message`` in the place of the one that stands there; False when that one is gone."""
    try:
        room.chat.update(Posted(place.channel, place.ts), message)
    except SlackRejectedError:
        return False
    return True


def _publish(news: _News, room: Room) -> str:
    """Tell the topic: SENT or in words why not."""
    body = views.approval_view(news.approval, room.clock.now()) | {"asked": news.addressed}
    try:
        room.notices.publish(_EVENTS[news.what], body)
    except SignalboxError as error:
        logger().exception("the topic could not be told", approval_id=news.approval.id, what=news.what)
        return f"{type(error).__name__}: {error}"
    return SENT


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
