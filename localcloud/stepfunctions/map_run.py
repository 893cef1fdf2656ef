"""One run of a distributed Map: its children and how many ended how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from localcloud.stepfunctions.execution import Execution


@dataclass(slots=True)
class MapRun:
    """What DescribeMapRun tells."""

    arn: str
    execution_arn: str
    state_machine_arn: str
    max_concurrency: int
    tolerated_failure_count: int
    tolerated_failure_percentage: float
    started_at: float
    item_count: int = 0
    """Items read, before batching."""
    status: str = "RUNNING"
    stopped_at: float | None = None
    redrive_count: int = 0
    redriven_at: float | None = None
    executions: dict[int, Execution] = field(default_factory=dict)
    """Children started so far, by their number."""
    total: int = 0
    """How many children there will be."""
    fill: Callable[[], None] = lambda: None
    """Start as many children as may run now: for who raises max_concurrency."""

    def execution_counts(self) -> dict[str, int]:
        """Children by status, and those that have not started as PENDING."""
        counts = Counter(execution.status for execution in self.executions.values())
        counts["PENDING"] = self.total - len(self.executions)
        return dict(counts)
