"""The desk's own words in Slack."""

from __future__ import annotations

from chalicelib.core import slack
from chalicelib.core.slack import Message, Posted
from chalicelib.tickets.ports.slack import Messenger


class SlackMessenger(Messenger):
    """Speaks by `chalicelib.core.slack`."""

    def post(self, channel: str, message: Message) -> Posted:
        """See `Messenger.post`."""
        return slack.post(channel, message)

    def update(self, posted: Posted, message: Message) -> None:
        """See `Messenger.update`."""
        slack.update(posted, message)
