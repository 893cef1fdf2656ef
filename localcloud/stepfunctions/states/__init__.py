"""The kinds of states."""

from localcloud.stepfunctions.states.map_distributed import DistributedMapState
from localcloud.stepfunctions.states.map_inline import InlineMapState
from localcloud.stepfunctions.states.parallel import ParallelState
from localcloud.stepfunctions.states.simple import ChoiceState, FailState, PassState, SucceedState
from localcloud.stepfunctions.states.state import State
from localcloud.stepfunctions.states.task import TaskState
from localcloud.stepfunctions.states.wait import WaitState

__all__ = [
    "ChoiceState",
    "DistributedMapState",
    "FailState",
    "InlineMapState",
    "ParallelState",
    "PassState",
    "State",
    "SucceedState",
    "TaskState",
    "WaitState",
]
