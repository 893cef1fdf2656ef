"""A run that is kept as a test goes the same way again, from its two files alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.workflows.domain.saved_test import saved_test
from chalicelib.workflows.domain.visits import fold
from localcloud.stepfunctions import Integrations, TaskCall, VirtualTimeline
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.task import JsonValue, TaskError

HOME = Path(__file__).resolve().parents[4]
INVOKE = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "${WorkArn}"},
}
ORDERS: dict[str, Any] = {
    "StartAt": "Charge",
    "States": {
        "Charge": {**INVOKE, "Retry": [{"ErrorEquals": ["BusyError"]}], "Next": "Pause"},
        "Pause": {"Type": "Wait", "Seconds": 3_600, "Next": "Ship"},
        "Ship": {**INVOKE, "End": True},
    },
}


class Shop(Integrations):
    """Is busy once, and has lost its lorry where it is told so."""

    def __init__(self, *, ships: bool) -> None:
        self._ships, self._charges = ships, 0

    def call(self, call: TaskCall) -> JsonValue:
        self._charges += call.state_name == "Charge"
        if call.state_name == "Charge" and self._charges == 1:
            raise TaskError("BusyError", "come again")
        if call.state_name == "Ship" and not self._ships:
            raise TaskError("LorryLostError", "gone")
        return {"Payload": {"state": call.state_name}}


@pytest.mark.parametrize("ships", [True, False])
def test_a_kept_run_goes_the_same_way_again(tmp_path: Path, ships: bool) -> None:
    line = VirtualTimeline()
    engine = Engine(line, Shop(ships=ships))
    machine = engine.create_state_machine("orders", ORDERS, role_arn="")
    execution = engine.start_execution(machine.arn, '{"amount": 7, "note": null}', "first.run")
    line.run_until_idle()
    events = list(execution.history)
    files = saved_test(
        "orders",
        "first.run",
        started_at=events[0]["timestamp"],
        run_input=execution.input,
        status=execution.status,
        error=execution.error,
        visits=fold(events),
        events={event["id"]: event for event in events},
    )
    (tmp_path / "statemachines").mkdir()
    (tmp_path / "statemachines" / "orders.asl.json").write_text(json.dumps(ORDERS))
    for name, content in files:
        (tmp_path / name).write_text(content)
    assert [name for name, _ in files] == ["test_orders_first_run.py", "MockConfigFile_orders_first_run.json"]
    shutil.copy(HOME / "pyproject.toml", tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(tmp_path / files[0][0])],
        cwd=tmp_path,
        env={"PYTHONPATH": str(HOME), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
