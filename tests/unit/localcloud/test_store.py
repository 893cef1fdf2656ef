"""Runs outlive the process that ran them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from localcloud.cloud import LocalCloud
from localcloud.costs import run_cost
from localcloud.errors import StoreError
from localcloud.stepfunctions import VirtualTimeline
from localcloud.store import RunStore
from tests.unit.localcloud.conftest import HANDLERS, START, function

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:m:yesterday"


def template(*, wait_seconds: int) -> dict[str, Any]:
    states = {
        "Note": {"Type": "Task", "Resource": {"Fn::GetAtt": ["Note", "Arn"]}, "Next": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": wait_seconds, "End": True},
    }
    return {
        "Resources": {
            "Note": function("note", FunctionName="note"),
            "Machine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "StateMachineName": "m",
                    "Definition": {"StartAt": "Note", "States": states},
                    "RoleArn": "arn:aws:iam::1:role/r",
                },
            },
        }
    }


class States:
    """A client of the Step Functions API of a cloud opened on the same file."""

    def __init__(self, folder: Path, *, wait_seconds: int = 5) -> None:
        (folder / "tiny_doors.py").write_text(HANDLERS)
        self.store = RunStore(folder / "runs.sqlite")
        self.store.begin()
        self.timeline = VirtualTimeline(START)
        self.cloud = LocalCloud(
            template(wait_seconds=wait_seconds), folder, timeline=self.timeline, store=self.store
        )

    def __enter__(self) -> Any:
        self.cloud.open()
        return self.cloud.client("stepfunctions")

    def __exit__(self, *_error: object) -> None:
        self.cloud.close()
        self.store.close()


@pytest.fixture
def yesterday(tmp_path: Path) -> Path:
    """A folder in whose file one run has ended."""
    first = States(tmp_path)
    with first as states:
        states.start_execution(stateMachineArn=MACHINE, name="yesterday", input='{"a": 1}')
        first.timeline.run_until_idle()
    return tmp_path


def test_yesterdays_execution_can_be_described_and_its_history_read(yesterday: Path) -> None:
    with States(yesterday) as states:
        description = states.describe_execution(executionArn=EXECUTION)
        assert (description["status"], description["input"]) == ("SUCCEEDED", '{"a": 1}')
        assert json.loads(description["output"]) == {"noted": 1}
        assert description["startDate"].timestamp() == START
        events = states.get_execution_history(executionArn=EXECUTION)["events"]
        assert [event["id"] for event in events] == list(range(1, len(events) + 1))
        assert events[-1]["type"] == "ExecutionSucceeded"
        newest = states.get_execution_history(executionArn=EXECUTION, reverseOrder=True, maxResults=2)
        assert newest["events"][0] == events[-1]
        rest = states.get_execution_history(
            executionArn=EXECUTION, reverseOrder=True, nextToken=newest["nextToken"]
        )
        assert newest["events"] + rest["events"] == events[::-1]


def test_lists_have_the_runs_of_both_days(yesterday: Path) -> None:
    with States(yesterday) as states:
        states.start_execution(stateMachineArn=MACHINE, name="today")
        listed = states.list_executions(stateMachineArn=MACHINE)["executions"]
    assert {entry["name"] for entry in listed} == {"today", "yesterday"}


def test_lists_are_paged_from_today_into_yesterday(yesterday: Path) -> None:
    with States(yesterday) as states:
        for number in range(3):
            states.start_execution(stateMachineArn=MACHINE, name=f"today-{number}", input="{}")
        names: list[str] = []
        token: dict[str, str] = {}
        while True:
            page = states.list_executions(stateMachineArn=MACHINE, maxResults=2, **token)
            assert len(page["executions"]) <= 2
            names += [entry["name"] for entry in page["executions"]]
            if "nextToken" not in page:
                break
            token = {"nextToken": page["nextToken"]}
    assert sorted(names) == ["today-0", "today-1", "today-2", "yesterday"]
    assert names[-1] == "yesterday"


def test_an_unknown_execution_is_still_refused(yesterday: Path) -> None:
    with States(yesterday) as states, pytest.raises(states.exceptions.ExecutionDoesNotExist):
        states.describe_execution(executionArn=EXECUTION + "x")


def test_a_run_that_was_cut_short_is_shown_as_aborted(tmp_path: Path) -> None:
    with States(tmp_path, wait_seconds=3600) as states:
        states.start_execution(stateMachineArn=MACHINE, name="yesterday")
    with States(tmp_path) as states:
        description = states.describe_execution(executionArn=EXECUTION)
    assert (description["status"], description["error"]) == ("ABORTED", "LocalCloud.Stopped")


def test_a_reader_changes_nothing(tmp_path: Path) -> None:
    first = States(tmp_path, wait_seconds=3600)
    with first as states:
        states.start_execution(stateMachineArn=MACHINE, name="yesterday")
        first.store.flush()
        reader = RunStore(tmp_path / "runs.sqlite")
        (execution,) = reader.executions()
        reader.close()
    assert execution.status == "RUNNING"


def test_data_flow_log_lines_and_costs_are_kept(yesterday: Path) -> None:
    store = RunStore(yesterday / "runs.sqlite")
    note, rest = store.visits(EXECUTION)
    assert (note["state"], note["input"], note["output"]) == ("Note", {"a": 1}, {"noted": 1})
    assert rest["exited_at"] == START + 5
    (invocation,) = store.invocations(caller=EXECUTION)
    assert invocation.function == "note"
    cost = run_cost(store, EXECUTION)
    assert (cost.transitions, cost.requests) == (2, 1)
    assert cost.dollars > 2 * 0.025 / 1000
    store.close()


def test_a_broken_file_is_named_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    path.write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreError, match=r"runs\.sqlite cannot be opened .* move it away"):
        RunStore(path)
    assert path.read_bytes().startswith(b"no database"), "what was there is left alone"


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file")
    with pytest.raises(StoreError, match="kept"):
        RunStore(tmp_path / "kept" / "runs.sqlite")
