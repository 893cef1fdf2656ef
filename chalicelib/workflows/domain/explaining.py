"""Errors in plain words: what happened, what was said, what may help.

What the services say is kept beside it, to the letter: words of ours may be wrong about a case, theirs are not.
"""

from __future__ import annotations

import builtins
import json
import re
from dataclasses import dataclass

_KNOWN = {
    "States.Timeout": (
        "It took longer than it is allowed to.",
        "The log says what it was doing. If the work is fine and slow, the state's TimeoutSeconds is too short.",
    ),
    "States.HeartbeatTimeout": (
        "Whoever does this work gave no sign of life for too long.",
        "Look whether the worker still runs; then redrive.",
    ),
    "States.DataLimitExceeded": (
        "The data was larger than the 256 KB a state may hand on.",
        "Keep the data in S3 and hand on where it lies.",
    ),
    "States.Permissions": (
        "The workflow may not do this: its role lacks the right.",
        "Add the right to the role of the state machine, deploy, and redrive.",
    ),
    "States.Runtime": (
        "The definition and the data do not fit: a path names something that is not there.",
        "Compare the state's input below with what its definition asks for.",
    ),
    "States.ParameterPathFailure": (
        "What should be sent names data that is not in the input.",
        "Compare the state's input below with what its definition asks for.",
    ),
    "States.ResultPathMatchFailure": (
        "The result has no place in the input.",
        "The state's ResultPath leads to something that is no object.",
    ),
    "States.NoChoiceMatched": (
        "No way leads on: no condition held, and there is no default.",
        "Compare the state's input below with its conditions.",
    ),
    "States.ItemReaderFailed": (
        "The list of items could not be read.",
        "Look whether the file is there and readable; then redrive.",
    ),
    "States.ExceedToleratedFailureThreshold": (
        "More items failed than are tolerated.",
        "Look into a failed item.",
    ),
    "Lambda.TooManyRequestsException": (
        "Too many functions ran at once, and AWS took no more.",
        "It passes by itself; redrive in a minute, or raise the account's limit.",
    ),
    "Lambda.Unknown": (
        "The function ended without a word: out of memory, out of time, or its process crashed.",
        "The log's last lines say which.",
    ),
    "Sandbox.Timedout": (
        "The function took longer than its timeout.",
        "If the work is fine and slow, the function's timeout is too short.",
    ),
    "Runtime.OutOfMemory": ("The function ran out of memory.", "Give it more in .chalice/config.json."),
    "StoppedByPerson": ("Somebody stopped it.", ""),
}
_LAMBDA_PASSES = ("Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException")


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error for people."""

    what: str
    """A sentence."""
    said: str
    """What the code or service said, without its wrapping; may be empty."""
    advice: str
    """What may help; may be empty."""


def explain(error: str | None, cause: str | None) -> Explanation:
    """Return what an error means.

    >>> explain("PaymentDeclinedError", '{"errorMessage": "card ends 4242"}').said
    'card ends 4242'
    """
    said = _unwrapped(cause)
    if error in _KNOWN:
        return Explanation(_KNOWN[error][0], said, _KNOWN[error][1])
    if error in _LAMBDA_PASSES:
        return Explanation("AWS could not run the function just then.", said, "It passes by itself; redrive.")
    if error is None:
        return Explanation("It ended without naming an error.", said, "")
    if hasattr(builtins, error):
        return Explanation(f"The code broke in a way it does not name: {error}.", said, "The log says where.")
    service, _, name = error.rpartition(".")
    if not (name.isidentifier() and all(part.isidentifier() for part in service.split(".") if service)):
        return Explanation(f"What went wrong: {error}.", said, "")
    if service and service != "States":
        return Explanation(f"{service} refused what was asked: {_spaced(name)}.", said, "")
    return Explanation(
        f"What went wrong: {_spaced(name.removesuffix('Error').removesuffix('Exception'))}.", said, ""
    )


def _unwrapped(cause: str | None) -> str:
    """Return the message in a function's error payload, a list of messages by lines, or the cause as it is."""
    if not cause:
        return ""
    try:
        told = json.loads(cause)
    except (ValueError, RecursionError):  # no JSON, or nested deeper than anybody reads
        return cause
    if isinstance(told, dict) and isinstance(told.get("errorMessage"), str):
        return str(told["errorMessage"])
    if isinstance(told, dict) and isinstance(told.get("Cause"), str):  # an error that a state has handed on
        return _unwrapped(told["Cause"])
    if isinstance(told, list) and all(isinstance(one, str) for one in told):
        return "\n".join(told)
    return cause


def _spaced(name: str) -> str:
    """Return a class name as words.

    >>> _spaced("VehicleTakenError"), _spaced("RAGPipelineFailed")
    ('vehicle taken error', 'RAG pipeline failed')
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", name).split()
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in words)
