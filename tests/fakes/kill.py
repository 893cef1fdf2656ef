"""A process that dies on purpose."""

from __future__ import annotations


class KilledError(BaseException):
    """The process is gone. No ``except Exception`` of the code under test gets to see it."""


class KillSwitch:
    """Dies at the ``at``-th point where it could; each write and each send has two: before it, and after it.

    Once it has killed it does nothing more: the next process lives.
    """

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.points: list[str] = []
        """The points passed, ``before send``, ``after send``, ..., in order."""

    def point(self, name: str) -> None:
        """Pass the point ``name``, or die there."""
        self.points.append(name)
        if self.at is not None and len(self.points) > self.at:
            self.at = None
            raise KilledError(name)
