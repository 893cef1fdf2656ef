"""The rest of the world: numbers, schedules, executions."""

from __future__ import annotations

from datetime import datetime
from typing import Any


class PhoneNumbers:
    """Reads telephone numbers (phonenumbers)."""

    def normalise(self, raw: str, region: str) -> tuple[str, tuple[str, ...]]:
        """Return (E.164, IANA zones it may be in, sorted).

        Raises:
            PhoneNumberError: it is no number that can be dialled; the message says why.
        """
        raise NotImplementedError


class CampaignRuns:
    """Executions of ``campaign-execution`` (Step Functions)."""

    def arn(self, name: str) -> str:
        """Return the ARN an execution of this name has, started or not."""
        raise NotImplementedError

    def start(self, name: str, payload: dict[str, Any]) -> str:
        """Start the execution ``name`` and return its ARN; a name used before starts nothing.

        Raises:
            TransientError: Step Functions is over its rate or out of order; try later.
        """
        raise NotImplementedError


class StartSchedule:
    """Starts to come, each fired once (EventBridge Scheduler ``at()``, gone after it fired)."""

    def put(self, name: str, *, local_time: datetime, zone: str, run: str, payload: dict[str, Any]) -> None:
        """Have ``campaign-execution`` started as ``run`` at the wall time ``local_time`` of ``zone``.

        Args:
            name: of the entry; one that exists is replaced.
            local_time: naive, whole seconds.
            zone: IANA name.
            run: name of the execution, so that an entry fired twice is one run.
            payload: the execution's input.
        """
        raise NotImplementedError

    def remove(self, name: str) -> None:
        """Remove the entry; one that is not there is fine."""
        raise NotImplementedError


class ImportContinuations:
    """Goes on with an import in a fresh invocation (asynchronous Lambda invoke)."""

    def continue_later(self, key: str) -> None:
        """Have the upload ``key`` taken up again where its checkpoint stands."""
        raise NotImplementedError
