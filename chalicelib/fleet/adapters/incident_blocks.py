"""How an incident looks in Slack."""

from __future__ import annotations

from chalicelib.core.slack import Message
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
    section = {"type": "section", "text": {"type": "mrkdwn", "text": _plain(words.text)}}
    return Message(words.subject, [section, {"type": "actions", "elements": [button]}])


def closed(words: Words) -> Message:
    """Return the message that takes an open incident's place, without its button."""
    return Message(words.subject, [{"type": "section", "text": {"type": "mrkdwn", "text": _plain(words.text)}}])


def _plain(text: str) -> str:
    """Return text that Slack takes for no markup, within a section's 3,000 characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")[:2_900]
