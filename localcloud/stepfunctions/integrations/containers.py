"""ECS tasks: ecs:runTask, and .sync that waits until the task has stopped."""

from __future__ import annotations

from localcloud.stepfunctions.integrations.clients import ServiceCaller, sdk_metadata
from localcloud.stepfunctions.integrations.resource import ServiceAction
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.task import JsonValue, Later, TaskCall, TaskError
from localcloud.stepfunctions.timeline import Timeline

POLL_SECONDS = 2.0
"""How often a task is asked whether it has stopped, in seconds on the timeline."""


class ContainerTasks:
    """Runs ECS tasks through boto3's client and follows them with DescribeTasks."""

    def __init__(self, services: ServiceCaller, timeline: Timeline) -> None:
        self._services = services
        self._timeline = timeline

    def run(self, call: TaskCall, action: ServiceAction) -> JsonValue | Later:
        """ecs:runTask in any pattern.

        Failures in the answer fail a job and a task with a token with AmazonECS.Unknown; a plain call hands
        them on. https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
        """
        result, metadata = self._services.call_with_metadata("ecs", "runTask", call.arguments, sdk=False)
        if not action.pattern:
            return {"Failures": [], **result, **sdk_metadata(metadata)}
        if result.get("Failures") or not result.get("Tasks"):
            raise TaskError("AmazonECS.Unknown", dumps(result))
        if action.pattern == "waitForTaskToken":
            return {**result, **sdk_metadata(metadata)}
        return _Following(self._services, self._timeline, result["Tasks"][0]).later


class _Following:
    """Asks for one task's state until it has stopped, then ends its `later`."""

    def __init__(self, services: ServiceCaller, timeline: Timeline, task: dict[str, JsonValue]) -> None:
        self._services = services
        self._timeline = timeline
        self._where = {"Cluster": task.get("ClusterArn", "default"), "Tasks": [task["TaskArn"]]}
        self._given_up = False
        self.later = Later()
        self.later.on_cancel(self._cancel)
        self._wait()

    def _wait(self) -> None:
        self._timeline.call_at(self._timeline.now() + POLL_SECONDS, self._ask)

    def _ask(self) -> None:
        if not self._given_up:
            self._timeline.submit(self._describe, self._answered)

    def _describe(self) -> dict[str, JsonValue]:
        return self._services.call("ecs", "describeTasks", self._where, sdk=False)

    def _answered(self, answer: dict[str, JsonValue] | BaseException) -> None:
        if isinstance(answer, TaskError):
            self.later.fail(answer.error, answer.cause)
        elif isinstance(answer, BaseException):
            self.later.fail("States.TaskFailed", str(answer))
        elif not answer.get("Tasks"):
            self.later.fail("AmazonECS.Unknown", dumps(answer))
        elif answer["Tasks"][0].get("LastStatus") != "STOPPED":
            self._wait()
        elif _succeeded(answer["Tasks"][0]):
            self.later.complete(answer["Tasks"][0])
        else:
            self.later.fail("States.TaskFailed", dumps(answer["Tasks"][0]))

    def _cancel(self) -> None:
        """Nobody waits any more: AWS stops the task."""
        self._given_up = True
        request = {"Cluster": self._where["Cluster"], "Task": self._where["Tasks"][0], "Reason": "Aborted"}
        self._timeline.submit(
            lambda: self._services.call("ecs", "stopTask", request, sdk=False), lambda _answer: None
        )


def _succeeded(task: dict[str, JsonValue]) -> bool:
    """Every container ended, with exit code 0."""
    containers = task.get("Containers", [])
    return bool(containers) and all(container.get("ExitCode") == 0 for container in containers)
