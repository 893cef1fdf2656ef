"""Slack by `chalicelib.core.slack`."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.approvals.ports.world import Chat
from chalicelib.core import slack
from chalicelib.core.errors import ConfigurationError
from chalicelib.core.slack import Message, Posted


class SlackChat(Chat):
    """The bot's own messages. A secret that cannot be read is Slack out of order, not the approval's end."""

    def post(self, channel: str, message: Message, *, thread: str | None = None) -> Posted:
        """See `Chat.post`."""
        try:
            return slack.post(channel, message, thread=thread)
        except (ClientError, BotoCoreError) as error:
            raise ConfigurationError(f"Slack's secret cannot be read: {type(error).__name__}") from error

    def update(self, posted: Posted, message: Message) -> None:
        """See `Chat.update`."""
        try:
            slack.update(posted, message)
        except (ClientError, BotoCoreError) as error:
            raise ConfigurationError(f"Slack's secret cannot be read: {type(error).__name__}") from error
