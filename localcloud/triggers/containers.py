"""ECS tasks as child processes: RunTask, DescribeTasks, StopTask and ListTasks. The rest of ECS is moto's.

A container runs its task definition's entryPoint and command; without an entryPoint, the ENTRYPOINT of the
Dockerfile in the project's folder of the image's name ("...rag-engine:1" is rag_engine/Dockerfile). "python" is
the interpreter that runs the local cloud. What it prints goes to the log group of its awslogs configuration.
"""

from __future__ import annotations

import contextlib
import functools
import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infrastructure.machine_settings import NO_FILES
from localcloud.aws.router import Answer
from localcloud.functions.isolation import Surroundings
from localcloud.rights.caller import key_of
from localcloud.stepfunctions import Timeline

_NO_FILE = 127
"""What a shell answers for a program that is not there."""
_PATIENCE_SECONDS = 10.0
"""A container that is told to end has so long; AWS gives it 30."""


class EcsRefusalError(Exception):
    """ECS refuses the request; `code` is AWS's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class _Task:
    arn: str
    cluster_arn: str
    definition: dict[str, Any]
    overrides: dict[str, Any]
    created_at: float
    status: str = "PROVISIONING"
    stopped_at: float | None = None
    reason: str = ""
    exit_codes: dict[str, int] = field(default_factory=dict)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    stopping: bool = False

    def described(self) -> dict[str, Any]:
        """Return the task as DescribeTasks has it."""
        containers = []
        for one in self.definition["containerDefinitions"]:
            container = {"name": one["name"], "image": one.get("image", ""), "lastStatus": self.status}
            container |= {"taskArn": self.arn, "containerArn": f"{self.arn}/{one['name']}"}
            if one["name"] in self.exit_codes:
                container["exitCode"] = self.exit_codes[one["name"]]
            containers.append(container)
        task: dict[str, Any] = {
            "taskArn": self.arn,
            "clusterArn": self.cluster_arn,
            "taskDefinitionArn": self.definition["taskDefinitionArn"],
            "overrides": self.overrides,
            "lastStatus": self.status,
            "desiredStatus": "STOPPED" if self.status == "STOPPED" else "RUNNING",
            "containers": containers,
            "createdAt": self.created_at,
            "launchType": "FARGATE",
        }
        if self.stopped_at is not None:
            task |= {
                "stoppedAt": self.stopped_at,
                "stoppedReason": self.reason,
                "stopCode": "EssentialContainerExited",
            }
        return task


class Containers:
    """Answers the task operations of requests signed for "ecs"."""

    def __init__(
        self,
        timeline: Timeline,
        project_dir: Path,
        client: Callable[[str], Any],
        environment: dict[str, str],
        *,
        region: str = "us-east-1",
        account_id: str = "123456789012",
    ) -> None:
        """``environment`` is added to every container's."""
        self._timeline = timeline
        self.images_dir = project_dir
        """Where the images' programs are, each in a folder of its name; a test may have others."""
        self._client = client
        self._environment = environment
        self._place = f"{region}:{account_id}"
        self._region = region
        self._tasks: dict[str, _Task] = {}
        self._lock = threading.Lock()

    def __call__(self, request: Any) -> Answer | None:
        """See `localcloud.aws.router.Service`."""
        target = request.headers.get("X-Amz-Target", "")
        name = (target.decode() if isinstance(target, bytes) else str(target)).rpartition(".")[2]
        operations = {
            "RunTask": self._run,
            "DescribeTasks": self._describe,
            "StopTask": self._stop,
            "ListTasks": self._list,
        }
        if name not in operations:
            return None
        headers = {"Content-Type": "application/x-amz-json-1.1"}
        try:
            return 200, headers, json.dumps(operations[name](json.loads(request.body or b"{}")))
        except EcsRefusalError as error:
            return 400, headers, json.dumps({"__type": error.code, "message": str(error)})

    def close(self) -> None:
        """End every process, and wait until it has ended; one that does not end when told to is killed."""
        tasks = list(self._tasks.values())
        for task in tasks:
            self._end(task, "the local cloud stops")
        for process in (process for task in tasks for process in task.processes):
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _run(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._client("ecs").describe_task_definition(taskDefinition=request["taskDefinition"])
        except self._client("ecs").exceptions.ClientError:
            raise EcsRefusalError("ClientException", "TaskDefinition not found.") from None
        tasks = []
        for _ in range(int(request.get("count", 1))):
            cluster = request.get("cluster", "default").rpartition("/")[2]
            task = _Task(
                arn=f"arn:aws:ecs:{self._place}:task/{cluster}/{uuid.uuid4().hex}",
                cluster_arn=f"arn:aws:ecs:{self._place}:cluster/{cluster}",
                definition=answer["taskDefinition"],
                overrides=request.get("overrides") or {},
                created_at=self._timeline.now(),
            )
            self._tasks[task.arn] = task
            tasks.append(task.described())
            self._timeline.submit(functools.partial(self._work, task), lambda _result: None)
        return {"tasks": tasks, "failures": []}

    def _describe(self, request: dict[str, Any]) -> dict[str, Any]:
        found, failures = [], []
        for name in request["tasks"]:
            task = self._find(name)
            if task is None:
                failures.append({"arn": name, "reason": "MISSING"})
            else:
                found.append(task.described())
        return {"tasks": found, "failures": failures}

    def _stop(self, request: dict[str, Any]) -> dict[str, Any]:
        task = self._find(request["task"])
        if task is None:
            raise EcsRefusalError("InvalidParameterException", "The referenced task was not found.")
        self._end(task, request.get("reason", "Task stopped by user"))
        return {"task": task.described()}

    def _list(self, request: dict[str, Any]) -> dict[str, Any]:
        wanted = request.get("desiredStatus", "RUNNING")
        return {"taskArns": [t.arn for t in self._tasks.values() if t.described()["desiredStatus"] == wanted]}

    def _find(self, name: str) -> _Task | None:
        return next(
            (task for task in self._tasks.values() if task.arn == name or task.arn.endswith(f"/{name}")), None
        )

    def _end(self, task: _Task, reason: str) -> None:
        with self._lock:
            task.stopping, task.reason = True, reason
            for process in task.processes:
                with contextlib.suppress(OSError):
                    process.terminate()

    def _work(self, task: _Task) -> None:
        """Run the containers, one after the other, until one fails."""
        task.status = "RUNNING"
        for container in task.definition["containerDefinitions"]:
            override: dict[str, Any] = next(
                (o for o in task.overrides.get("containerOverrides", []) if o.get("name") == container["name"]), {}
            )
            code, lines = self._run_container(task, container, override)
            task.exit_codes[container["name"]] = code
            self._log(container, lines)
        task.reason = task.reason or "Essential container in task exited"
        task.stopped_at = self._timeline.now()
        task.status = "STOPPED"

    def _run_container(
        self, task: _Task, container: dict[str, Any], override: dict[str, Any]
    ) -> tuple[int, list[str]]:
        command = [*self._entry_point(container), *(override.get("command") or container.get("command") or [])]
        if command and command[0] in ("python", "python3"):
            command[0] = sys.executable
        own = {one["name"]: one["value"] for one in container.get("environment", [])}
        own |= {one["name"]: one["value"] for one in override.get("environment", [])}
        aws = {"AWS_REGION": self._region, "AWS_DEFAULT_REGION": self._region}
        role = task.definition.get("taskRoleArn", "")
        keys = {"AWS_ACCESS_KEY_ID": key_of(role) if role else "local", "AWS_SECRET_ACCESS_KEY": "local"}
        environment = Surroundings({**NO_FILES, **self._environment, **aws, **keys, **own}).environment
        try:
            with self._lock:
                if task.stopping:
                    return 143, []
                process = subprocess.Popen(
                    command,
                    cwd=self.images_dir,
                    env=environment,
                    encoding="utf-8",
                    errors="replace",
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                )
                task.processes.append(process)
        except (OSError, IndexError) as error:
            return _NO_FILE, [f"cannot start {command or container.get('image')}: {error}"]
        output, _ = process.communicate()
        # A signal is 128 and its number to whoever looks from outside the container.
        return process.returncode if process.returncode >= 0 else 128 - process.returncode, output.splitlines()

    def _entry_point(self, container: dict[str, Any]) -> list[str]:
        if container.get("entryPoint"):
            return list(container["entryPoint"])
        name = container.get("image", "").rpartition("/")[2].partition(":")[0].replace("-", "_")
        dockerfile = self.images_dir / name / "Dockerfile"
        if name and dockerfile.is_file():
            for line in dockerfile.read_text(encoding="utf-8").splitlines():
                keyword, _, rest = line.strip().partition(" ")
                if keyword.upper() == "ENTRYPOINT":
                    return list(json.loads(rest))
        return []

    def _log(self, container: dict[str, Any], lines: list[str]) -> None:
        options = container.get("logConfiguration", {}).get("options", {})
        group = options.get("awslogs-group")
        if not group or not lines:
            return
        logs = self._client("logs")
        stream = f"{options.get('awslogs-stream-prefix', 'ecs')}/{container['name']}/{uuid.uuid4().hex}"
        with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        moment = int(self._timeline.now() * 1000)
        events = [{"timestamp": moment, "message": line or " "} for line in lines]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
