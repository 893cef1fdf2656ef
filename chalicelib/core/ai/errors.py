"""How models fail; a state machine's ``ErrorEquals`` names these.

TransientError
|-- ModelThrottledError
`-- ModelUnavailableError
SignalboxError
|-- ModelRefusedError
`-- ModelAnswerError
"""

from __future__ import annotations

from chalicelib.core.errors import SignalboxError, TransientError


class ModelThrottledError(TransientError):
    """The model takes no more requests now; later it will."""


class ModelUnavailableError(TransientError):
    """The model did not answer in time, or its service failed."""


class ModelRefusedError(SignalboxError):
    """The model will never answer this: unknown model, no right to it, or input it does not take."""


class ModelAnswerError(SignalboxError):
    """The model answered with something that has not the asked shape."""
