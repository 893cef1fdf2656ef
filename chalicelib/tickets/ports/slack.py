"""Where the desk speaks outside of its state machine."""

from __future__ import annotations

from chalicelib.core.slack import Message, Posted


class Messenger:
    """Slack, as far as the desk uses it by itself. A port."""

    def post(self, channel: str, message: Message) -> Posted:
        """Post a message; one whose key was posted before is found instead.

        Raises:
            SlackUnavailableError, SlackRejectedError: see `chalicelib.core.slack`.
        """
        raise NotImplementedError

    def update(self, posted: Posted, message: Message) -> None:
        """Put another message in a posted one's place.

        Raises:
            SlackUnavailableError, SlackRejectedError: see `chalicelib.core.slack`.
        """
        raise NotImplementedError
