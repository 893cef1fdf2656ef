"""A copy of the project with one safeguard taken away: `make check` says which."""

from __future__ import annotations

import copy
import functools
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infrastructure.build import build_template
from infrastructure.safety import NEEDS_NO_RIGHTS, unsafe
from localcloud.stepfunctions.validation import lint_file

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ("app.py", "chalicelib", "infrastructure", "statemachines", ".chalice")


@functools.cache
def template() -> dict[str, Any]:
    return build_template(ROOT, "dev")


def copied(folder: Path) -> Path:
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "deployments"))
        else:
            shutil.copy(source, folder / name)
    return folder


def change(path: Path, pattern: str, replacement: str) -> None:
    text, times = re.subn(pattern, replacement, path.read_text(), count=1, flags=re.M)
    assert times == 1, pattern
    path.write_text(text)


def test_nothing_is_missing() -> None:
    assert list(unsafe(template())) == []


def test_the_functions_without_rights_are_still_there() -> None:
    assert template()["Resources"].keys() >= NEEDS_NO_RIGHTS.keys()


def test_a_function_whose_policy_was_emptied(tmp_path: Path) -> None:
    project = copied(tmp_path)
    change(
        project / "infrastructure/campaigns.yaml", r"^  OnRunEnded:\n(    [a-z]+:.*\]\n)+", "  OnRunEnded: {}\n"
    )
    assert list(unsafe(build_template(project, "dev"))) == [
        "OnRunEnded: its policy allows nothing beyond logs and traces (Rights in its room's file)"
    ]


def test_a_queue_of_dead_letters_that_was_removed(tmp_path: Path) -> None:
    project = copied(tmp_path)
    yaml = project / "infrastructure/campaigns.yaml"
    change(yaml, r"^  DialTasksDeadLetters:\n(    .*\n)+", "")
    assert list(unsafe(build_template(project, "dev"))) == [
        "DialTasksDeadLetters: failed messages are sent to this queue, which is not in the template"
    ]


Damage = Callable[[dict[str, Any]], Any]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda r: r["DialTasksQueue"]["Properties"].pop("RedrivePolicy"), "DialTasksQueue: no dead-letter queue"),
        (lambda r: r.pop("SlackDeadLettersAlarm"), "SlackDeadLetters: no alarm on ApproximateNumber"),
        (
            lambda r: r["OnCallEnded"]["Properties"].pop("EventInvokeConfig"),
            "OnCallEnded: called asynchronously by",
        ),
        (
            lambda r: r["OnCallEnded"]["Properties"]["Events"]["OnCallEndedEvent"]["Properties"].pop(
                "DeadLetterConfig"
            ),
            "OnCallEnded: OnCallEndedEvent has no DeadLetterConfig",
        ),
        (
            lambda r: r["CampaignExecution"]["Properties"].pop("Logging"),
            "CampaignExecution: its executions are not",
        ),
        (lambda r: r["CampaignExecution"]["Properties"].pop("Tracing"), "CampaignExecution: it is not traced"),
        (lambda r: r.pop("CampaignExecutionsFailedAlarm"), "CampaignExecution: no alarm on ExecutionsFailed"),
        (
            lambda r: r["SlackDeadLettersAlarm"]["Properties"].pop("AlarmActions"),
            "SlackDeadLettersAlarm: an alarm nobody",
        ),
        (lambda r: r.pop("DialerFunctionLogs"), "Dialer: no log group of its own that forgets"),
        (
            lambda r: r["CampaignExecutionLogs"]["Properties"].pop("RetentionInDays"),
            "CampaignExecutionLogs: it keeps its lines for ever",
        ),
    ],
)
def test_a_safeguard_that_was_taken_away(damage: Damage, message: str) -> None:
    damaged = copy.deepcopy(template())
    damage(damaged["Resources"])
    assert any(line.startswith(message) for line in unsafe(damaged)), list(unsafe(damaged))


@pytest.mark.parametrize(
    ("key", "state", "said"),
    [("Retry", "ValidateCampaign", "retr"), ("Comment", "MonitorProgress", "Comment")],
)
def test_a_state_that_lost_its_retrier_or_comment(tmp_path: Path, key: str, state: str, said: str) -> None:
    definition = json.loads((ROOT / "statemachines/campaign-execution.asl.json").read_text())
    del definition["States"][state][key]
    path = tmp_path / "campaign-execution.asl.json"
    path.write_text(json.dumps(definition, indent=2))
    lines = [str(problem) for problem in lint_file(path)]
    assert len(lines) == 1, lines
    assert state in lines[0]
    assert said in lines[0]
