"""The rules a definition keeps in production, beyond what AWS asks: each broken one is a warning."""

from __future__ import annotations

from typing import Any

from localcloud.stepfunctions.validation.machine import states_of
from localcloud.stepfunctions.validation.problem import Findings, child
from localcloud.stepfunctions.validation.resources import is_lambda

SERVICE_ERRORS = frozenset(
    (
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
    )
)
"""Lambda's own passing faults: the function was not run, or nobody knows whether it was."""
SERVICE_RETRIER: dict[str, Any] = {
    "IntervalSeconds": 2,
    "MaxAttempts": 6,
    "BackoffRate": 2,
    "JitterStrategy": "FULL",
}
"""The retrier's numbers; MaxDelaySeconds must be there too, with any value."""


def check_production_rules(definition: dict[str, Any], findings: Findings) -> None:
    """Check comments, timeouts and the service retrier of every state."""
    if not definition.get("Comment"):
        findings.warning("COMMENT_MISSING", "The machine should say in a Comment what it is for", "")
    for place, state in states_of(definition):
        if not state.get("Comment"):
            findings.warning("COMMENT_MISSING", "The state should say in a Comment what it is for", place)
        if state.get("Type") == "Task":
            _check_task(state, place, findings)


def _check_task(state: dict[str, Any], place: str, findings: Findings) -> None:
    if "TimeoutSeconds" not in state and "TimeoutSecondsPath" not in state:
        findings.warning(
            "TIMEOUT_MISSING", "The task should have TimeoutSeconds: without it, it may hang for a year", place
        )
    if not is_lambda(state.get("Resource")):
        return
    retriers = state.get("Retry")
    if findings.is_open(retriers):
        return
    if not isinstance(retriers, list):
        retriers = []
    number = next((index for index, retrier in enumerate(retriers) if _is_service_retrier(retrier)), None)
    if number is None:
        findings.warning(
            "SERVICE_RETRIER_MISSING", f"The first retrier should take {', '.join(sorted(SERVICE_ERRORS))}", place
        )
        return
    here = child(place, "Retry", number)
    if number > 0:
        findings.warning("SERVICE_RETRIER_NOT_FIRST", "The service retrier should come before all others", here)
    _check_numbers(retriers[number], here, findings)


def _is_service_retrier(retrier: Any) -> bool:
    names = retrier.get("ErrorEquals") if isinstance(retrier, dict) else None
    return isinstance(names, list) and SERVICE_ERRORS.issubset(name for name in names if isinstance(name, str))


def _check_numbers(retrier: dict[str, Any], place: str, findings: Findings) -> None:
    for name, wanted in SERVICE_RETRIER.items():
        if retrier.get(name) != wanted and not findings.is_open(retrier.get(name)):
            findings.warning("SERVICE_RETRIER_DIFFERS", f"{name} should be {wanted}", child(place, name))
    if "MaxDelaySeconds" not in retrier:
        findings.warning("SERVICE_RETRIER_DIFFERS", "MaxDelaySeconds should be given", place)
