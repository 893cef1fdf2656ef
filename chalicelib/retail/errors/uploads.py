"""Errors of ``upload-processor``.

SignalboxError (core)
|-- UploadRejectedError   no fact was made of the file; sending it again changes nothing
|-- NotFoundError         UploadNotFoundError
`-- TransientError        UploadBusyError, UploadChangedError
"""

from __future__ import annotations

from chalicelib.core.errors import NotFoundError, SignalboxError, TransientError


class UploadRejectedError(SignalboxError):
    """The file has no right row, is a damaged correction, or came before; the message says which and where."""


class UploadNotFoundError(NotFoundError):
    """There is no such file, or nothing has been uploaded under this id."""


class UploadBusyError(TransientError):
    """Another version of the same upload, or the same file as another one, is at work; this one's turn comes."""


class UploadChangedError(TransientError):
    """The file was replaced or removed while it was read; the next try reads what is there then."""
