"""How an incident looks in Slack."""

from __future__ import annotations

from typing import Any

from chalicelib.core.slack import Message, escaped, section
from chalicelib.fleet.domain.incidents.words import Words

ACKNOWLEDGE = "incident:acknowledge"


def open_incident(words: Words, incident_id: str) -> Message:
    """Return the message of an incident somebody should acknowledge; its button carries the incident's id."""
    button = {
        "type": "button",
        "action_id": ACKNOWLEDGE,
        "style": "danger",
        "text": {"type": "plain_text", "text": "Acknowledge"},
        "value": incident_id,
    }
    return Message(words.subject, [_text(words), {"type": "actions", "elements": [button]}])


def closed(words: Words) -> Message:
    """Return the message that takes an open incident's place, without its button."""
    return Message(words.subject, [_text(words)])


def _text(words: Words) -> dict[str, Any]:
    return section(escaped(words.text))
