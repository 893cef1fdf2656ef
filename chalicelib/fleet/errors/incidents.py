"""Errors of emergencies.

SignalboxError (core)
|-- NotFoundError      IncidentNotFoundError
|-- TransientError     NotificationBusyError, VideoUnavailableError, TimelineBusyError
|-- NotificationRefusedError
`-- NotificationUnsureError
"""

from __future__ import annotations

from chalicelib.core.errors import NotFoundError, SignalboxError, TransientError


class IncidentNotFoundError(NotFoundError):
    """No incident has this id."""


class NotificationBusyError(TransientError):
    """The channel surely took nothing and may take it a moment later."""


class NotificationRefusedError(SignalboxError):
    """The channel surely took nothing and never will: a missing topic, a missing right."""


class NotificationUnsureError(SignalboxError):
    """Nobody knows whether the channel took the message; sending again could double it, so a person is told."""


class VideoUnavailableError(TransientError):
    """The device platform did not start the recording; asking again under the same incident is harmless."""


class TimelineBusyError(TransientError):
    """Others wrote to the timeline each time we tried."""
