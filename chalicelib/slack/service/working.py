"""Does what somebody asked for in Slack, once, and answers them.

The order is claimed first: the function may be invoked twice for one order, and Slack may have sent it four times.
A busy service releases the order and raises, so that Lambda invokes again; anything else is told to the person.
Once the work is done it is not done again, even where nobody could be told.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core import audit, slack
from chalicelib.core.clock import Clock
from chalicelib.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, TransientError
from chalicelib.core.log import logger
from chalicelib.core.slack import CommandCall, Message, Person, Reply
from chalicelib.slack.domain.commands import help_text, listed, meant, words_of
from chalicelib.slack.domain.orders import Order
from chalicelib.slack.domain.roles import may
from chalicelib.slack.ports import Orders, People
from chalicelib.slack.service import answering, rooms


@dataclass(frozen=True, slots=True)
class Ports:
    """What working needs."""

    orders: Orders
    people: People
    clock: Clock


def work(order: Order, ports: Ports) -> bool:
    """Work on an order; False when it was done before, or somebody is at it.

    Raises:
        TransientError: a service behind was busy; the order may be worked on again.
    """
    ordered_at = ports.orders.claim(order.key, ports.clock.now())
    if ordered_at is None:
        return False
    try:
        reply = _reply(order, ports.people.find(order.user_id, order.user_name), ordered_at)
    except TransientError:
        ports.orders.release(order.key)
        raise
    ports.orders.finish(order.key)
    answering.answer(order, reply)
    return True


def _reply(order: Order, person: Person, ordered_at: datetime) -> Reply:
    """Return the answer; what went wrong is one too."""
    try:
        if order.kind == "command":
            return _of_command(order, person, ordered_at)
        return _of_action(order, person)
    except InvalidInputError as error:
        lines = [
            f"• {problem.path}: {problem.message}" if problem.path else f"• {problem.message}"
            for problem in error.problems
        ]
        return _said(slack.escaped("\n".join(["That cannot be done:", *lines])))
    except (NotFoundError, ConflictError, ForbiddenError) as error:
        return _said(slack.escaped(str(error)))
    except TransientError:
        raise
    except Exception:
        logger().exception("an order from Slack failed", order=order.key, what=order.name)
        return _said(f"Something went wrong here; the log has it under {order.key[:12]}.")


def _of_command(order: Order, person: Person, ordered_at: datetime) -> Reply:
    command = rooms.commands().get(order.name)
    if command is None:
        return _said(f"There is no `{order.name}` here; there are {listed(rooms.commands())}.")
    words = words_of(order.text)
    needed = command.asks.get(words[0], command.role) if words else command.role
    if not may(person.roles, needed):
        return _refused(person, needed)
    if not words or words[0] == "help":
        return _said(help_text(command.name, command.usage))
    if wrong := meant(words[0], command.usage):
        return _said(f"{wrong}\n{help_text(command.name, command.usage)}")
    call = CommandCall(person, order.channel, words, order.trigger_id, order.text, ordered_at)
    with contextlib.nullcontext() if needed == "viewer" else _audited(order, person):
        return command.handle(call)


def _of_action(order: Order, person: Person) -> Reply:
    action = rooms.actions().get(order.family)
    if action is None:
        return _said("This button belongs to something that is no longer here.")
    if not may(person.roles, action.role):
        return _refused(person, action.role)
    with _audited(order, person):
        return action.handle(rooms.action_call(order, person))


def _audited(order: Order, person: Person) -> contextlib.AbstractContextManager[audit.Entry]:
    """Write down what may change something."""
    where = f"slack {order.channel or 'modal'}"
    return audit.audited(f"slack:{person.id}", f"{order.name} {order.text}".strip(), where)


def _refused(person: Person, needed: str) -> Reply:
    if not person.roles:
        return _said(f"You are not known here. An admin can let you in; your Slack id is {person.id}.")
    return _said(f"This asks for the role {needed}; you have {listed(person.roles)}.")


def _said(text: str) -> Reply:
    return Reply(Message(text, [slack.section(text)]))
