"""What the creators of resources share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localcloud.functions import Functions


@dataclass(frozen=True, slots=True)
class QueueMapping:
    """An event source mapping from a queue to a function."""

    queue_arn: str
    function_arn: str
    batch_size: int = 10
    window_seconds: float = 0.0
    reports_failures: bool = False
    """FunctionResponseTypes has ReportBatchItemFailures."""
    concurrency: int = 5
    """How many batches at once: Lambda starts with five pollers."""
    filters: tuple[dict[str, Any], ...] = ()
    """Patterns; a message that matches none is deleted unseen, as Lambda does."""


@dataclass(frozen=True, slots=True)
class AsyncSettings:
    """What happens to asynchronous invocations of one function."""

    retries: int = 2
    on_failure_arn: str | None = None
    """OnFailure destination: gets the invocation record."""
    dead_letter_arn: str | None = None
    """DeadLetterConfig: gets the bare event."""


class MachineMaker:
    """The port to the state machines."""

    def create(self, name: str, definition: str, *, role_arn: str, kind: str, place: str) -> str:
        """Create or replace a machine and return its ARN; ``place`` is where a wrong definition is written."""
        raise NotImplementedError


@dataclass(slots=True)
class Site:
    """Where resources are created."""

    project_dir: Path
    stack: str
    client: Callable[[str], Any]
    """A boto3 client of a service, whose calls stay in this process."""
    functions: Functions
    machines: MachineMaker
    region: str = "us-east-1"
    account_id: str = "123456789012"
    function_environment: dict[str, str] = field(default_factory=dict)
    """Added to every function's environment: the base URLs of what is not AWS."""
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Last part of a secret's name -> what it holds here: the stand-ins' tokens."""
    mappings: list[QueueMapping] = field(default_factory=list)
    async_settings: dict[str, AsyncSettings] = field(default_factory=dict)
    """By function ARN."""
    machine_names: dict[str, str] = field(default_factory=dict)
    """Logical id -> name."""

    def name(self, logical_id: str, properties: dict[str, Any], key: str) -> str:
        """Return the name a resource was given, or the one CloudFormation would make without its random end."""
        return str(properties.get(key) or f"{self.stack}-{logical_id}")

    def arn(self, service: str, resource: str) -> str:
        """Return an ARN of this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"
