"""What functions print, in moto's CloudWatch Logs, so that `aws logs filter-log-events` finds it.

Lines are kept here and handed over when somebody asks for logs: a run of thousands of invocations does not
pay for what nobody reads.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from localcloud.functions import Outcome
from localcloud.functions.pool import report_line
from localcloud.functions.runtime import log_stream_name

_KEPT = 20_000
"""Invocations whose lines wait to be asked for; the oldest are forgotten first."""


class FunctionLogs:
    """Waiting log lines, by invocation."""

    def __init__(self, now: Callable[[], float], account_id: str, region: str) -> None:
        self._now = now
        self._account_id = account_id
        self._region = region
        self._waiting: deque[Outcome] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()

    def add(self, outcome: Outcome) -> None:
        """Keep an invocation's lines."""
        self._waiting.append(outcome)

    def flush(self) -> None:
        """Hand everything over to moto."""
        from moto.logs.models import logs_backends

        backend = logs_backends[self._account_id][self._region]
        with self._lock:
            while self._waiting:
                self._write(backend, self._waiting.popleft())

    def _write(self, backend: Any, outcome: Outcome) -> None:
        group = outcome.function.log_group
        stream = log_stream_name(outcome.request_id)
        if group not in backend.groups:
            backend.create_log_group(group, {})
        if stream not in backend.groups[group].streams:
            backend.create_log_stream(group, stream)
        milliseconds = int(outcome.started_at * 1000)
        lines = [
            f"START RequestId: {outcome.request_id} Version: $LATEST",
            *outcome.log_lines,
            f"END RequestId: {outcome.request_id}",
            report_line(outcome),
        ]
        events = [{"timestamp": milliseconds, "message": line} for line in lines]
        backend.put_log_events(group, stream, events)
