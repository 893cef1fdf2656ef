"""How rooms speak Slack: messages out, and what a room's ``slack.py`` offers the people in Slack.

The room ``slack`` owns the doors (signatures, replays, retries, roles) and finds a room's ``slack.py`` by name.
Such a module has these, each may be missing:

    COMMANDS: tuple[Command, ...]      slash commands, ``/campaign status 17``
    ACTIONS: tuple[Action, ...]        buttons, choosers and modals, found by the part of action_id before ":"
    MESSAGES: dict[str, Callable]      what state machines say through ``slack-bot``: name -> function of the data
                                       to (channel, Message)

A button's ``value`` carries an id, never a token or a secret: values end at 2,000 characters and pass people's
clients.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.core.config import optional_setting
from chalicelib.core.errors import SignalboxError, TransientError
from chalicelib.core.log import logger
from chalicelib.core.secrets import secret

Blocks = list[dict[str, Any]]

_RATE_LIMIT_RETRIES = 2
_TIMEOUT_SECONDS = 10
_LONGEST_SECTION = 3_000
_LATEST = 200
"""As many messages of a channel are looked through for a key; a task's tries are minutes apart at most."""
_KEYED = "signalbox_message"


class SlackUnavailableError(TransientError):
    """Slack did not answer, or asks to wait: worth another try."""


class SlackRejectedError(SignalboxError):
    """Slack refused: unknown channel, wrong token, malformed blocks. The message has Slack's own code."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: blocks for people's eyes, text for notifications and screen readers."""

    text: str
    blocks: Blocks = field(default_factory=list)
    key: str = ""
    """Says the same thing once: a message whose key stands among its channel's latest is not posted again. A task
    that is tried again after a crash needs one. Slack finds messages by a channel's id only, never by its name."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks to us from Slack, with the roles they have here: viewer, operator, approver, admin."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CommandCall:
    """Someone typed a slash command; ``words`` are what follows it, split as a shell would."""

    person: Person
    channel: str
    words: tuple[str, ...]
    trigger_id: str
    text: str = ""
    """What follows the command as it was typed, where quotes matter."""
    ordered_at: datetime | None = None
    """When it came, the same each time it is worked on again after a crash; None outside of Slack's doors."""


@dataclass(frozen=True, slots=True)
class ActionCall:
    """Someone pressed a button, chose from a list or submitted a modal."""

    person: Person
    action_id: str
    value: str
    """A button's value or the chosen option's; of a modal its private_metadata."""
    inputs: Mapping[str, str]
    """Of a modal: block_id -> what was put in."""
    message: Posted | None
    """The message the button stands in, None for a modal."""
    trigger_id: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command or an action answers."""

    message: Message | None = None
    """None: nothing is said."""
    in_channel: bool = False
    """Everyone sees it; else the asking person alone."""
    replaces: bool = False
    """Of an action: the message the button stands in becomes this one."""
    modal: dict[str, Any] | None = None
    """A view to open instead, as Slack's views.open takes it. In time only while ``slack-bot`` is warm: one that
    can be made without looking anything up belongs into `Action.modal`."""


@dataclass(frozen=True, slots=True)
class Command:
    """One slash command, such as ``/campaign``."""

    name: str
    """With the slash."""
    usage: tuple[str, ...]
    """A line for each form: "status ID - how far a campaign is"."""
    role: str
    """Who may use it."""
    handle: Callable[[CommandCall], Reply]
    asks: Mapping[str, str] = field(default_factory=dict)
    """First word -> the role that form asks for instead. What asks for more than ``viewer`` is audited."""


@dataclass(frozen=True, slots=True)
class Action:
    """One family of buttons: those whose action_id is ``name`` or begins with ``name:``."""

    name: str
    role: str
    handle: Callable[[ActionCall], Reply]
    modal: Callable[[ActionCall], dict[str, Any] | None] | None = None
    """Returns the view a button opens, None for a button that opens none. Slack takes a trigger for three seconds,
    so the door opens it at once: it looks nothing up. ``handle`` is called where the door could not open it."""


def post(channel: str, message: Message, *, thread: str | None = None) -> Posted:
    """Post a message, or find it where it stands when its key was posted before.

    Raises:
        SlackUnavailableError, SlackRejectedError: see there.
    """
    if message.key and (standing := _standing(channel, message.key)):
        return standing
    metadata = {"event_type": _KEYED, "event_payload": {"key": message.key}} if message.key else None
    answer = _call(
        "chat.postMessage",
        {
            "channel": channel,
            "text": message.text,
            "blocks": message.blocks or None,
            "thread_ts": thread,
            "metadata": metadata,
        },
    )
    return Posted(str(answer["channel"]), str(answer["ts"]))


def update(posted: Posted, message: Message) -> None:
    """Put another message in a posted one's place.

    Raises:
        SlackUnavailableError, SlackRejectedError: see there.
    """
    _call(
        "chat.update", {"channel": posted.channel, "ts": posted.ts, "text": message.text, "blocks": message.blocks}
    )


def respond(url: str, message: Message, *, in_channel: bool = False, replaces: bool = False) -> None:
    """Answer into the response URL that came with a command or a button; Slack takes five answers in 30 minutes.

    Raises:
        SlackUnavailableError, SlackRejectedError: see there.
    """
    from slack_sdk import WebhookClient
    from slack_sdk.errors import SlackClientError
    from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, ServerErrorRetryHandler

    # Said twice is better than not said, where the person waits for it; `post` must not say things twice.
    again = [ConnectionErrorRetryHandler(max_retry_count=2), ServerErrorRetryHandler(max_retry_count=2)]
    client = WebhookClient(url, timeout=_TIMEOUT_SECONDS, retry_handlers=[*_retries(), *again])
    try:
        answer = client.send(
            text=message.text,
            blocks=message.blocks or None,
            response_type="in_channel" if in_channel else "ephemeral",
            replace_original=replaces,
        )
    except (SlackClientError, OSError) as error:
        raise SlackUnavailableError(f"Slack response URL: {error}") from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise SlackUnavailableError(f"Slack response URL: {answer.status_code}")
    if answer.status_code != 200:
        raise SlackRejectedError(f"Slack response URL: {answer.status_code} {answer.body[:200]}")


def section(text: str) -> dict[str, Any]:
    """Return a block of text in Slack's mark-up, cut at Slack's limit of 3,000 characters."""
    shown = text if len(text) <= _LONGEST_SECTION else f"{text[: _LONGEST_SECTION - 1]}…"
    return {"type": "section", "text": {"type": "mrkdwn", "text": shown}}


def escaped(text: str) -> str:
    """Return text of customers and other strangers as Slack shows it, without mentions, links or mark-up.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def open_modal(trigger_id: str, view: Mapping[str, Any]) -> None:
    """Open a modal; Slack takes a trigger for three seconds.

    Raises:
        SlackUnavailableError, SlackRejectedError: see there.
    """
    _call("views.open", {"trigger_id": trigger_id, "view": view})


def _standing(channel: str, key: str) -> Posted | None:
    """Return where the message of that key stands, if it is among the latest of the channel.

    Needs the scopes ``channels:history`` and ``metadata.message:read``. Without them, and in a channel given by
    its name, nothing is found: better said twice than not at all.
    """
    asked = {"channel": channel, "limit": _LATEST, "include_all_metadata": True}
    try:
        messages = _call("conversations.history", asked, reads=True).get("messages", [])
    except SlackRejectedError as error:
        logger().warning("cannot look for an earlier message", reason=str(error))
        return None
    for one in messages:
        metadata = one.get("metadata") or {}
        if metadata.get("event_type") == _KEYED and metadata.get("event_payload", {}).get("key") == key:
            return Posted(channel, str(one["ts"]))
    return None


def _call(method: str, arguments: Mapping[str, Any], *, reads: bool = False) -> dict[str, Any]:
    """Call the Web API; methods that only read take their arguments in the query, and not all of them JSON."""
    from slack_sdk.errors import SlackApiError, SlackClientError

    given = {key: value for key, value in arguments.items() if value is not None}
    try:
        how = {"http_verb": "GET", "params": given} if reads else {"json": given}
        data = _client().api_call(method, **how).data
    except SlackApiError as error:
        code = str(error.response.get("error", ""))
        status = error.response.status_code
        if status == 429 or status >= 500 or code in {"ratelimited", "internal_error", "service_unavailable"}:
            raise SlackUnavailableError(f"Slack {method}: {code or status}") from error
        raise SlackRejectedError(f"Slack {method}: {code}") from error
    except (SlackClientError, OSError) as error:
        raise SlackUnavailableError(f"Slack {method}: {error}") from error
    return dict(data) if isinstance(data, dict) else {}


@functools.cache
def _client() -> Any:
    from slack_sdk import WebClient

    return WebClient(
        token=secret("slack", "bot_token"),
        base_url=optional_setting("SLACK_API_URL", "https://slack.com/api/"),
        timeout=_TIMEOUT_SECONDS,
        retry_handlers=_retries(),
    )


def _retries() -> list[Any]:
    """Obey 429 and its Retry-After, a few times."""
    from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

    return [RateLimitErrorRetryHandler(max_retry_count=_RATE_LIMIT_RETRIES)]
