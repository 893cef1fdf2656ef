"""Takes what Slack sends: verified, written down once, handed on. All within Slack's three seconds.

Slack sends a request again when it hears nothing (``X-Slack-Retry-Num``), and a thief may send a copy of one. Both
have the same body, so the same key: they get the same empty answer, and nothing is done twice. A copy that finds
the order written down but never handed on (a crash between the two) hands it on.

A button that opens a modal is answered here: Slack takes its trigger for three seconds, which is too short for the
way through a cold ``slack-bot``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.core import slack
from chalicelib.core.clock import Clock
from chalicelib.core.log import logger
from chalicelib.slack.domain.orders import Order
from chalicelib.slack.domain.roles import may
from chalicelib.slack.errors import UnverifiedRequestError
from chalicelib.slack.ports import Bot, Orders, People
from chalicelib.slack.service import rooms


@dataclass(frozen=True, slots=True)
class Ports:
    """What receiving needs."""

    orders: Orders
    people: People
    bot: Bot
    signing_secret: str
    clock: Clock


def receive(
    body: bytes, headers: Mapping[str, str], read: Callable[[bytes], Order | None], ports: Ports
) -> Order | None:
    """Take a request; returns its order, None where there is nothing to do.

    Raises:
        UnverifiedRequestError: the signature is wrong or older than five minutes.
        UnreadableOrderError: it is signed, and none of Slack's.
    """
    _verify(body, headers, ports)
    order = read(body)
    if order is None:
        return None
    now = ports.clock.now()
    if ports.orders.take(order, now) or ports.orders.waits(order.key, now):
        if not _opened(order, ports):
            ports.bot.hand_on(order)
    else:
        logger().info("sent again by Slack", order=order.key, retry=headers.get("x-slack-retry-num", ""))
    return order


def _opened(order: Order, ports: Ports) -> bool:
    """Open the modal the order asks for; False leaves everything to ``slack-bot``, refusals and failures too."""
    action = rooms.actions().get(order.family) if order.kind == "action" else None
    if action is None or action.modal is None:
        return False
    person = ports.people.find(order.user_id, order.user_name)
    view = action.modal(rooms.action_call(order, person)) if may(person.roles, action.role) else None
    if view is None:
        return False
    try:
        slack.open_modal(order.trigger_id, view)
    except (slack.SlackUnavailableError, slack.SlackRejectedError) as error:
        logger().warning("a modal did not open", order=order.key, reason=str(error))
        return False
    ports.orders.finish(order.key)
    return True


def _verify(body: bytes, headers: Mapping[str, str], ports: Ports) -> None:
    from slack_sdk.signature import Clock as SlackClock
    from slack_sdk.signature import SignatureVerifier

    class OurClock(SlackClock):
        def now(self) -> float:
            return ports.clock.now().timestamp()

    verifier = SignatureVerifier(ports.signing_secret, OurClock())
    try:
        genuine = verifier.is_valid_request(body, dict(headers))
    except (ValueError, TypeError):  # a time stamp that is no number, a signature that is no ASCII
        genuine = False
    if not genuine:
        raise UnverifiedRequestError("the request is not signed by Slack, or is older than five minutes")
