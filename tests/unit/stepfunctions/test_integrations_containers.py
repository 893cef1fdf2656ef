"""ecs:runTask and its .sync, against a client that answers what the test says."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from localcloud.stepfunctions.integrations import AwsIntegrations
from localcloud.stepfunctions.task import Later, TaskError, TaskOutcome
from localcloud.stepfunctions.timeline import VirtualTimeline
from tests.unit.stepfunctions.calls import FakeFunctionInvoker, task_call

TASK = "arn:aws:ecs:us-east-1:123456789012:task/c/1"
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/c"
ARGUMENTS = {"Cluster": "c", "TaskDefinition": "rag:1", "LaunchType": "FARGATE"}


class Cluster:
    """An ECS client with prepared answers, and the integrations over it."""

    def __init__(self) -> None:
        self.client = boto3.client(
            "ecs", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
        )
        self.stub = Stubber(self.client)
        self.timeline = VirtualTimeline()
        self.integrations = AwsIntegrations(FakeFunctionInvoker(), lambda _service: self.client, self.timeline)
        self.stub.activate()

    def will_run(self, failures: list[dict[str, str]] | None = None) -> None:
        tasks = [] if failures else [{"taskArn": TASK, "clusterArn": CLUSTER, "lastStatus": "PROVISIONING"}]
        self.stub.add_response("run_task", {"tasks": tasks, "failures": failures or []})

    def will_be(self, status: str, exit_code: int | None = None) -> None:
        container: dict[str, Any] = {"name": "main"} | ({} if exit_code is None else {"exitCode": exit_code})
        task = {"taskArn": TASK, "lastStatus": status, "containers": [container]}
        self.stub.add_response("describe_tasks", {"tasks": [task]}, {"cluster": CLUSTER, "tasks": [TASK]})

    def start(self) -> Later:
        later = self.integrations.call(task_call("ecs:runTask.sync", ARGUMENTS))
        assert isinstance(later, Later)
        return later

    def end(self, later: Later) -> TaskOutcome | TaskError:
        ends: list[TaskOutcome | TaskError] = []
        later.watch(ends.append)
        self.timeline.run_until_idle()
        self.stub.assert_no_pending_responses()
        return ends[0]


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


def test_a_plain_call_returns_at_once(cluster: Cluster) -> None:
    cluster.will_run()
    result: Any = cluster.integrations.call(task_call("ecs:runTask", ARGUMENTS))
    assert result["Tasks"][0]["TaskArn"] == TASK
    assert result["Failures"] == []


def test_a_job_ends_with_its_task(cluster: Cluster) -> None:
    cluster.will_run()
    cluster.will_be("RUNNING")
    cluster.will_be("STOPPED", 0)
    end = cluster.end(cluster.start())
    assert isinstance(end, TaskOutcome)
    assert end.value["Containers"] == [{"Name": "main", "ExitCode": 0}]


@pytest.mark.parametrize("exit_code", [1, None])
def test_a_task_that_did_not_exit_well_fails_the_job(cluster: Cluster, exit_code: int | None) -> None:
    cluster.will_run()
    cluster.will_be("STOPPED", exit_code)
    end = cluster.end(cluster.start())
    assert isinstance(end, TaskError)
    assert end.error == "States.TaskFailed"
    assert json.loads(end.cause)["TaskArn"] == TASK


@pytest.mark.parametrize("pattern", ["sync", "waitForTaskToken"])
def test_failures_fail_the_job(cluster: Cluster, pattern: str) -> None:
    cluster.will_run([{"arn": "a", "reason": "RESOURCE:MEMORY"}])
    with pytest.raises(TaskError) as caught:
        cluster.integrations.call(task_call(f"ecs:runTask.{pattern}", ARGUMENTS))
    assert caught.value.error == "AmazonECS.Unknown"
    assert "RESOURCE:MEMORY" in caught.value.cause


def test_failures_are_handed_on_by_a_plain_call(cluster: Cluster) -> None:
    cluster.will_run([{"arn": "a", "reason": "RESOURCE:MEMORY"}])
    result: Any = cluster.integrations.call(task_call("ecs:runTask", ARGUMENTS))
    assert result["Failures"] == [{"Arn": "a", "Reason": "RESOURCE:MEMORY"}]


def test_a_job_nobody_waits_for_is_stopped(cluster: Cluster) -> None:
    cluster.will_run()
    cluster.stub.add_response("stop_task", {}, {"cluster": CLUSTER, "task": TASK, "reason": "Aborted"})
    later = cluster.start()
    later.cancel()
    cluster.timeline.run_until_idle()
    cluster.stub.assert_no_pending_responses()


def test_an_error_while_waiting_fails_the_job(cluster: Cluster) -> None:
    cluster.will_run()
    cluster.stub.add_client_error("describe_tasks", "ClusterNotFoundException", "Cluster not found.", 400)
    end = cluster.end(cluster.start())
    assert isinstance(end, TaskError)
    assert end.error == "ECS.ClusterNotFoundException"
