"""The Lambda API: Invoke, ListFunctions, GetFunction, answered by `localcloud.functions`."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from localcloud.aws.router import Answer
from localcloud.functions import Functions, FunctionSpec, InvokeError

_INVOKE = re.compile(r"/2015-03-31/functions/(?P<name>[^/]+)/invocations$")
_ONE = re.compile(r"/2015-03-31/functions/(?P<name>[^/]+)(?P<configuration>/configuration)?$")
_LOG_TAIL_BYTES = 4096


class LambdaApi:
    """Answers requests signed for "lambda"; those it does not know are left to moto."""

    def __init__(self, functions: Functions, invoke_later: Callable[[str, str], None]) -> None:
        self._functions = functions
        self._invoke_later = invoke_later

    def __call__(self, request: Any) -> Answer | None:
        """See `localcloud.aws.router.Service`."""
        path = unquote(urlsplit(request.url).path)
        try:
            if match := _INVOKE.match(path):
                return self._invoke(match["name"], request)
            if path.rstrip("/") == "/2015-03-31/functions" and request.method == "GET":
                return _json(200, {"Functions": [_configuration(one) for one in self._functions]})
            if (match := _ONE.match(path)) and request.method == "GET":
                configuration = _configuration(self._functions.find(match["name"]))
                return _json(200, configuration if match["configuration"] else {"Configuration": configuration})
        except InvokeError as error:
            return _json(error.status, {"Message": error.message}, {"x-amzn-ErrorType": error.code})
        return None

    def _invoke(self, name: str, request: Any) -> Answer:
        event = _text(request.body) or "{}"
        kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        function = self._functions.find(name)
        if _text(kind) == "DryRun":
            return 204, {}, ""
        if _text(kind) == "Event":
            self._invoke_later(function.arn, event)
            return 202, {}, ""
        outcome = self._functions.invoke(name, event)
        headers = {"X-Amz-Executed-Version": "$LATEST", "x-amzn-RequestId": outcome.request_id}
        if outcome.failed:
            headers["X-Amz-Function-Error"] = "Unhandled"
        if _text(request.headers.get("X-Amz-Log-Type", "")) == "Tail":
            tail = "\n".join(outcome.log_lines).encode()[-_LOG_TAIL_BYTES:]
            headers["X-Amz-Log-Result"] = base64.b64encode(tail).decode()
        return 200, headers, outcome.payload


def _configuration(function: FunctionSpec) -> dict[str, Any]:
    return {
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Handler": function.handler,
        "Runtime": "python3.11",
        "Timeout": int(function.timeout_seconds),
        "MemorySize": function.memory_mb,
        "Environment": {"Variables": dict(function.environment)},
        "State": "Active",
        "Version": "$LATEST",
    }


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Answer:
    return status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(body)


def _text(value: Any) -> str:
    """Return a body or header as text, whether it came as bytes, as a file or as text."""
    if value is None:
        return ""
    if hasattr(value, "read"):
        value = value.read()
    return value.decode() if isinstance(value, bytes | bytearray) else str(value)
