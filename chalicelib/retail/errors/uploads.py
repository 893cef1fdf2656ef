"""Errors of ``upload-processor``.

SignalboxError (core)
|-- UploadRejectedError   no fact was made of the file; sending it again changes nothing
|-- NotFoundError         UploadNotFoundError
`-- TransientError        UploadBusyError, UploadChangedError
"""

from __future__ import annotations

from chalicelib.core.errors import NotFoundError, SignalboxError, TransientError


class UploadRejectedError(SignalboxError):
    """The file has no row that can be taken in, or is a damaged correction; the message says which and where."""


class UploadNotFoundError(NotFoundError):
    """There is no such file, or nothing has been uploaded under this id."""


class UploadBusyError(TransientError):
    """Another version of the same upload is being processed; this one's turn comes when that is done."""


class UploadChangedError(TransientError):
    """The file was replaced or removed while it was read; the next try reads what is there then."""
