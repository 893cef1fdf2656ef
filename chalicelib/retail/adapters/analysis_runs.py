"""Executions of ``daily-analysis``."""

from __future__ import annotations

from typing import Any

from chalicelib.core import executions
from chalicelib.retail.ports.reports import AnalysisRuns


class StepFunctionsAnalysisRuns(AnalysisRuns):
    """Starts executions by name."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def start(self, name: str, payload: dict[str, Any]) -> str:
        """See `AnalysisRuns.start`."""
        executions.start(self._machine_arn, name, payload)
        return executions.arn_of(self._machine_arn, name)
