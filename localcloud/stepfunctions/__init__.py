"""Amazon States Language on one machine: faithful, fast, and with time that can be skipped."""

from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.history import Event, History
from localcloud.stepfunctions.listener import EngineListener
from localcloud.stepfunctions.machine import StateMachine
from localcloud.stepfunctions.map_run import MapRun
from localcloud.stepfunctions.task import Integrations, Later, TaskCall, TaskError, TaskOutcome
from localcloud.stepfunctions.timeline import RealTimeline, Timeline, Timer, VirtualTimeline

__all__ = [
    "Engine",
    "EngineListener",
    "Event",
    "Execution",
    "History",
    "Integrations",
    "Later",
    "MapRun",
    "RealTimeline",
    "StateMachine",
    "TaskCall",
    "TaskError",
    "TaskOutcome",
    "Timeline",
    "Timer",
    "VirtualTimeline",
]
