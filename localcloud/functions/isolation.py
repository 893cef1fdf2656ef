"""One process that looks to each invocation like a container of its own.

Functions run on threads. What is global in Python and separate between containers is made to depend on the
invocation that asks, by a context variable: `os.environ`, `sys.stdout` and `sys.stderr`, and the root
logger's handler. A thread that a function starts belongs to the same invocation.

Modules are shared: a function that caches a value of its environment at module level shares it with every
other function of that module, as it would in a container it is not alone in.
"""

from __future__ import annotations

import contextlib
import contextvars
import io
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator, MutableMapping
from typing import Any, TextIO

_OF_THE_HOST = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHASHSEED")
"""What a function sees of the host's environment, beside its own."""


class Surroundings:
    """What one invocation sees of the process, and what it has printed so far."""

    def __init__(self, environment: MutableMapping[str, str], request_id: str = "") -> None:
        host = _host_environment()
        self.environment = {key: host[key] for key in _OF_THE_HOST if key in host} | dict(environment)
        self.request_id = request_id
        self.lines: list[str] = []
        self._unfinished = ""
        self._lock = threading.Lock()

    def write(self, text: str) -> None:
        """Take printed text; whole lines become log lines."""
        with self._lock:
            *whole, self._unfinished = (self._unfinished + text).split("\n")
            self.lines.extend(whole)

    def log(self, message: str) -> None:
        """Take one log record, which may span several lines and stays one entry."""
        with self._lock:
            self.lines.append(message)

    def finish(self) -> list[str]:
        """Return all lines; what was printed without a line end counts as one."""
        with self._lock:
            if self._unfinished:
                self.lines.append(self._unfinished)
                self._unfinished = ""
            return list(self.lines)


_SURROUNDINGS: contextvars.ContextVar[Surroundings | None] = contextvars.ContextVar("surroundings", default=None)


@contextlib.contextmanager
def surrounded(surroundings: Surroundings) -> Iterator[Surroundings]:
    """Run the block as part of the invocation that ``surroundings`` belongs to."""
    install()
    token = _SURROUNDINGS.set(surroundings)
    try:
        yield surroundings
    finally:
        _SURROUNDINGS.reset(token)


class _Environment(os._Environ):  # type: ignore[type-arg]
    """`os.environ` that answers with the invocation's environment inside one, with the host's outside."""

    def _mine(self) -> dict[str, str] | None:
        surroundings = _SURROUNDINGS.get()
        return None if surroundings is None else surroundings.environment

    def __getitem__(self, key: str) -> str:
        mine = self._mine()
        return str(super().__getitem__(key)) if mine is None else mine[key]

    def __setitem__(self, key: str, value: str) -> None:
        mine = self._mine()
        if mine is None:
            super().__setitem__(key, value)
        else:
            mine[key] = value

    def __delitem__(self, key: str) -> None:
        mine = self._mine()
        if mine is None:
            super().__delitem__(key)
        else:
            del mine[key]

    def __iter__(self) -> Iterator[str]:
        mine = self._mine()
        return super().__iter__() if mine is None else iter(list(mine))

    def __len__(self) -> int:
        mine = self._mine()
        return super().__len__() if mine is None else len(mine)


class _Stream(io.TextIOBase):
    """A standard stream whose text goes to the invocation that prints, or to the stream it replaced."""

    def __init__(self, beneath: TextIO) -> None:
        self.beneath = beneath

    def write(self, text: str) -> int:
        surroundings = _SURROUNDINGS.get()
        if surroundings is None:
            return self.beneath.write(text)
        surroundings.write(text)
        return len(text)

    def flush(self) -> None:
        if _SURROUNDINGS.get() is None:
            self.beneath.flush()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.beneath.fileno()

    def isatty(self) -> bool:
        return _SURROUNDINGS.get() is None and self.beneath.isatty()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self.beneath.encoding


class _RootHandler(logging.Handler):
    """The Lambda runtime's log handler: records go, in its format, to the invocation that logs them.

    Outside of invocations only this package's own errors are shown; libraries keep their warnings.
    """

    def emit(self, record: logging.LogRecord) -> None:
        surroundings = _SURROUNDINGS.get()
        if surroundings is not None:
            surroundings.log(self.lambda_format(record, surroundings.request_id))
        elif record.name.startswith("localcloud") and record.levelno >= logging.ERROR and sys.__stderr__:
            print(self.format(record), file=sys.__stderr__)

    def lambda_format(self, record: logging.LogRecord, request_id: str) -> str:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        place = f"{stamp}.{int(record.msecs):03d}Z"
        return f"[{record.levelname}]\t{place}\t{request_id}\t{self.format(record)}"


_lock = threading.Lock()
_handler = _RootHandler()
_start_thread = threading.Thread.start


def _start_in_context(thread: threading.Thread) -> None:
    """`Thread.start` that lets a function's own threads belong to its invocation."""
    if _SURROUNDINGS.get() is not None:
        run, context = thread.run, contextvars.copy_context()

        def run_in_context() -> None:
            context.run(run)

        thread.run = run_in_context  # type: ignore[method-assign]
    _start_thread(thread)


def install() -> None:
    """Put the replacements in place; cheap and harmless when they are (test runners swap the streams)."""
    with _lock:
        if not isinstance(os.environ, _Environment):
            host: Any = os.environ
            parts = (host._data, host.encodekey, host.decodekey, host.encodevalue, host.decodevalue)
            os.environ = _Environment(*parts)  # noqa: B003 - the mapping shares the host's data
            threading.Thread.start = _start_in_context  # type: ignore[method-assign,assignment]
        if not isinstance(sys.stdout, _Stream):
            sys.stdout = _Stream(sys.stdout)
        if not isinstance(sys.stderr, _Stream):
            sys.stderr = _Stream(sys.stderr)
        if _handler not in logging.getLogger().handlers:
            logging.getLogger().addHandler(_handler)


def uninstall() -> None:
    """Put back what `install` replaced."""
    with _lock:
        if isinstance(os.environ, _Environment):
            mine: Any = os.environ
            parts = (mine._data, mine.encodekey, mine.decodekey, mine.encodevalue, mine.decodevalue)
            os.environ = os._Environ(*parts)  # noqa: B003
            threading.Thread.start = _start_thread  # type: ignore[method-assign]
        if isinstance(sys.stdout, _Stream):
            sys.stdout = sys.stdout.beneath
        if isinstance(sys.stderr, _Stream):
            sys.stderr = sys.stderr.beneath
        logging.getLogger().removeHandler(_handler)


def _host_environment() -> dict[str, str]:
    """Return the host's environment, whoever asks."""
    environ: Any = os.environ
    if isinstance(environ, dict):
        return environ  # chalice.test puts a plain copy there while it answers a request
    return {environ.decodekey(key): environ.decodevalue(value) for key, value in environ._data.items()}
