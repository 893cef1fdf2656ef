"""The errors of ``daily-analysis``.

SignalboxError (core)
|-- NotFoundError      ReportNotFoundError
|-- ParcelLostError
`-- ExportTypeError
"""

from __future__ import annotations

from chalicelib.core.errors import NotFoundError, SignalboxError


class ReportNotFoundError(NotFoundError):
    """There is no report of this date."""


class ParcelLostError(SignalboxError):
    """State data that an earlier state put on the shelf is gone; the message has its key. Start the run again."""


class ExportTypeError(SignalboxError):
    """A value is not of its column's type; the message names table, column and value."""
