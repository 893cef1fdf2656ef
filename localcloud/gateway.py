"""The AWS API over HTTP, for `aws --endpoint-url http://127.0.0.1:4566` and any SDK.

It is the same router that in-process clients go through; this file only turns HTTP into its requests.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from localcloud.aws.router import Router
from localcloud.aws.routing import aws_url
from localcloud.clock_control import PATH as CLOCK_PATH
from localcloud.clock_control import ClockControl
from localcloud.web_server import QuietHandler, Serving, serve

_log = logging.getLogger(__name__)

_FORM = "application/x-www-form-urlencoded"
_HOP_BY_HOP = ("content-length", "transfer-encoding", "connection")


def serve_aws(router: Router, port: int = 4566, clock: ClockControl | None = None) -> Serving:
    """Serve every AWS API on one port, and beside them the clock's control."""

    class Handler(QuietHandler):
        def respond(self) -> None:
            if clock is not None and self.path == CLOCK_PATH:
                self.answer(*clock.answer(self.command, self.read_body()), {"Content-Type": "application/json"})
                return
            status, headers, body = _answer(router, self)
            self.answer(status, body, headers)

    return serve(Handler, port, what="the AWS API", option="--aws-port")


def _answer(router: Router, handler: QuietHandler) -> tuple[int, dict[str, str], bytes]:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.compat import HTTPHeaders

    body = handler.read_body()
    headers = HTTPHeaders()
    for name, value in handler.headers.items():
        headers[name] = value
    if handler.command == "PUT" and headers.get("Content-Type", "").startswith(_FORM):
        del headers["Content-Type"]  # curl and urllib say so of any upload, and moto would read it as a form
    url = aws_url(f"http://{handler.headers.get('Host', 'localhost')}{handler.path}", headers)
    request = AWSPreparedRequest(handler.command, url, headers, body, False)
    if handler.command == "OPTIONS":
        return 200, _CORS, b""
    try:
        answer = router.answer(request)
    except Exception as error:  # whatever a service raises must not end the connection without an answer
        _log.exception("%s %s failed", handler.command, handler.path)
        problem = {"__type": "InternalFailure", "message": f"{type(error).__name__}: {error}"}
        return 500, {"Content-Type": "application/json"}, json.dumps(problem).encode()
    if answer is None:
        return 404, {}, b"not an AWS request"
    status, answer_headers, content = answer
    sent = {str(k): _text(v) for k, v in dict(answer_headers).items() if str(k).lower() not in _HOP_BY_HOP}
    return status, sent | _CORS, content.encode() if isinstance(content, str) else bytes(content)


_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, PUT, POST, DELETE, HEAD",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": "ETag",
}
"""Browsers may upload to presigned URLs."""


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
