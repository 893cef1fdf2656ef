"""Executions of ``campaign-execution``."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.ports.world import CampaignRuns
from chalicelib.core import executions


class StepFunctionsCampaignRuns(CampaignRuns):
    """Starts executions by name."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def arn(self, name: str) -> str:
        """See `CampaignRuns.arn`."""
        return executions.arn_of(self._machine_arn, name)

    def start(self, name: str, payload: dict[str, Any]) -> str:
        """See `CampaignRuns.start`."""
        executions.start(self._machine_arn, name, payload)
        return self.arn(name)
