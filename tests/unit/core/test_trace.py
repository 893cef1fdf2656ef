"""A sampled invocation sends its subsegments to X-Ray's daemon; any other loads nothing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import Any

ROOT = "1-5759e988-bd862e3fe1be46a994272793"
PARENT = "53995c3f42cd8ad8"

TASK = """
import sys
from moto import mock_aws
from chalicelib.core.aws import client
from chalicelib.core.task import task

@task
def status_checker(event, context):
    client("dynamodb").list_tables()
    if event.get("broken"):
        raise ValueError("broken")

with mock_aws():
    before = set(sys.modules)
    try:
        status_checker({"executionArn": "arn:aws:states:::execution:a:b", "broken": BROKEN}, None)
    except ValueError:
        pass
print("LOADED", "aws_xray_sdk" in set(sys.modules) - before, file=sys.stderr)
"""


def invoke(sampled: int, *, broken: bool = False) -> tuple[dict[str, dict[str, Any]], str]:
    """Run a task in a process of its own; return what reached the daemon by name, and what was said of modules."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(0.5)
        environment = os.environ | {
            "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{daemon.getsockname()[1]}",
            "LAMBDA_TASK_ROOT": "/var/task",
            "_X_AMZN_TRACE_ID": f"Root={ROOT};Parent={PARENT};Sampled={sampled}",
        }
        code = TASK.replace("BROKEN", str(broken)).replace("from moto import mock_aws", _UNTRACED)
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        found = []
        while True:
            try:
                found.append(json.loads(daemon.recv(65_536).partition(b"\n")[2]))
            except TimeoutError:
                return {one["name"]: one for one in found}, done.stderr


# moto loads the SDK itself, to patch it out of the way: only what the task loads counts.
_UNTRACED = """
import moto.core.models
from moto import mock_aws
for name in [one for one in sys.modules if one.startswith("aws_xray_sdk")]:
    del sys.modules[name]
"""


def test_a_sampled_invocation_joins_the_executions_trace() -> None:
    sent, said = invoke(1)
    assert "LOADED True" in said
    task = sent["status_checker"]
    assert (task["trace_id"], task["parent_id"]) == (ROOT, PARENT)
    assert task["annotations"] == {"request_id": "", "execution_arn": "arn:aws:states:::execution:a:b"}
    call = sent["dynamodb"]
    assert (call["trace_id"], call["parent_id"], call["aws"]["operation"]) == (ROOT, task["id"], "ListTables")


def test_a_failure_is_noted() -> None:
    sent, _ = invoke(1, broken=True)
    assert sent["status_checker"]["fault"] is True


def test_any_other_invocation_loads_nothing() -> None:
    sent, said = invoke(0)
    assert sent == {}
    assert "LOADED False" in said
