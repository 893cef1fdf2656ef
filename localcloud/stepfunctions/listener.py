"""The port through which the local cloud watches executions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from localcloud.stepfunctions.execution import Execution
    from localcloud.stepfunctions.history import Event


class EngineListener:
    """Told of everything that happens, on the thread that makes it happen: do not block, do not raise.

    Children of a distributed Map are told of as well; their `map_run_arn` is set.
    """

    def on_status(self, execution: Execution) -> None:
        """An execution started, ended, or runs again after a redrive."""

    def on_event(self, execution: Execution, event: Event) -> None:
        """An event was added to a history; `event.render()` is its AWS form."""
