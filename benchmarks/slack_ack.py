"""How long Slack waits for the application on a cold start: each command, in a fresh process.

    python -m benchmarks.slack_ack [--runs 3]

A process starts, imports app.py as Lambda would, and answers one signed ``POST /slack/commands`` with AWS on the
local cloud; the time is from the start of the process to the answer. Slack gives 3,000 ms. Lambda's own start of
the environment comes on top in AWS.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from localcloud.project import LocalProject
from localcloud.standins.slack import PERSON, SIGNING_SECRET
from localcloud.standins.slack_people import signature

_HOME = Path(__file__).resolve().parent.parent
_PROGRAM = """
import json, sys
from types import SimpleNamespace
from app import app
answer = app(json.load(sys.stdin), SimpleNamespace(aws_request_id="r"))
assert answer["statusCode"] == 200, answer
"""
_SLACKS_PATIENCE_MILLISECONDS = 3_000


def main() -> int:
    """Measure and print; 1 when a command took longer than Slack waits."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slack_ack", description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="of each command; the median is printed (default 3)")
    runs = parser.parse_args().runs
    slowest = 0.0
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalProject(_HOME, kept_in=Path(folder), aws_port=0, api_port=0) as project,
    ):
        from chalicelib.slack.service import rooms

        for command in sorted(rooms.commands()):
            taken = statistics.median(_once(project, command) for _ in range(runs))
            slowest = max(slowest, taken)
            print(f"{command:<14} {taken:6.0f} ms")
    print(f"slowest        {slowest:6.0f} ms of {_SLACKS_PATIENCE_MILLISECONDS}")
    return 0 if slowest < _SLACKS_PATIENCE_MILLISECONDS else 1


def _once(project: LocalProject, command: str) -> float:
    """Return the milliseconds one fresh process took."""
    stamp = str(int(time.time()))
    body = urlencode({"command": command, "text": "help", "user_id": PERSON, "trigger_id": str(time.time_ns())})
    event = {
        "requestContext": {"resourcePath": "/slack/commands", "httpMethod": "POST", "path": "/slack/commands"},
        "headers": {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": signature(SIGNING_SECRET, stamp, body),
        },
        "multiValueQueryStringParameters": None,
        "pathParameters": {},
        "body": body,
        "isBase64Encoded": False,
        "stageVariables": None,
    }
    (api,) = [one for one in project.cloud.functions if one.logical_id == "APIHandler"]
    aws = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
    environment = {**os.environ, **api.environment, **aws, "AWS_ENDPOINT_URL": project.aws_url}
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=json.dumps(event),
        text=True,
        check=True,
        cwd=_HOME,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
