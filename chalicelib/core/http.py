"""How the API speaks HTTP: JSON in, JSON out, and every error as problem+json (RFC 9457).

    InvalidInputError   422 (400 when the body is no JSON at all)   TransientError      503, Retry-After
    NotFoundError       404                                         HttpError           its own
    ConflictError       409                                         anything else       500, no detail

Chalice answers a view's exception by itself, before any middleware sees it. So a view is written under
`answering`, which turns errors into responses, and app.py registers `as_problem`, which gives Chalice's own errors
(405, 415) the same form and every problem its request id.
"""

from __future__ import annotations

import functools
import http
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec
from chalice import Response
from chalice.app import Request

from chalicelib.core import payload
from chalicelib.core.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    Problem,
    SignalboxError,
    TransientError,
)
from chalicelib.core.log import logger

PROBLEM_TYPE = "application/problem+json"
LARGEST_BODY_BYTES = 1_000_000
RETRY_AFTER_SECONDS = 5

T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., Any])


class HttpError(SignalboxError):
    """The request cannot be answered, for a reason of HTTP's own such as 413."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.detail, self.headers = status, detail, dict(headers or {})
        super().__init__(detail)


def body_as(kind: type[T], request: Request) -> T:
    """Return the request's JSON body as a ``kind``.

    Raises:
        HttpError: 400 no JSON, 413 larger than `LARGEST_BODY_BYTES`.
        InvalidInputError: it does not fit ``kind``; every problem is named.
    """
    raw = request.raw_body
    if len(raw) > LARGEST_BODY_BYTES:
        raise HttpError(413, f"the body has {len(raw)} bytes; at most {LARGEST_BODY_BYTES} are taken")
    if not raw.strip():
        raise HttpError(400, "the request has no body; it needs a JSON object")
    try:
        data = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HttpError(400, f"the body is no JSON: {error}") from None
    return payload.parse(kind, data)


def no_body(request: Request) -> None:
    """Refuse a body (other than ``{}``) where none is read, so that nobody believes it was.

    Raises:
        HttpError: 400 or 413, see `body_as`.
        InvalidInputError: it has fields.
    """
    if request.raw_body.strip():
        body_as(_Nothing, request)


class _Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """An empty object."""


def query(request: Request, *known: str) -> dict[str, str]:
    """Return the query's parameters.

    Raises:
        InvalidInputError: one of them is not among ``known``.
    """
    given = {str(k): str(v) for k, v in (request.query_params or {}).items()}
    if unknown := sorted(given.keys() - set(known)):
        takes = f"it takes {', '.join(known)}" if known else "it takes none"
        raise InvalidInputError(Problem(f"?{name}", "unknown_parameter", takes) for name in unknown)
    return given


def whole_number(given: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    """Return the query parameter ``name`` as an int, or ``default``.

    Raises:
        InvalidInputError: it is no whole number from ``least`` to ``most``.
    """
    text = given.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
        raise InvalidInputError(
            [Problem(f"?{name}", "out_of_range", f"is {text[:40]!r}; it must be from {least} to {most}")]
        )
    return int(text)


def answering(view: View) -> View:
    """Wrap a view so that the errors it raises become problem+json."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except Exception as error:
            return _response_of(error)

    return wrapped  # type: ignore[return-value]


def as_problem(request: Request | None, get_response: Callable[[Request | None], Response]) -> Response:
    """Give Chalice's own errors the form of a problem, and every answer the request's id: an 'http' middleware."""
    response = get_response(request)
    body = response.body
    if response.status_code >= 400 and isinstance(body, dict) and "type" not in body:
        detail = str(body.get("Message") or body.get("message") or "")
        response = problem(response.status_code, detail, headers=response.headers)
    request_id = request_id_of(request)
    if isinstance(response.body, dict) and response.status_code >= 400:
        response.body["requestId"] = request_id
    response.headers["X-Request-Id"] = request_id
    return response


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


def _response_of(error: Exception) -> Response:
    match error:
        case HttpError():
            return problem(error.status, error.detail, headers=error.headers)
        case InvalidInputError():
            many = f"{len(error.problems)} problems" if len(error.problems) != 1 else "1 problem"
            return problem(422, f"the request has {many}", error.problems)
        case NotFoundError():
            return problem(404, str(error))
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
    code = str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))
    return not code or "Throttl" in code or code in {"SlowDown", "TooManyRequestsException", "InternalServerError"}
