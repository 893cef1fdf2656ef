"""`LocalCloud`: one template, running. Everything else in this package is a part of it.

>>> with LocalCloud(template, project_dir, timeline=VirtualTimeline()) as cloud:
...     cloud.client("sqs").send_message(QueueUrl=..., MessageBody="{}")
...     cloud.timeline.run_until_idle()
"""

from __future__ import annotations

import contextlib
import importlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localcloud.athena.api import AthenaApi
from localcloud.aws.lambda_api import LambdaApi
from localcloud.aws.moto_backend import MotoBackend
from localcloud.aws.router import Router
from localcloud.function_logs import FunctionLogs
from localcloud.functions import Functions, Outcome
from localcloud.machines import Machines
from localcloud.provision import Site, provision
from localcloud.provision.provisioner import Provisioned
from localcloud.rights.recording import Recording
from localcloud.states_service import StatesService
from localcloud.stepfunctions import Integrations, RealTimeline, Timeline
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.history import Event
from localcloud.stepfunctions.listener import EngineListener
from localcloud.store import RunStore
from localcloud.triggers import Triggers
from localcloud.triggers.containers import Containers
from localcloud.watcher import Watcher

ENDPOINT = "http://127.0.0.1:4566"
"""Where the AWS API is served by default. Inside the process it needs no server to be reached."""


class LocalCloud(EngineListener):
    """The laptop's AWS for one project. One at a time in a process: moto and the environment are global."""

    def __init__(
        self,
        template: dict[str, Any],
        project_dir: Path,
        *,
        timeline: Timeline | None = None,
        stack: str = "local",
        parameters: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
        secrets: Mapping[str, Mapping[str, str]] | None = None,
        endpoint: str = ENDPOINT,
        faults: Callable[[Integrations], Integrations] | None = None,
        store: RunStore | None = None,
        watchers: list[Watcher] | None = None,
        recordings: Path | None = None,
        region: str = "us-east-1",
        account_id: str = "123456789012",
    ) -> None:
        """Nothing starts before `open`.

        Args:
            template: CloudFormation, as `localcloud.template.load_template` returns it.
            project_dir: where handlers and definitions are.
            timeline: real by default.
            stack: first part of the names that the template leaves open.
            parameters: the template's parameters.
            environment: added to every function's environment.
            secrets: last part of a secret's name -> what it holds.
            endpoint: AWS_ENDPOINT_URL of the functions, so that the URLs they presign work outside.
            faults: wraps what tasks call, see `Engine`.
            store: keeps runs; those of earlier days are answered from it.
            watchers: told of runs and invocations.
            recordings: folder for what each role did and may do; None records nothing.
            region: the only one.
            account_id: the only one.
        """
        self.template = template
        self.project_dir = project_dir
        self.timeline: Timeline = timeline or RealTimeline()
        self.region, self.account_id = region, account_id
        self.watchers: list[Watcher] = [*([store] if store else []), *(watchers or [])]
        self.boot_seconds: dict[str, float] = {}
        """How long each stage of `open` took."""
        self.router = Router()
        self.functions = Functions(project_dir, self.timeline.now, self._function_ended)
        self.logs = FunctionLogs(self.timeline.now, account_id, region)
        self._clients: dict[str, Any] = {}
        self._clients_lock = threading.Lock()
        self._parameters = parameters
        self._restore_clock: Callable[[], None] = lambda: None
        self._recordings = recordings
        self.machines = Machines(
            self.timeline,
            self.functions,
            self.client,
            listener=self,
            faults=faults,
            seen=(lambda call: self.recording.task_seen(call)) if self._recordings else None,
            account_id=account_id,
            region=region,
        )
        self.site = Site(
            project_dir,
            stack,
            self.client,
            self.functions,
            self.machines,
            region,
            account_id,
            {"AWS_ENDPOINT_URL": endpoint, **(environment or {})},
            secrets or {},
        )
        self.triggers = Triggers(
            self.timeline,
            self.functions,
            self.client,
            self.machines.start,
            self.site.async_settings,
            account_id=account_id,
            region=region,
        )
        self._moto = MotoBackend(self.triggers, self.timeline.now)
        self.containers = Containers(
            self.timeline,
            project_dir,
            self.client,
            self.site.function_environment,
            region=region,
            account_id=account_id,
        )
        self.router.answer_for("ecs", self.containers)
        self.router.answer_for("states", StatesService(self.engine, store))
        self.router.answer_for("lambda", LambdaApi(self.functions, self.triggers.invoker.send))
        self.athena = AthenaApi(self.client, self.timeline.now)
        self.router.answer_for("athena", self.athena)
        self.router.before("logs", self.logs.flush)
        self.provisioned: Provisioned | None = None
        self.recording = Recording(self.engine, region, account_id)
        if self._recordings:
            self.router.tell(self.recording.seen)

    @property
    def engine(self) -> Engine:
        """The interpreter."""
        return self.machines.engine

    def open(self) -> None:
        """Start, and create the template's resources.

        Raises:
            LocalCloudError: the template cannot be provisioned.
        """
        try:
            with self._timed("services"):
                if isinstance(self.timeline, RealTimeline):
                    self.timeline.start()
                self.functions.open()  # before any client is made: sessions keep the environment they find
                self._moto.start(self.router.wrap)
                self._use_clock()
                if self._recordings:
                    self.recording.open()
            with self._timed("resources"):
                self.provisioned = provision(self.site, self.template, self._parameters)
            with self._timed("triggers"):
                self.triggers.open(self.site.mappings, self.router.moto_lock)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop everything; what moto held is gone."""
        if isinstance(self.timeline, RealTimeline):
            self.timeline.stop()
        self.containers.close()
        self.athena.lake.close()
        try:
            if self._recordings:
                self._write_recording(self._recordings)
        finally:
            self._restore_clock()
            self._moto.stop()
        self.functions.close()

    def _write_recording(self, folder: Path) -> None:
        self.recording.close()
        if self.provisioned is None:
            return
        keys = {
            made.ref: logical_id
            for logical_id, made in self.provisioned.created.items()
            if self.template["Resources"][logical_id]["Type"] == "AWS::KMS::Key"
        }
        self.recording.write(folder, self.client, self.functions, self.site, keys)

    def __enter__(self) -> LocalCloud:
        self.open()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def client(self, service: str) -> Any:
        """Return the boto3 client of ``service``, whose calls stay in this process."""
        with self._clients_lock:
            if service not in self._clients:
                import boto3
                from botocore.config import Config

                self._clients[service] = boto3.client(
                    service,
                    region_name=self.region,
                    aws_access_key_id="local",
                    aws_secret_access_key="local",  # noqa: S106
                    config=Config(max_pool_connections=50, retries={"max_attempts": 0}),
                )
            return self._clients[service]

    def use_endpoint(self, url: str) -> None:
        """Let functions reach AWS at ``url``; before `open`."""
        self.site.function_environment["AWS_ENDPOINT_URL"] = url

    def machine_arn(self, name: str) -> str:
        """Return the ARN of a machine by its name or logical id; an ARN stays what it is."""
        if name.startswith("arn:"):
            return name
        name = self.site.machine_names.get(name, name)
        return f"arn:aws:states:{self.region}:{self.account_id}:stateMachine:{name}"

    def on_status(self, execution: Execution) -> None:
        """See `EngineListener.on_status`."""
        if execution.map_run_arn is None and execution.type == "STANDARD":
            self.triggers.execution_changed(execution)
        for watcher in self.watchers:
            watcher.execution_changed(execution)

    def on_event(self, execution: Execution, event: Event) -> None:
        """See `EngineListener.on_event`."""
        for watcher in self.watchers:
            watcher.event_added(execution, event)

    def _function_ended(self, outcome: Outcome) -> None:
        self.logs.add(outcome)
        for watcher in self.watchers:
            watcher.function_ended(outcome)

    def _use_clock(self) -> None:
        """Let the project's functions read the timeline, where they ask `chalicelib.core.clock`."""
        if not (self.project_dir / "chalicelib" / "core" / "clock.py").is_file():
            return
        clock: Any = importlib.import_module("chalicelib.core.clock")
        timeline = self.timeline

        class TimelineClock(clock.Clock):  # type: ignore[misc]
            def now(self) -> datetime:
                return datetime.fromtimestamp(timeline.now(), UTC)

        before = clock.use(TimelineClock())
        self._restore_clock = lambda: clock.use(before)

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.boot_seconds[stage] = time.monotonic() - started
