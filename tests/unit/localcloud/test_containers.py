"""ECS tasks run as processes, with their overrides, exit codes and logs."""

from __future__ import annotations

import json
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from localcloud.cloud import LocalCloud
from tests.unit.localcloud.conftest import MakeCloud, idle

PROGRAM = "import os, sys; print('who', os.environ.get('WHO')); sys.exit(int(sys.argv[1]))"


def template(**container: Any) -> dict[str, Any]:
    logs = {"LogDriver": "awslogs", "Options": {"awslogs-group": "/ecs/work", "awslogs-stream-prefix": "w"}}
    definition = {
        "Name": "main",
        "Image": "repository/worker:1",
        "EntryPoint": ["python", "-c", PROGRAM],
        "Command": ["0"],
        "Environment": [{"Name": "WHO", "Value": "definition"}],
        "LogConfiguration": logs,
        **container,
    }
    states = {
        "Run": {
            "Type": "Task",
            "Resource": "arn:aws:states:::ecs:runTask.sync",
            "Parameters": {
                "Cluster": "work",
                "LaunchType": "FARGATE",
                "TaskDefinition": {"Ref": "Definition"},
                "Overrides": {
                    "ContainerOverrides": [
                        {
                            "Name": "main",
                            "Command.$": "States.Array($.code)",
                            "Environment": [{"Name": "WHO", "Value": "override"}],
                        }
                    ]
                },
            },
            "End": True,
        }
    }
    return {
        "Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "work"}},
        "Definition": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "Family": "worker",
                "RequiresCompatibilities": ["FARGATE"],
                "Cpu": "256",
                "Memory": "512",
                "NetworkMode": "awsvpc",
                "ContainerDefinitions": [definition],
            },
        },
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "StateMachineName": "m",
                "Definition": {"StartAt": "Run", "States": states},
                "RoleArn": "arn:aws:iam::1:role/r",
            },
        },
    }


def run(cloud: LocalCloud, code: str) -> Any:
    execution = cloud.engine.start_execution(cloud.machine_arn("m"), json.dumps({"code": code}))
    idle(cloud)
    return execution


def test_a_task_that_exits_with_zero_succeeds_and_its_lines_are_logged(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(template())
    execution = run(cloud, "0")
    assert execution.status == "SUCCEEDED", execution.cause
    assert execution.output["Containers"][0]["ExitCode"] == 0
    events = cloud.client("logs").filter_log_events(logGroupName="/ecs/work")["events"]
    assert [event["message"] for event in events] == ["who override"]


def test_another_exit_code_fails_the_state_with_the_task_as_cause(make_cloud: MakeCloud) -> None:
    execution = run(make_cloud(template()), "3")
    assert (execution.status, execution.error) == ("FAILED", "States.TaskFailed")
    assert json.loads(execution.cause)["Containers"][0]["ExitCode"] == 3


def test_a_line_that_is_no_utf_8_is_logged_as_far_as_it_is(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(template(EntryPoint=["python", "-c", r"import sys; sys.stdout.buffer.write(b'a\xffb\n')"]))
    assert run(cloud, "0").status == "SUCCEEDED"
    (event,) = cloud.client("logs").filter_log_events(logGroupName="/ecs/work")["events"]
    assert event["message"] == "a\N{REPLACEMENT CHARACTER}b"


def test_without_an_entry_point_the_images_dockerfile_has_it(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(template(EntryPoint=[], Command=[]))
    folder = cloud.project_dir / "worker"
    folder.mkdir()
    (folder / "__main__.py").write_text("import sys; sys.exit(int(sys.argv[1]))\n")
    (folder / "Dockerfile").write_text('FROM python:3.12-slim\nENTRYPOINT ["python", "-m", "worker"]\n')
    assert run(cloud, "0").status == "SUCCEEDED"
    assert run(cloud, "4").status == "FAILED"


def test_an_unknown_definition_is_refused_as_by_ecs(make_cloud: MakeCloud) -> None:
    ecs = make_cloud(template()).client("ecs")
    with pytest.raises(ecs.exceptions.ClientException, match="TaskDefinition not found"):
        ecs.run_task(cluster="work", taskDefinition="nobody")
    assert ecs.describe_tasks(cluster="work", tasks=["gone"])["failures"][0]["reason"] == "MISSING"


def test_closing_waits_for_a_containers_process(make_cloud: MakeCloud, tmp_path: Path) -> None:
    """It would be a process that nobody waits for, and might write to what comes after."""
    program = f"import pathlib, time; pathlib.Path({str(tmp_path / 'began')!r}).touch(); time.sleep(600)"
    cloud = make_cloud(template(EntryPoint=["python", "-c", program]))
    thread = threading.Thread(target=run, args=(cloud, "0"), daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not (tmp_path / "began").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    (process,) = (one for task in cloud.containers._tasks.values() for one in task.processes)
    cloud.containers.close()
    assert process.returncode == -signal.SIGTERM
    thread.join(60)
