"""Both interpreters on histories recorded from AWS: ``python -m benchmarks.conformance``.

The recordings and their comparison lie beside the project, in ``../shared/conformance``; skipped where absent.
Cases that call Lambda functions are left out: moto's functions without Docker give one fixed answer. Prints how
many histories each interpreter reproduces and how long a case takes it; exits 1 when this one misses a case.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conformance.adapter import run_case

HOME = Path(__file__).resolve().parents[2] / "shared" / "conformance"
PATIENCE_SECONDS = 20.0

Case = dict[str, Any]
Events = list[dict[str, Any]]


def main() -> int:
    """Print both scores."""
    if not HOME.is_dir():
        print(f"conformance: skipped, {HOME} is absent")
        return 0
    logging.disable()  # moto tells each of its failures at length
    verdict = _verdict()
    cases = [case for path in sorted((HOME / "cases").glob("*.json")) for case in json.loads(path.read_text())]
    cases = [case for case in cases if not case.get("functions")]
    ours = _score("this interpreter", cases, lambda case: run_case(case["definition"], case["input"], {}), verdict)
    _score("moto's", cases, _run_on_moto, verdict)
    return 0 if ours == len(cases) else 1


def _verdict() -> Callable[[Case, Events], tuple[int, str]]:
    spec = importlib.util.spec_from_file_location("compare", HOME / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    compare: Callable[[Case, Events], tuple[int, str]] = module.verdict
    return compare


def _score(
    name: str,
    cases: list[Case],
    run: Callable[[Case], Events],
    verdict: Callable[[Case, Events], tuple[int, str]],
) -> int:
    began, agreed = time.perf_counter(), 0
    for case in cases:
        try:
            agreed += verdict(case, run(case))[0] == 3
        except Exception:  # an interpreter that raises misses the case
            continue
    milliseconds = (time.perf_counter() - began) / len(cases) * 1e3
    print(f"{name:17} {agreed} of {len(cases)} histories, {milliseconds:,.1f} ms a case", flush=True)
    return agreed


def _run_on_moto(case: Case) -> Events:
    import boto3
    from moto import mock_aws

    os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="us-east-1")
    config: Any = {"stepfunctions": {"execute_state_machine": True}}
    with mock_aws(config=config):
        client = boto3.client("stepfunctions")
        role = "arn:aws:iam::123456789012:role/snf_role_arn"
        machine = client.create_state_machine(name="case", definition=json.dumps(case["definition"]), roleArn=role)
        arn = client.start_execution(
            stateMachineArn=machine["stateMachineArn"], name="case", input=json.dumps(case["input"])
        )["executionArn"]
        deadline = time.monotonic() + PATIENCE_SECONDS
        while client.describe_execution(executionArn=arn)["status"] == "RUNNING" and time.monotonic() < deadline:
            time.sleep(0.01)
        events: Events = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        return events


if __name__ == "__main__":
    sys.exit(main())
