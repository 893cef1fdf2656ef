"""What a machine on the virtual clock needs: its time, functions that answer as Lambda does, the path it took."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.clock import Clock
from localcloud.stepfunctions import Execution, TaskCall, TaskError, VirtualTimeline
from tests.fakes.kill import KilledError


class TimelineClock(Clock):
    """The timeline's time."""

    def __init__(self, timeline: VirtualTimeline) -> None:
        self._timeline = timeline

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._timeline.now(), UTC)


def function_of(call: TaskCall) -> str:
    """Return the logical id of the function that is invoked: ``${DispatcherArn}`` is ``Dispatcher``."""
    return str(call.arguments["FunctionName"]).removeprefix("${").removesuffix("Arn}")


def invoked(call: TaskCall, function: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """Call ``function`` as ``lambda:invoke`` does: event and result are JSON, an error has its class's name.

    Raises:
        TaskError: the function raised, or its process was killed.
    """
    try:
        result = function(json.loads(json.dumps(call.arguments["Payload"])))
    except KilledError as error:
        raise TaskError("Runtime.ExitError", "Runtime exited") from error
    except Exception as error:
        cause = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})
        raise TaskError(type(error).__name__, cause) from error
    return {"ExecutedVersion": "$LATEST", "Payload": json.loads(json.dumps(result)), "StatusCode": 200}


def path(execution: Execution) -> list[str]:
    """Return the names of the states the execution entered, in order; those in a Parallel too."""
    events = execution.history.events
    return [event.render()["stateEnteredEventDetails"]["name"] for event in events if "StateEntered" in event.type]
