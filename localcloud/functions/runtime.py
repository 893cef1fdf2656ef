"""What AWS's Python runtime does with one event: import the handler, call it, answer in JSON.

Error payloads have the runtime's fields (errorMessage, errorType, requestId, stackTrace) and its error types
for what goes wrong outside the handler: Runtime.ImportModuleError, Runtime.HandlerNotFound,
Runtime.UserCodeSyntaxError, Runtime.MarshalError, Runtime.ExitError.
"""

from __future__ import annotations

import importlib
import json
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from localcloud.functions.spec import FunctionSpec

Handler = Callable[[Any, Any], Any]


class LambdaRuntimeError(Exception):
    """The runtime itself gives up; `kind` is the errorType."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class LambdaContext:
    """The handler's second argument."""

    function_version = "$LATEST"
    identity = None
    client_context = None

    def __init__(self, function: FunctionSpec, request_id: str) -> None:
        self.function_name = function.name
        self.invoked_function_arn = function.arn
        self.memory_limit_in_mb = str(function.memory_mb)
        self.aws_request_id = request_id
        self.log_group_name = function.log_group
        self.log_stream_name = log_stream_name(request_id)
        self._deadline = time.monotonic() + function.timeout_seconds

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the handler may still run."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))

    def log(self, message: object) -> None:
        """Write to the function's log."""
        print(message)


def log_stream_name(request_id: str) -> str:
    """Return the log stream of an invocation: one a container, and here one for all of a function."""
    return f"local/[$LATEST]{request_id[:8]}"


def run(function: FunctionSpec, event: str, context: LambdaContext) -> tuple[str, bool]:
    """Return (JSON payload, failed) of one event given as JSON text."""
    try:
        handler = load_handler(function.handler)
        result = handler(json.loads(event), context)
        return _marshal(result), False
    except LambdaRuntimeError as failure:
        return error_payload(failure.kind, str(failure), context.aws_request_id, []), True
    except SystemExit as leaving:
        # Lambda's own words when a handler leaves the process.
        message = f"RequestId: {context.aws_request_id} Error: Runtime exited with error: exit status "
        code = leaving.code if isinstance(leaving.code, int) else 1 if leaving.code else 0
        return json.dumps({"errorType": "Runtime.ExitError", "errorMessage": f"{message}{code}"}), True
    except Exception as error:  # whatever user code raises becomes the payload
        frames = _own_frames(error.__traceback__)
        print(_log_text(error, frames))
        return error_payload(type(error).__name__, str(error), context.aws_request_id, frames), True


def load_handler(handler: str) -> Handler:
    """Import the module a handler string names, that module only, and return the function.

    Raises:
        LambdaRuntimeError: there is no such module or function, or the module does not compile.
    """
    module_name, _, name = handler.rpartition(".")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise LambdaRuntimeError(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}"
        ) from error
    except SyntaxError as error:
        place = f'File "{error.filename}" Line {error.lineno}'
        raise LambdaRuntimeError(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error.msg} ({place})"
        ) from error
    try:
        return getattr(module, name)  # type: ignore[no-any-return]
    except AttributeError:
        raise LambdaRuntimeError(
            "Runtime.HandlerNotFound", f"Handler '{name}' missing on module '{module_name}'"
        ) from None


def error_payload(kind: str, message: str, request_id: str, frames: list[str]) -> str:
    """Return AWS's error payload as JSON text."""
    return json.dumps({"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": frames})


def _marshal(result: Any) -> str:
    try:
        return json.dumps(result, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise LambdaRuntimeError("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def _own_frames(trace: TracebackType | None) -> list[str]:
    """Return the formatted frames of a traceback, without this module's."""
    frames = [frame for frame in traceback.extract_tb(trace) if frame.filename != __file__]
    return traceback.format_list(frames)


def _log_text(error: BaseException, frames: list[str]) -> str:
    return (
        f"[ERROR] {type(error).__name__}: {error}\nTraceback (most recent call last):\n{''.join(frames)}".rstrip()
    )
