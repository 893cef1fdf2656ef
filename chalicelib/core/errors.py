"""The errors every room shares.

    SignalboxError
    |-- InvalidInputError      what the caller sent is wrong; carries every problem found, not the first
    |-- NotFoundError          the thing named does not exist
    |-- ForbiddenError         the caller is known and may not do this
    |-- ConflictError          the thing exists, in a state that does not allow this
    |-- ConfigurationError     this deployment lacks a setting or has a wrong one
    `-- TransientError         trying again later may work; state machines retry it by this name

Step Functions sees the class name as the error's name, so ``ErrorEquals`` in a definition is a class here
or in a room's ``errors.py``. Rooms subclass these; ``core.http`` maps them to HTTP once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class SignalboxError(Exception):
    """Base of every error raised on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input."""

    path: str
    """Where: ``windows[1].end``, or ``line 17``."""

    code: str
    """What, for programs: ``window_ends_before_start``."""

    message: str
    """What, for people, with the value found and what would be right."""

    def as_dict(self) -> dict[str, str]:
        """Return the problem as it travels in JSON."""
        return {"path": self.path, "code": self.code, "message": self.message}


class InvalidInputError(SignalboxError):
    """The input has problems; all of them are in ``problems``."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.path}: {p.message}" for p in self.problems) or "invalid input")


class NotFoundError(SignalboxError):
    """The thing named does not exist; the message names it."""


class ForbiddenError(SignalboxError):
    """The caller is known and may not do this; the message says why."""


class ConflictError(SignalboxError):
    """The thing exists, in a state that does not allow this; the message says which state."""


class ConfigurationError(SignalboxError):
    """A setting is missing or malformed; the message names it and what it should be."""


class TransientError(SignalboxError):
    """Another service did not do its part this time; trying again later may work."""
