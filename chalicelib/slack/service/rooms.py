"""Finds a room's ``slack.py`` by the room's name, and speaks to it in `chalicelib.core.slack`'s words."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from types import ModuleType

import chalicelib
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.core.slack import Action, ActionCall, Command, Person, Posted
from chalicelib.slack.domain.orders import Order


def names() -> list[str]:
    """Return the rooms that speak Slack."""
    rooms = (found.name for found in pkgutil.iter_modules(chalicelib.__path__) if found.ispkg)
    return sorted(room for room in rooms if room not in ("core", "slack") and _speaks(room))


def slack_of(room: str) -> ModuleType:
    """Return ``chalicelib.<room>.slack``.

    Raises:
        InvalidInputError: there is no such room, or it has no word for Slack.
    """
    if room not in names():
        raise InvalidInputError([Problem("$.room", "unknown", f"is {room!r}; known are {', '.join(names())}")])
    return importlib.import_module(f"chalicelib.{room}.slack")


def commands() -> dict[str, Command]:
    """Return every room's commands by name."""
    return {one.name: one for room in names() for one in getattr(slack_of(room), "COMMANDS", ())}


def actions() -> dict[str, Action]:
    """Return every room's actions by name."""
    return {one.name: one for room in names() for one in getattr(slack_of(room), "ACTIONS", ())}


def action_call(order: Order, person: Person) -> ActionCall:
    """Return a pressed button or a submitted modal as rooms take it."""
    message = Posted(order.channel, order.message_ts) if order.message_ts else None
    return ActionCall(person, order.name, order.text, order.inputs, message, order.trigger_id)


def _speaks(room: str) -> bool:
    return importlib.util.find_spec(f"chalicelib.{room}.slack") is not None
