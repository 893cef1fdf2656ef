"""Executions of ``upload-processor``."""

from __future__ import annotations

from typing import Any

from chalicelib.core import executions
from chalicelib.retail.ports.uploads import UploadRuns


class StepFunctionsUploadRuns(UploadRuns):
    """Starts executions by name."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def start(self, name: str, payload: dict[str, Any]) -> bool:
        """See `UploadRuns.start`."""
        return executions.start(self._machine_arn, name, payload)
