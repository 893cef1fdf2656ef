"""The port through which others watch a local cloud."""

from __future__ import annotations

from localcloud.functions import Outcome
from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.history import Event


class Watcher:
    """Told of runs and invocations, on the thread that makes them happen: do not block."""

    def execution_changed(self, execution: Execution) -> None:
        """An execution started or ended."""

    def event_added(self, execution: Execution, event: Event) -> None:
        """An execution's history grew."""

    def function_ended(self, outcome: Outcome) -> None:
        """A function was run."""
