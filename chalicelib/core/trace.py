"""X-Ray subsegments for an invocation that is sampled, and nothing at all for one that is not.

Lambda and Step Functions write their own segments whether or not this module does anything. It adds the calls a
task makes of AWS, below Lambda's segment, in the trace that began with the state machine's execution. The SDK
costs some hundred milliseconds to load and to patch botocore with: only an invocation whose trace header says
``Sampled=1`` pays.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator
from typing import Any

HEADER = "_X_AMZN_TRACE_ID"
"""Lambda sets it anew for each invocation: ``Root=1-...;Parent=...;Sampled=1``."""


def is_sampled() -> bool:
    """Return whether the running invocation's trace is kept."""
    return "Sampled=1" in os.environ.get(HEADER, "").split(";")


@contextlib.contextmanager
def followed(name: str, **annotations: str) -> Iterator[None]:
    """Run the block as a subsegment that can be searched by its annotations; its error is noted and goes on."""
    if not is_sampled():
        yield
        return
    recorder = _recorder()
    with recorder.in_subsegment(name) as subsegment:
        for key, value in annotations.items():
            if subsegment is not None:
                subsegment.put_annotation(key, value)
        yield


@functools.cache
def _recorder() -> Any:
    """Return the SDK's recorder, with botocore patched: once a container."""
    from aws_xray_sdk.core import patch, xray_recorder

    xray_recorder.configure(context_missing="LOG_ERROR", service="signalbox")
    patch(("botocore",))
    return xray_recorder
