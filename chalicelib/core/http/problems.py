"""Errors as problem+json (RFC 9457), whatever breaks.

InvalidInputError   422     TransientError      503, Retry-After
NotFoundError       404     HttpError           its own
ForbiddenError      403     anything else       500, no detail
ConflictError       409
"""

from __future__ import annotations

import http
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from chalice import Response
from chalice.app import Request

from chalicelib.core.aws import error_code
from chalicelib.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Problem,
    SignalboxError,
    TransientError,
)
from chalicelib.core.log import logger

PROBLEM_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5


class HttpError(SignalboxError):
    """The request cannot be answered, for a reason of HTTP's own such as 413."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.detail, self.headers = status, detail, dict(headers or {})
        super().__init__(detail)


def problem(
    status: int,
    detail: str,
    errors: Iterable[Problem] = (),
    headers: Mapping[str, str | list[str]] | None = None,
) -> Response:
    """Return a problem+json response; ``detail`` is for people, ``errors`` name the places at fault."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if listed := [error.as_dict() for error in errors]:
        body["errors"] = listed
    kept = {k: v for k, v in (headers or {}).items() if k.lower() != "content-type"}
    return Response(body=body, status_code=status, headers={**kept, "Content-Type": PROBLEM_TYPE})


def request_id_of(request: Request | None) -> str:
    """Return API Gateway's id of the request, or a new one where no gateway gave one."""
    context = getattr(request, "context", None) or {}
    return str(context.get("requestId") or uuid.uuid4())


def response_of(error: Exception) -> Response:
    """Return the response that tells of ``error``."""
    match error:
        case HttpError():
            return problem(error.status, error.detail, headers=error.headers)
        case InvalidInputError():
            many = f"{len(error.problems)} problems" if len(error.problems) != 1 else "1 problem"
            return problem(422, f"the request has {many}", error.problems)
        case NotFoundError():
            return problem(404, str(error))
        case ForbiddenError():
            return problem(403, str(error))
        case ConflictError():
            return problem(409, str(error))
        case TransientError():
            return problem(503, str(error), headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    logger().exception("a view failed", error=type(error).__name__)
    if _is_of_aws(error):
        return problem(
            503, "a service behind this one did not answer", headers={"Retry-After": str(RETRY_AFTER_SECONDS)}
        )
    return problem(500, "something went wrong here; the log has it under this request id")


def _is_of_aws(error: Exception) -> bool:
    """Say whether ``error`` is AWS being busy or out of reach, without importing botocore to ask."""
    if not type(error).__module__.startswith("botocore"):
        return False
    code = error_code(error)
    return not code or "Throttl" in code or code in {"SlowDown", "TooManyRequestsException", "InternalServerError"}
