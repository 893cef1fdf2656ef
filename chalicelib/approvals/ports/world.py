"""The rest of the world: machines and their tokens, moments to come, people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.approvals.domain.approval import Moment
from chalicelib.core.slack import Message, Posted


class Machines:
    """State machines that wait for a decision (Step Functions)."""

    def answer(self, token: str, result: dict[str, Any]) -> None:
        """Let the waiting task succeed with ``result``.

        Raises:
            TaskClosedError, TokenUnknownError: see there.
            TransientError: try again later.
        """
        raise NotImplementedError


class TokenSafe:
    """Task tokens at rest (KMS)."""

    def seal(self, approval_id: str, token: str) -> str:
        """Return the token encrypted, bound to the approval, as text.

        Raises:
            ApprovalTokenLostError: it cannot be kept.
        """
        raise NotImplementedError

    def open(self, approval_id: str, sealed: str) -> str:
        """Return the token.

        Raises:
            ApprovalTokenLostError: it cannot be read, now or ever.
            TransientError: the key cannot be used at the moment.
        """
        raise NotImplementedError


class Clockwork:
    """Wakes ``approval-clock`` (EventBridge Scheduler and SQS)."""

    def put(self, approval_id: str, moment: Moment, at: datetime) -> None:
        """Have ``moment`` called at ``at``, aware, in whole seconds; one put before is replaced."""
        raise NotImplementedError

    def check_soon(self, approval_id: str) -> None:
        """Have the approval looked at again in a minute, in case this process dies on the way."""
        raise NotImplementedError


class Chat:
    """Messages in Slack."""

    def post(self, channel: str, message: Message, *, thread: str | None = None) -> Posted:
        """Post a message, into the thread of another one where ``thread`` is that one's ts.

        Raises:
            SignalboxError: Slack does not take it, or Slack is not set up.
        """
        raise NotImplementedError

    def update(self, posted: Posted, message: Message) -> None:
        """Put another message in a posted one's place; raises as `post`."""
        raise NotImplementedError


class Notices:
    """What subscribers are told (SNS)."""

    def publish(self, event: str, body: dict[str, Any]) -> None:
        """Publish ``body``; ``event`` is an attribute that subscriptions may filter by.

        Raises:
            TransientError: the topic does not take it.
        """
        raise NotImplementedError
