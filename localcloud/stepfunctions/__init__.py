"""Amazon States Language on one machine: faithful, fast, and with time that can be skipped."""

from localcloud.stepfunctions.task import (
    Integrations,
    Later,
    TaskCall,
    TaskError,
    TaskOutcome,
)
from localcloud.stepfunctions.timeline import (
    RealTimeline,
    Timeline,
    Timer,
    VirtualTimeline,
)

__all__ = [
    "Integrations",
    "Later",
    "RealTimeline",
    "TaskCall",
    "TaskError",
    "TaskOutcome",
    "Timeline",
    "Timer",
    "VirtualTimeline",
]
