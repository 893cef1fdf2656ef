"""Stands before each view: who calls and how often, what they bring; and behind it: what is written down of it.

    @bp.route("/campaigns/{campaign_id}/pause", methods=["POST"], authorizer=bearer)
    @http.answering(scope="run", takes=ReasonBody, answers=(202,), refuses=(404, 409))
    def pause_campaign(campaign_id: str, body: ReasonBody) -> Response: ...

Chalice answers a view's exception by itself, before any middleware sees it. So errors become responses here, and
app.py registers `as_problem`, which gives Chalice's own errors (405, 415) the same form and every answer its id.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar, overload
from urllib.parse import unquote

from chalice import Response
from chalice.app import Request

from chalicelib.core import clock
from chalicelib.core.access import Principal
from chalicelib.core.config import whole_number
from chalicelib.core.http.contract import Contract, Kind, kind_of
from chalicelib.core.http.problems import HttpError, problem, request_id_of, response_of
from chalicelib.core.http.reading import body_as, no_body, no_query, query_as
from chalicelib.core.log import logger

View = TypeVar("View", bound=Callable[..., Any])

REQUESTS_PER_MINUTE = 600

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")

_request: ContextVar[Request] = ContextVar("request")
_caller: ContextVar[Principal] = ContextVar("caller")


def caller() -> Principal:
    """Return who calls the view that runs."""
    return _caller.get()


def current_request() -> Request:
    """Return the request that is being answered."""
    return _request.get()


def idempotency_key() -> str | None:
    """Return the request's ``Idempotency-Key``, None where there is none.

    Raises:
        HttpError: 400, it is none.
    """
    key = current_request().headers.get("idempotency-key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise HttpError(400, "Idempotency-Key must be 1 to 200 printable ASCII characters without spaces")
    return key


@overload
def answering(view: View, /) -> View: ...
@overload
def answering(
    *,
    scope: str | None,
    takes: Kind | None = None,
    reads_raw: bool = False,
    form: tuple[str, ...] = (),
    query: Kind | None = None,
    gives: Kind | None = None,
    answers: tuple[int, ...] = (200,),
    refuses: tuple[int, ...] = (),
    media: str = "application/json",
    headers: tuple[str, ...] = (),
) -> Callable[[View], View]: ...
def answering(view: Any = None, /, *, scope: str | None = None, **promised: Any) -> Any:
    """Wrap a view with its promise, see `Contract`.

    A view that is wrapped without a promise promises nothing, is open to anybody and reads its request itself.
    """

    def wrap(inner: View) -> View:
        contract = Contract(scope=scope, **promised)

        @functools.wraps(inner)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            try:
                request = current_request()
                with _admitted(request, contract):
                    named = {name: unquote(text) for name, text in kwargs.items()}  # no gateway does it
                    return inner(*args, **named, **_brought(request, contract))
            except Exception as error:
                return response_of(error)

        wrapped.contract = contract  # type: ignore[attr-defined]
        return wrapped  # type: ignore[return-value]

    if view is not None:
        promised["reads_raw"] = True
        return wrap(view)
    return wrap


def as_problem(request: Request | None, get_response: Callable[[Request | None], Response]) -> Response:
    """Give Chalice's own errors the form of a problem, and every answer the request's id: an 'http' middleware."""
    if request is not None:
        _request.set(request)
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


def _brought(request: Request, contract: Contract) -> dict[str, Any]:
    """Return the arguments a view gets beside those of its path."""
    brought: dict[str, Any] = {}
    if contract.reads_raw:
        return brought
    if contract.query is not None:
        brought["query"] = query_as(kind_of(contract.query), request)
    else:
        no_query(request)
    if contract.takes is not None:
        brought["body"] = body_as(kind_of(contract.takes), request)
    else:
        no_body(request)
    return brought


@contextlib.contextmanager
def _admitted(request: Request, contract: Contract) -> Iterator[None]:
    """Let the caller in, or not; a change is written down."""
    if contract.scope is None:
        yield
        return
    principal = _principal(request)
    if not principal.may(contract.scope):
        held = ", ".join(sorted(principal.scopes)) or "none"
        raise HttpError(403, f"this asks for the scope {contract.scope}; the token has {held}")
    _limit(principal)
    _caller.set(principal)
    if request.method in ("GET", "HEAD"):
        yield
        return
    from chalicelib.core.audit import audited

    address = str((request.context.get("identity") or {}).get("sourceIp") or "unknown")
    with audited(principal.name, f"{request.method} {request.path}", address):
        yield


def _principal(request: Request) -> Principal:
    """Return whom the authorizer found.

    Raises:
        HttpError: 401, with the authorizer's reason.
    """
    found = request.context.get("authorizer") or {}
    refused = found.get("refused")
    expired = int(found.get("expiresAt") or 0) <= clock.current().now().timestamp()
    if refused or "scopes" not in found or expired:
        reason = str(refused or ("this token has ended" if "scopes" in found else "this asks for a bearer token"))
        raise HttpError(401, reason, {"WWW-Authenticate": 'Bearer realm="signalbox", error="invalid_token"'})
    return Principal(str(found.get("principalId")), frozenset(str(found["scopes"]).split()))


def _limit(principal: Principal) -> None:
    """Count the request.

    Raises:
        HttpError: 429, there were too many in this minute.
    """
    most = whole_number("REQUESTS_PER_MINUTE", REQUESTS_PER_MINUTE)
    if not most:
        return
    from chalicelib.core.access import store

    now = clock.current().now()
    try:
        count = store.count_request(principal.name, now)
    except Exception:
        # A counter that cannot be reached must not close the doors.
        logger().exception("requests are not counted")
        return
    if count > most:
        wait = 60 - int(now.timestamp()) % 60
        raise HttpError(429, f"more than {most} requests in a minute", {"Retry-After": str(wait)})
