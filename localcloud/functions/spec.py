"""What is known of a function, and what an invocation of it brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """One function as the template describes it."""

    name: str
    """As in its ARN."""
    handler: str
    """"chalicelib.campaigns.handlers.status_checker"."""
    timeout_seconds: float = 3.0
    memory_mb: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)
    reserved_concurrency: int | None = None
    region: str = "us-east-1"
    account_id: str = "123456789012"
    logical_id: str = ""
    role_arn: str = ""

    @property
    def arn(self) -> str:
        """The function's ARN, without a version."""
        return f"arn:aws:lambda:{self.region}:{self.account_id}:function:{self.name}"

    @property
    def log_group(self) -> str:
        """Where Lambda writes what the function prints."""
        return f"/aws/lambda/{self.name}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One finished invocation."""

    function: FunctionSpec
    request_id: str
    payload: str
    """JSON text: the result, or AWS's error payload."""
    failed: bool
    """True where the Invoke API would answer with FunctionError "Unhandled"."""
    log_lines: list[str]
    """What the function itself printed and logged."""
    started_at: float
    """Epoch seconds on the timeline."""
    seconds: float
    """How long the handler ran, in real seconds."""
    value: Any = None
    """The payload as parsed JSON."""
    caller: str = ""
    """ARN of the execution whose task it was, empty for every other trigger."""


class InvokeError(Exception):
    """The Invoke API refused; `code` is AWS's error code, `status` its HTTP status."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
