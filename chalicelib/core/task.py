"""The decorator of every door that has its own Lambda.

Chalice's middleware runs only where ``app.py`` is imported, and Lambda imports a room's ``handlers``
module alone. So what every door needs is this plain decorator, written UNDER Chalice's::

    @bp.lambda_function(name="status-checker")
    @task
    def status_checker(event, context): ...

It logs the end of each invocation with the request's and the execution's ids, follows it in X-Ray where it is
sampled, and lets errors through unchanged: Step Functions then sees the class name as the error's name.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, TypeVar

from chalicelib.core import trace
from chalicelib.core.log import logger

Door = TypeVar("Door", bound=Callable[..., Any])


def task(door: Door) -> Door:
    """Wrap ``door(event, context)``, or an event door's ``door(event)``, with logging."""

    @functools.wraps(door)
    def wrapped(*args: Any) -> Any:
        log = logger()
        log.thread_safe_clear_keys()
        ids = _ids(*args)
        log.thread_safe_append_keys(function=door.__name__, **ids)
        started = time.perf_counter()
        try:
            with trace.followed(door.__name__, **ids):
                result = door(*args)
        except Exception as error:
            log.exception("failed", error=type(error).__name__, milliseconds=_since(started))
            raise
        log.info("done", milliseconds=_since(started))
        return result

    return wrapped  # type: ignore[return-value]


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def _ids(event: Any, context: Any = None) -> dict[str, str]:
    """Return the ids that tie a log line to its request and its state machine execution."""
    context = context if context is not None else getattr(event, "context", None)
    ids = {"request_id": str(getattr(context, "aws_request_id", "") or "")}
    if isinstance(event, dict) and isinstance(event.get("executionArn"), str):
        ids["execution_arn"] = event["executionArn"]
    return ids
