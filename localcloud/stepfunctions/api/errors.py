"""What the API refuses beyond the engine's own reasons; see `localcloud.stepfunctions.errors`."""

# ruff: noqa: N818 - the class names are the codes clients see

from __future__ import annotations

from localcloud.stepfunctions.errors import StepFunctionsError


class ValidationException(StepFunctionsError):
    """The arguments break the API's own rules: lengths, ranges, patterns, what may go with what."""


class SerializationException(StepFunctionsError):
    """An argument has another type than the API's model says."""


class UnknownOperationException(StepFunctionsError):
    """There is no such operation, or it is not offered here."""


class ConflictException(StepFunctionsError):
    """The resource is used by another, or has changed meanwhile."""


class MissingRequiredParameter(StepFunctionsError):
    """An update that would change nothing."""


class TooManyTags(StepFunctionsError):
    """A resource has 50 tags at most."""
