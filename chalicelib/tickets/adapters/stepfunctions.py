"""Executions of ``sme-matching``."""

from __future__ import annotations

from typing import Any

from chalicelib.core import executions
from chalicelib.tickets.ports.tickets import MatchRuns


class StepFunctionsMatchRuns(MatchRuns):
    """Starts executions by name."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def start(self, name: str, run_input: dict[str, Any]) -> str:
        """See `MatchRuns.start`."""
        executions.start(self._machine_arn, name, run_input)
        return executions.arn_of(self._machine_arn, name)
