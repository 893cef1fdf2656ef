"""What contracts say and take in Slack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.core.slack import Action, Command, Message

COMMANDS: tuple[Command, ...] = ()
ACTIONS: tuple[Action, ...] = ()
MESSAGES: dict[str, Callable[[dict[str, Any]], tuple[str, Message]]] = {}
