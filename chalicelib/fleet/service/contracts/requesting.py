"""POST /contracts: a request is checked whole, then its execution is started, once per name."""

from __future__ import annotations

import uuid
from typing import Any

from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.fleet.domain.contracts.request import EXECUTION_ID, read
from chalicelib.fleet.ports.contracts import ContractRuns


def request_contract(
    data: dict[str, Any], caller: str, key: str | None, runs: ContractRuns
) -> tuple[dict[str, Any], bool]:
    """Start the execution; return ``({"request_id", "executionArn"}, whether it is new)``.

    Its name is ``key`` (the header ``Idempotency-Key``), else the request's ``execution_id``, else a new one.
    Neither who wants the contract (``requested_by``, else the ``caller``) nor the caller may approve it.

    Raises:
        InvalidInputError: with every problem of the request.
        ConflictError: the name was used for another request.
    """
    if key is not None and not EXECUTION_ID.fullmatch(key):
        message = "must be 1 to 80 letters, digits, - and _: it becomes the execution's name"
        raise InvalidInputError([Problem("Idempotency-Key", "not_a_name", message)])
    read(data, strict=True)
    name = key or data.get("execution_id") or uuid.uuid4().hex
    arn, new = runs.start(name, data | {"entered_by": caller})
    return {"request_id": name, "executionArn": arn}, new
