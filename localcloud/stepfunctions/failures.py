"""Failures inside an execution: what Retry and Catch see, and what they never see."""

from __future__ import annotations

DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded"
RUNTIME = "States.Runtime"
TASK_FAILED = "States.TaskFailed"
TIMEOUT = "States.Timeout"
HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout"
ALL = "States.ALL"


class StateFailure(Exception):  # noqa: N818 - it is the state that failed
    """A state failed with an error name and, often, a cause; both None for a bare Fail state."""

    terminal = False
    """True where States.ALL and States.TaskFailed do not take it; its own name does."""

    def __init__(self, error: str | None, cause: str | None = None) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause

    @property
    def fatal(self) -> bool:
        """True for what no Retry and no Catch may take: the machine itself is broken."""
        return self.error == RUNTIME

    def matches(self, names: tuple[str, ...]) -> bool:
        """Whether an ErrorEquals list takes this failure.

        States.ALL takes all but what is terminal (and States.Runtime, which nothing takes);
        States.TaskFailed takes all of these but timeouts, as AWS documents it.
        """
        if self.fatal:
            return False
        for name in names:
            if name == self.error:
                return True
            if name == ALL and not self.terminal:
                return True
            if name == TASK_FAILED and not self.terminal and self.error not in (TIMEOUT, HEARTBEAT_TIMEOUT):
                return True
            if name == TIMEOUT and self.error == HEARTBEAT_TIMEOUT:
                return True
        return False


class DataLimitFailure(StateFailure):
    """A state's own data is too large. Terminal, as AWS documents States.DataLimitExceeded.

    A task's result that is too large is none of these: AWS tells it as a failed task, and its recorded histories
    show States.ALL catching it.
    """

    terminal = True

    def __init__(self, cause: str) -> None:
        super().__init__(DATA_LIMIT_EXCEEDED, cause)


class LocatedFailure(StateFailure):
    """A failure of the state's own fields: its cause is told with the state's name and event id."""


class QueryFailure(LocatedFailure):
    """A JSONata expression failed; `location` is the field, e.g. "Output/result", None for the state's input."""

    follows_entry = False
    """Whether the history links the failure to the state's entry; AWS links failed evaluations past it."""

    def __init__(self, cause: str, location: str | None) -> None:
        super().__init__("States.QueryEvaluationError", cause)
        self.location = location


class FieldValueFailure(QueryFailure):
    """A JSONata expression gave a value of the right type that its field cannot take."""

    follows_entry = True


class HistoryFullError(Exception):
    """The execution has as many events as AWS allows."""


def runtime_failure(cause: str) -> LocatedFailure:
    """A States.Runtime failure of a state's own fields."""
    return LocatedFailure(RUNTIME, cause)


def too_large(owner: str) -> str:
    """The cause of a States.DataLimitExceeded."""
    return (
        f"The state/task '{owner}' returned a result with a size exceeding the maximum number of bytes "
        "service limit."
    )
