"""What the API refuses, one class for each of AWS's error codes, with AWS's message text.

The class name is the code a client sees: `except client.exceptions.ExecutionAlreadyExists`.
"""

# ruff: noqa: N818 - the class names are the codes clients see

from __future__ import annotations

from collections.abc import Sequence


class StepFunctionsError(Exception):
    """Base: an operation of the Step Functions API was refused."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def code(self) -> str:
        """AWS's error code."""
        return type(self).__name__


class StateMachineDoesNotExist(StepFunctionsError):
    """No state machine has this ARN."""

    def __init__(self, arn: str) -> None:
        super().__init__(f"State Machine Does Not Exist: '{arn}'")


class StateMachineAlreadyExists(StepFunctionsError):
    """A machine of this name exists with another definition, role or type."""

    def __init__(self, arn: str) -> None:
        super().__init__(f"State Machine Already Exists: '{arn}'")


class StateMachineDeleting(StepFunctionsError):
    """The machine is on its way out: it takes no new executions."""

    def __init__(self, arn: str) -> None:
        super().__init__(f"State Machine is deleting: '{arn}'")


class InvalidDefinition(StepFunctionsError):
    """The definition breaks the language; `problems` has every one of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("Invalid State Machine Definition: '" + ", ".join(self.problems) + "'")


class InvalidName(StepFunctionsError):
    """1 to 80 characters, none of AWS's forbidden ones."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Invalid Name: '{name}'")


class InvalidArn(StepFunctionsError):
    """The text is no ARN of the wanted kind."""

    def __init__(self, arn: str) -> None:
        super().__init__(f"Invalid Arn: '{arn}'")


class InvalidExecutionInput(StepFunctionsError):
    """The input is no JSON, or above 262,144 bytes."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Invalid State Machine Execution Input: '{reason}'")


class InvalidOutput(StepFunctionsError):
    """SendTaskSuccess got an output that is no JSON, or above 262,144 bytes."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Invalid Output: '{reason}'")


class ExecutionAlreadyExists(StepFunctionsError):
    """The name was used: by an execution that has ended, or with another input."""

    def __init__(self, arn: str) -> None:
        super().__init__(f"Execution Already Exists: '{arn}'")


class ExecutionDoesNotExist(StepFunctionsError):
    """No execution has this ARN."""

    def __init__(self, arn: str) -> None:
        super().__init__(f"Execution Does Not Exist: '{arn}'")


class ExecutionNotRedrivable(StepFunctionsError):
    """Only failed, aborted and timed out Standard executions run again, within 14 days."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Execution not redrivable: '{reason}'")


class StateMachineTypeNotSupported(StepFunctionsError):
    """Standard and Express differ in the operations they know."""

    def __init__(self, reason: str = "This operation is not supported by this type of state machine") -> None:
        super().__init__(reason)


class InvalidToken(StepFunctionsError):
    """The text never was a task token."""

    def __init__(self) -> None:
        super().__init__("Invalid Token: 'Invalid token'")


class TaskDoesNotExist(StepFunctionsError):
    """The token's task is unknown."""

    def __init__(self) -> None:
        super().__init__("Task does not exist")


class TaskTimedOut(StepFunctionsError):
    """The token's task has ended: answered before, timed out, or its execution is over."""

    def __init__(self) -> None:
        super().__init__("Task Timed Out: 'Provided task does not exist anymore'")


class ResourceNotFound(StepFunctionsError):
    """No map run has this ARN (AWS names no kind here)."""

    def __init__(self, arn: str) -> None:
        super().__init__(f"Resource not found: '{arn}'")
