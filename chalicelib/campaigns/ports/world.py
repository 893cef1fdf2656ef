"""The rest of the world: numbers, notifications, schedules, executions."""

from __future__ import annotations

from typing import Any


class PhoneNumbers:
    """Reads telephone numbers (phonenumbers)."""

    def normalise(self, raw: str, region: str) -> tuple[str, tuple[str, ...]]:
        """Return (E.164, IANA zones it may be in, sorted).

        Raises:
            PhoneNumberError: it is no number that can be dialled; the message says why.
        """
        raise NotImplementedError


class Notifications:
    """Tells people (SNS ``campaign-notifications``)."""

    def publish(self, subject: str, message: dict[str, Any]) -> None:
        """Publish one notification."""
        raise NotImplementedError
