"""The API over AWS's JSON 1.0 protocol, for any AWS client: `handle(api, headers, body)`.

`ClientHook` leads boto3 clients of this process to the API without a socket, in front of moto.

Over a socket, AWS's clients put "sync-" before the host for TestState and StartSyncExecution, which no local host
answers to: set AWS_DISABLE_HOST_PREFIX_INJECTION=true, or Config(inject_host_prefix=False).
"""

from __future__ import annotations

import contextlib
import json
import logging
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, Protocol

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.handlers import BUILTIN_HANDLERS

from localcloud.stepfunctions.api.errors import SerializationException, UnknownOperationException
from localcloud.stepfunctions.errors import StepFunctionsError

Response = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""

_TARGET_PREFIX = "AWSStepFunctions."
_CONTENT_TYPE = "application/x-amz-json-1.0"
_EVENT = "before-send.sfn"
"""More specific than moto's "before-send", and botocore asks the most specific handler first."""
_ANSWERED_URL = "http://answered.invalid/"
"""botocore takes the first answer but asks all handlers: at this address, no other one does the work again."""
_log = logging.getLogger(__name__)


class Api(Protocol):
    """What requests are answered from; `StepFunctionsApi` is one."""

    def call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Answer "StartExecution" and the like. Raises StepFunctionsError."""


def handle(api: Api, headers: Mapping[str, str], body: bytes) -> Response:
    """Answer one request; what is refused is an answer too. Times go out as epoch seconds."""
    try:
        target = _target(headers)
        if not target.startswith(_TARGET_PREFIX):
            raise UnknownOperationException(f"X-Amz-Target is {target!r}, and should start with {_TARGET_PREFIX}")
        answer = api.call(target.removeprefix(_TARGET_PREFIX), _arguments(body))
    except StepFunctionsError as error:
        return _response(400, {"__type": error.code, "message": error.message})
    except Exception as error:  # a client must get an answer, and the log the traceback
        _log.exception("%s failed", _target(headers))
        return _response(500, {"__type": "InternalFailure", "message": f"{type(error).__name__}: {error}"})
    return _response(200, answer)


def handle_request(api: Api, request: AWSPreparedRequest) -> Response:
    """Answer a request of botocore."""
    headers = {str(name): _text(value) for name, value in request.headers.items()}
    return handle(api, headers, _bytes(request.body))


class ClientHook:
    """A botocore handler that answers Step Functions requests from an API in this process."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.enabled = True
        """Clients keep the handler for good; switched off, it lets requests pass."""

    def __call__(self, request: AWSPreparedRequest, **_event: Any) -> AWSResponse | None:
        """Answer `request`; None lets it go on."""
        if not self.enabled:
            return None
        status, headers, body = handle_request(self._api, request)
        response = AWSResponse(request.url, status, headers, _RawBody(body))
        request.url = _ANSWERED_URL
        return response

    def attach(self, client: Any) -> None:
        """Reach a client, or all later clients of a boto3 session, made before `reached_by_boto3`."""
        events = client.meta.events if hasattr(client, "meta") else client.events
        events.register(_EVENT, self)


@contextlib.contextmanager
def reached_by_boto3(api: Api) -> Iterator[ClientHook]:
    """While open, boto3 sessions made in this process lead to `api`; see `ClientHook.attach` for older ones."""
    hook = ClientHook(api)
    entry = (_EVENT, hook)
    BUILTIN_HANDLERS.append(entry)
    try:
        yield hook
    finally:
        BUILTIN_HANDLERS.remove(entry)
        hook.enabled = False


class _RawBody(BytesIO):
    """A body as botocore reads it from a connection."""

    def stream(self, **_options: Any) -> Iterator[bytes]:
        """Yield the body in one piece."""
        contents = self.read()
        while contents:
            yield contents
            contents = self.read()


def _target(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "x-amz-target"), "")


def _arguments(body: bytes) -> dict[str, Any]:
    try:
        arguments = json.loads(body or b"{}")
    except ValueError as error:
        raise SerializationException(f"The request is not valid JSON: {error}") from error
    if not isinstance(arguments, dict):
        raise SerializationException("The request should be a JSON object")
    return arguments


def _response(status: int, answer: dict[str, Any]) -> Response:
    body = json.dumps(answer, default=_epoch).encode()
    headers = {
        "Content-Type": _CONTENT_TYPE,
        "Content-Length": str(len(body)),
        "x-amzn-RequestId": str(uuid.uuid4()),
    }
    if status != 200:
        headers["x-amzn-ErrorType"] = answer["__type"]
    return status, headers, body


def _epoch(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"{type(value).__name__} has no place in an answer")


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else bytes(body)
