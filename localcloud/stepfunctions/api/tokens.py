"""Operations of workers that hold a task's token."""

from __future__ import annotations

from typing import Any

from localcloud.stepfunctions.api.arguments import Arguments
from localcloud.stepfunctions.engine import Engine


class TokenOperations:
    """Success, failure and heartbeat."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def send_task_success(self, arguments: Arguments) -> dict[str, Any]:
        """SendTaskSuccess."""
        self._engine.send_task_success(arguments["taskToken"], arguments["output"])
        return {}

    def send_task_failure(self, arguments: Arguments) -> dict[str, Any]:
        """SendTaskFailure."""
        self._engine.send_task_failure(arguments["taskToken"], arguments.get("error"), arguments.get("cause"))
        return {}

    def send_task_heartbeat(self, arguments: Arguments) -> dict[str, Any]:
        """SendTaskHeartbeat."""
        self._engine.send_task_heartbeat(arguments["taskToken"])
        return {}
