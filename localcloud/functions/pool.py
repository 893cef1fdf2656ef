"""Every function by name, and the one way to run one: `Functions.invoke`."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import json
import math
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from infrastructure.machine_settings import NO_FILES
from localcloud.functions.isolation import Surroundings, install, surrounded, uninstall
from localcloud.functions.runtime import LambdaContext, error_payload, run
from localcloud.functions.spec import FunctionSpec, InvokeError, Outcome
from localcloud.rights.caller import acting_as

REQUEST_LIMIT_BYTES = 6 * 1024 * 1024
RESPONSE_LIMIT_BYTES = 6_291_556
"""What Lambda names in its own message: 6 MiB and room for an envelope."""

_NOT_A_TIMEOUT_SECONDS = 900.0


class _Killed(BaseException):
    """Raised inside a handler that ran into its timeout, where Lambda stops the whole container."""


class Functions:
    """The project's functions.

    A handler runs on a thread of its own, so that its timeout can end the wait for it. The thread is then
    told to stop at its next line of Python: one that sits in a system call stops when that returns.
    """

    def __init__(
        self,
        project_dir: Path,
        now: Callable[[], float] = time.time,
        on_outcome: Callable[[Outcome], None] | None = None,
    ) -> None:
        self._project_dir = project_dir
        self._now = now
        self._on_outcome = on_outcome
        self._functions: dict[str, FunctionSpec] = {}
        self._running: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._added_path = False

    def open(self) -> None:
        """Make the project's modules importable and prepare the process."""
        install()
        if str(self._project_dir) not in sys.path:
            sys.path.insert(0, str(self._project_dir))
            self._added_path = True

    def close(self) -> None:
        """Undo `open`: forget the project's modules, so that another run imports them fresh.

        Modules that were importable before `open` stay, as others hold them (a test's process); what they keep in
        functools' caches, such as a client of this run's address, goes.
        """
        uninstall()
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if not file or not self._is_ours(Path(file)):
                continue
            if self._added_path:
                del sys.modules[name]
                continue
            for kept in list(vars(module).values()):
                if isinstance(kept, functools._lru_cache_wrapper):
                    kept.cache_clear()
        if self._added_path:
            sys.path.remove(str(self._project_dir))
            self._added_path = False

    def _is_ours(self, file: Path) -> bool:
        """Return whether it is the project's own; its virtual environment may lie in its folder."""
        return file.is_relative_to(self._project_dir) and not file.is_relative_to(sys.prefix)

    def register(self, function: FunctionSpec) -> None:
        """Add a function, or replace the one of that name."""
        self._functions[function.name] = function

    def __iter__(self) -> Iterator[FunctionSpec]:
        return iter(self._functions.values())

    def find(self, name_or_arn: str) -> FunctionSpec:
        """Return the function of a name, an ARN or a partial ARN, with or without a version or alias.

        Raises:
            InvokeError: ResourceNotFoundException, as the API answers.
        """
        parts = name_or_arn.split(":")
        name = parts[parts.index("function") + 1] if "function" in parts[:-1] else parts[0]
        try:
            return self._functions[name]
        except KeyError:
            arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
            raise InvokeError("ResourceNotFoundException", f"Function not found: {arn}", 404) from None

    @property
    def running(self) -> int:
        """How many handlers run at this moment."""
        with self._lock:
            return sum(self._running.values())

    def invoke(self, name_or_arn: str, event: str, *, caller: str = "") -> Outcome:
        """Run a function to its end and return what came of it.

        Args:
            name_or_arn: see `find`.
            event: JSON text.
            caller: ARN of the execution that asks.

        Raises:
            InvokeError: no such function, too many at once, the event is too large or no JSON.
        """
        function = self.find(name_or_arn)
        if len(event.encode()) > REQUEST_LIMIT_BYTES:
            size = len(event.encode())
            message = f"Request must be smaller than {REQUEST_LIMIT_BYTES} bytes for the InvokeFunction operation"
            raise InvokeError("RequestTooLargeException", f"{message}: {size}", 413)
        try:
            json.loads(event)
        except ValueError as error:
            message = f"Could not parse request body into json: {error}"
            raise InvokeError("InvalidRequestContentException", message, 400) from None
        with self._slot(function):
            outcome = self._run(function, event, caller)
        if self._on_outcome is not None:
            self._on_outcome(outcome)
        return outcome

    @contextlib.contextmanager
    def within(self, name_or_arn: str) -> Iterator[Surroundings]:
        """Run the block as if it were inside the function: its environment, its output."""
        function = self.find(name_or_arn)
        request_id = str(uuid.uuid4())
        surroundings = Surroundings(self._environment(function), request_id)
        with surrounded(surroundings), acting_as(function.role_arn):
            yield surroundings

    @contextlib.contextmanager
    def _slot(self, function: FunctionSpec) -> Iterator[None]:
        limit = function.reserved_concurrency
        with self._lock:
            if limit is not None and self._running[function.name] >= limit:
                raise InvokeError("TooManyRequestsException", "Rate Exceeded.", 429)
            self._running[function.name] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[function.name] -= 1

    def _run(self, function: FunctionSpec, event: str, caller: str) -> Outcome:
        request_id = str(uuid.uuid4())
        surroundings = Surroundings(self._environment(function), request_id)
        result: list[tuple[str, bool]] = []

        def work() -> None:
            with contextlib.suppress(_Killed), surrounded(surroundings), acting_as(function.role_arn):
                result.append(run(function, event, LambdaContext(function, request_id)))

        started_at, clock = self._now(), time.monotonic()
        thread = threading.Thread(target=work, name=f"{function.name} {request_id[:8]}", daemon=True)
        thread.start()
        thread.join(min(function.timeout_seconds, _NOT_A_TIMEOUT_SECONDS))
        if thread.is_alive():
            _stop(thread)
            payload, failed = self._timed_out(function, request_id), True
        else:
            payload, failed = result[0]
        if len(payload.encode()) > RESPONSE_LIMIT_BYTES:
            message = (
                f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT_BYTES} bytes)."
            )
            payload, failed = error_payload("Function.ResponseSizeTooLarge", message, request_id, []), True
        return Outcome(
            function=function,
            request_id=request_id,
            payload=payload,
            failed=failed,
            log_lines=surroundings.finish(),
            started_at=started_at,
            seconds=time.monotonic() - clock,
            value=json.loads(payload),
            caller=caller,
        )

    def _timed_out(self, function: FunctionSpec, request_id: str) -> str:
        message = f"RequestId: {request_id} Error: Task timed out after {function.timeout_seconds:.2f} seconds"
        return json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": message})

    def _environment(self, function: FunctionSpec) -> dict[str, str]:
        """Return the function's environment with the keys Lambda itself sets."""
        own = {
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            **NO_FILES,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_python3.{sys.version_info.minor}",
            "_HANDLER": function.handler,
            "TZ": ":UTC",
        }
        return own | dict(function.environment)


def report_line(outcome: Outcome) -> str:
    """Return the REPORT line that Lambda writes at the end of an invocation."""
    milliseconds = outcome.seconds * 1000
    return (
        f"REPORT RequestId: {outcome.request_id}\tDuration: {milliseconds:.2f} ms\t"
        f"Billed Duration: {max(1, math.ceil(milliseconds))} ms\tMemory Size: {outcome.function.memory_mb} MB"
    )


def _stop(thread: threading.Thread) -> None:
    """Ask a thread to end by raising inside it."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_Killed))
