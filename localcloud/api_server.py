"""The application's HTTP API: Chalice's own local server, as if it were the API function.

Chalice's `create_local_server` makes the app safe for threads (a bare LocalDevServer mixes up requests that
overlap). Its server class is exchanged for ours, which has Nagle's delay off. A request runs inside the
function `APIHandler`: its environment, and its log lines. Answers are compressed as API Gateway does it, from
``minimum_compression_size`` on; requests below ``/_localcloud`` go to the laptop's own doors.
"""

from __future__ import annotations

import contextvars
import functools
import gzip
import http
import importlib
import json
import logging
import sys
import uuid
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlsplit

from chalicelib.core.http import PROBLEM_TYPE
from localcloud.errors import TemplateError
from localcloud.functions import Functions
from localcloud.local_doors import PATH as DOORS_PATH
from localcloud.local_doors import LocalDoors
from localcloud.rights.caller import acting_as
from localcloud.web_server import Serving, serve

_log = logging.getLogger(__name__)

_serving: contextvars.ContextVar[Functions | None] = contextvars.ContextVar("serving", default=None)
"""The functions whose API answers the present request."""


def serve_api(
    functions: Functions,
    api_function: str,
    project_dir: Path,
    stage: str,
    port: int = 8000,
    doors: LocalDoors | None = None,
) -> Serving:
    """Serve the project's app, and ``doors`` beside it.

    Raises:
        PortTakenError: the port is in use.
        TemplateError: app.py does not import.
    """
    from chalice.cli.factory import CLIFactory
    from chalice.local import ChaliceRequestHandler, LocalChalice, RouteMatcher, create_local_server

    config = CLIFactory(str(project_dir), environ={}).create_config_obj(stage)
    least = config.minimum_compression_size or sys.maxsize
    with functions.within(api_function):
        try:
            app = importlib.import_module("app").app
        except Exception as error:  # whatever stops app.py from being imported
            raise TemplateError(f"app.py: {type(error).__name__}: {error}") from error

    _authorize_as_itself(app)
    paths = RouteMatcher(list(app.routes))

    class Handler(ChaliceRequestHandler):
        disable_nagle_algorithm = True
        wbufsize = -1

        def _generic_handle(self) -> None:
            _serving.set(functions)  # each connection has a thread, and a context, of its own
            with functions.within(api_function):
                try:
                    if doors is not None and urlsplit(self.path).path.split("/")[1:2] == [DOORS_PATH.strip("/")]:
                        with acting_as(""):  # the laptop's own doors: no function does this on AWS
                            self._answer_locally(doors)
                    elif (route := _route_of(paths, self.path)) is None:
                        self._refuse(404, "there is no such path")
                    elif self.command == "OPTIONS":  # no page of another origin may ask here
                        self._refuse(405, "Unsupported method: OPTIONS", Allow=", ".join(app.routes[route]))
                    else:
                        super()._generic_handle()
                except Exception as error:  # an authorizer that raises would drop the connection
                    _log.exception("%s %s failed", self.command, self.path)
                    body = json.dumps({"Code": "InternalServerError", "Message": str(error)})
                    self._send_http_response(500, {"Content-Type": "application/json"}, body)

        def _parse_payload(self) -> tuple[Any, bytes | None]:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return super()._parse_payload()
            # Chalice reads what Content-Length says and would take the chunks for the next request.
            try:
                return dict(self.headers), _read_chunks(self.rfile)
            except ValueError:  # no chunk: nobody knows where the next request begins
                self.close_connection = True
                return dict(self.headers), None

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = do_OPTIONS = _generic_handle  # noqa: N815
        do_TRACE = do_QUERY = _generic_handle  # noqa: N815 - 405 from the app, where Python's server has a 501

        def _send_error_response(self, error: Any) -> None:
            """Answer for the gateway itself, as the template's gateway responses do on AWS."""
            said = json.loads(error.body or "{}")
            detail = str(said.get("message") or said.get("Message") or "")
            self._send_problem(error.CODE, detail, {"X-Request-Id": error.headers.get("x-amzn-RequestId", "")})

        def _refuse(self, status: int, detail: str, **headers: str) -> None:
            self._parse_payload()  # what is not read would be taken for the next request
            self._send_problem(status, detail, {"X-Request-Id": str(uuid.uuid4()), **headers})

        def _send_problem(self, status: int, detail: str, headers: dict[str, str]) -> None:
            title, request_id = http.HTTPStatus(status).phrase, headers["X-Request-Id"]
            body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
            answer = json.dumps(body | {"requestId": request_id})
            self._send_http_response(status, {**headers, "Content-Type": PROBLEM_TYPE}, answer)

        def date_time_string(self, timestamp: float | None = None) -> str:
            """Return the header ``Date`` by the local cloud's clock, so that pages reckon with its time."""
            from chalicelib.core import clock

            at = clock.current().now().timestamp() if timestamp is None else timestamp
            return str(super().date_time_string(at))

        def _answer_locally(self, doors: LocalDoors) -> None:
            headers, raw = self._parse_payload()
            refusal = _refusal(headers.get("Authorization", ""), "read" if self.command == "GET" else "run")
            place = urlsplit(self.path)
            status, body = refusal or doors.answer(
                self.command, place.path, dict(parse_qsl(place.query)), raw or b""
            )
            if status >= 400:
                body = {"type": "about:blank", "title": http.HTTPStatus(status).phrase, "status": status, **body}
            media = PROBLEM_TYPE if status >= 400 else "application/json"
            self._send_http_response(status, {"Content-Type": media}, json.dumps(body))

        def _send_http_response_with_body(self, code: int, headers: Any, body: str | bytes) -> None:
            content = body if isinstance(body, bytes) else body.encode()
            if len(content) >= least and "gzip" in self.headers.get("Accept-Encoding", ""):
                content = gzip.compress(content, 6)
                headers = {**headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            super()._send_http_response_with_body(code, headers, content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base class
            """Say nothing."""

    if not isinstance(app, LocalChalice):  # a second cloud in this process finds the app prepared
        # Made for what it does to the app; the server is ours.
        create_local_server(app, config, "127.0.0.1", 0).server.server_close()
    return serve(
        functools.partial(Handler, app_object=app, config=config), port, what="the API", option="--api-port"
    )


def _route_of(paths: Any, path: str) -> str | None:
    """Return the route that has this path. Where none has, Chalice's server would repeat the caller's token."""
    try:
        return str(paths.match_route(path).route)
    except ValueError:
        return None


def _read_chunks(sent: BinaryIO) -> bytes:
    """Return a body that came in chunks (RFC 9112, section 7.1); one that ends early ends there."""
    body = bytearray()
    while size := int(sent.readline().split(b";")[0].strip() or b"0", 16):
        body += sent.read(size)
        sent.readline()
    while sent.readline().strip():
        pass  # trailers
    return bytes(body)


def _refusal(authorization: str, scope: str) -> tuple[int, dict[str, str]] | None:
    """Return what is answered to who may not; None to who may. Runs inside the API's function."""
    from chalicelib.core import clock
    from chalicelib.core.access import store, token_of

    token = token_of(authorization)
    grant = store.find(token) if token else None
    if grant is None or grant.expires_at <= clock.current().now():
        return 401, {"detail": "this asks for a bearer token that is known here"}
    if not grant.principal.may(scope):
        return 403, {"detail": f"this asks for the scope {scope}"}
    return None


def _authorize_as_itself(app: Any) -> None:
    """Let the authorizer of a served request run inside the function it is on AWS, with that one's rights.

    The app belongs to the process, which outlives a server: what nobody serves stays as it was.
    """
    from chalice.app import ChaliceAuthorizer

    authorizers = {
        id(entry.authorizer): entry.authorizer
        for methods in app.routes.values()
        for entry in methods.values()
        if isinstance(entry.authorizer, ChaliceAuthorizer)
    }
    for authorizer in authorizers.values():
        if not hasattr(authorizer.func, "decide"):  # else another server of this process was here
            authorizer.func = _inside_its_function(authorizer.func, authorizer.config.handler_string)


def _inside_its_function(decide: Any, handler: str) -> Any:
    def inside(request: Any) -> Any:
        functions = _serving.get()
        name = next((one.name for one in functions or () if one.handler == handler), None)
        if functions is None or name is None:
            return decide(request)
        with functions.within(name):
            return decide(request)

    inside.decide = decide  # type: ignore[attr-defined]
    return inside
