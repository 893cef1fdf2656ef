"""Asynchronous invocations: accepted at once, run in the background, retried, and never lost silently.

An error is retried twice (after one and two minutes), a throttle for up to six hours with growing waits;
then the event goes to the OnFailure destination and the dead-letter queue, where the template has them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.clock_text import iso_time
from localcloud.functions import Functions, InvokeError, Outcome
from localcloud.provision.site import AsyncSettings
from localcloud.stepfunctions import Timeline

_log = logging.getLogger(__name__)

_RETRY_SECONDS = (60.0, 120.0)
_THROTTLE_SECONDS = 6 * 3600.0
_LONGEST_THROTTLE_WAIT_SECONDS = 300.0


class AsyncInvoker:
    """Invokes functions whose caller does not wait."""

    def __init__(self, timeline: Timeline, functions: Functions, settings: Mapping[str, AsyncSettings]) -> None:
        self._timeline = timeline
        self._functions = functions
        self._settings = settings
        self.forward: Callable[[str, Any, dict[str, str]], None] = lambda _arn, _payload, _attributes: None
        """Takes (target ARN, payload, message attributes); set once deliveries exist."""

    def send(self, name_or_arn: str, event: str) -> None:
        """Accept one event (JSON text).

        Raises:
            InvokeError: there is no such function.
        """
        arn = self._functions.find(name_or_arn).arn
        self._timeline.call_soon(lambda: self._attempt(arn, event, 0, self._timeline.now()))

    def _attempt(self, arn: str, event: str, attempt: int, first: float) -> None:
        self._timeline.submit(
            lambda: self._functions.invoke(arn, event),
            lambda result: self._ended(arn, event, attempt, first, result),
        )

    def _ended(self, arn: str, event: str, attempt: int, first: float, result: Outcome | BaseException) -> None:
        if isinstance(result, Outcome) and not result.failed:
            return
        settings = self._settings.get(arn, AsyncSettings())
        if isinstance(result, InvokeError) and result.code == "TooManyRequestsException":
            wait = min(2.0**attempt, _LONGEST_THROTTLE_WAIT_SECONDS)
            if self._timeline.now() + wait - first <= _THROTTLE_SECONDS:
                self._timeline.call_after(wait, lambda: self._attempt(arn, event, attempt + 1, first))
                return
        elif isinstance(result, Outcome) and attempt < settings.retries:
            wait = _RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)]
            self._timeline.call_after(wait, lambda: self._attempt(arn, event, attempt + 1, first))
            return
        self._give_up(arn, event, attempt + 1, settings, result)

    def _give_up(
        self, arn: str, event: str, attempts: int, settings: AsyncSettings, result: Outcome | BaseException
    ) -> None:
        failed = isinstance(result, Outcome)
        message = str(result.value.get("errorMessage", "")) if isinstance(result, Outcome) else str(result)
        if settings.on_failure_arn is None and settings.dead_letter_arn is None:
            _log.error("%s failed %d times and has no destination for failures: %s", arn, attempts, message)
        if settings.on_failure_arn:
            record = {
                "version": "1.0",
                "timestamp": iso_time(self._timeline.now()),
                "requestContext": {
                    "requestId": result.request_id if isinstance(result, Outcome) else "",
                    "functionArn": f"{arn}:$LATEST",
                    "condition": "RetriesExhausted" if failed else "EventAgeExceeded",
                    "approximateInvokeCount": attempts,
                },
                "requestPayload": json.loads(event),
                "responseContext": {
                    "statusCode": 200,
                    "executedVersion": "$LATEST",
                    "functionError": "Unhandled",
                },
                "responsePayload": result.value if isinstance(result, Outcome) else None,
            }
            self.forward(settings.on_failure_arn, record, {})
        if settings.dead_letter_arn:
            attributes = {"ErrorCode": "200" if failed else "429", "ErrorMessage": message[:1024]}
            self.forward(settings.dead_letter_arn, event, attributes)
