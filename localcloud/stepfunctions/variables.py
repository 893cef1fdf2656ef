"""The variables Assign sets, and AWS's limits for them."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.stepfunctions.failures import DataLimitFailure, too_large
from localcloud.stepfunctions.json_text import size
from localcloud.stepfunctions.limits import PAYLOAD_BYTES, VARIABLES_BYTES
from localcloud.stepfunctions.task import JsonValue


def with_assigned(
    variables: Mapping[str, JsonValue], assigned: Mapping[str, JsonValue], owner: str
) -> dict[str, JsonValue]:
    """The variables after a state's Assign. Raises States.DataLimitExceeded above the limits."""
    together = {**variables, **assigned}
    # None of them is above PAYLOAD_BYTES: all are weighed only where there are enough of them to be too much.
    many = len(together) * PAYLOAD_BYTES > VARIABLES_BYTES
    if size(assigned) > PAYLOAD_BYTES or (many and size(together) > VARIABLES_BYTES):
        raise DataLimitFailure(too_large(owner))
    return together
