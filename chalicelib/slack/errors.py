"""The room's errors."""

from chalicelib.core.errors import SignalboxError


class UnverifiedRequestError(SignalboxError):
    """The request does not come from Slack, or came too late."""
