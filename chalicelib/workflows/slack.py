"""What people say about runs in Slack: ``/workflow``."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.core import slack
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.core.slack import Command, CommandCall, Message, Reply

_SHOWN = 10
_LONGEST = 600
_MARKS = {"SUCCEEDED": "✅", "RUNNING": "▶️", "FAILED": "❌", "TIMED_OUT": "⌛", "ABORTED": "⏹️"}


def workflow(call: CommandCall) -> Reply:
    """Answer ``/workflow``."""
    from chalicelib.core.config import setting
    from chalicelib.workflows.adapters.step_functions import StepFunctionsMachines
    from chalicelib.workflows.service import executions as service

    machines = StepFunctionsMachines(setting("WORKFLOW_ARN_PREFIX"))
    word, *rest = call.words
    if word == "list":
        if rest:
            return _runs(service.runs(rest[0], None, _SHOWN, None, machines)["executions"])
        return _said("\n".join(f"• `{one['name']}`" for one in service.workflows(machines)["workflows"]))
    if not rest:
        raise InvalidInputError([Problem("", "missing", f"`{word}` needs to know which; see `/workflow help`")])
    if word == "status":
        return _said(_shown(service.run(rest[0], machines)))
    if word == "run":
        run, _ = service.start(rest[0], _input(call.text.partition(rest[0])[2]), None, call.person.id, machines)
        return _said(f"{_shown(run)}\nstarted by <@{call.person.id}>", in_channel=True)
    reason = " ".join(rest[1:]).strip()
    if not reason:
        raise InvalidInputError([Problem("", "missing", f"say why: `/workflow {word} {rest[0]} the reason`")])
    change = service.stop if word == "stop" else service.redrive
    run = change(rest[0], reason, machines)
    done = {"stop": "stopped", "redrive": "redriven"}[word]
    return _said(f"{_shown(run)}\n{done} by <@{call.person.id}>: {slack.escaped(reason)}", in_channel=True)


def _input(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text.strip() or "{}")
    except json.JSONDecodeError as error:
        raise InvalidInputError([Problem("input", "unreadable_json", f"is no JSON: {error}")]) from None
    if not isinstance(found, dict):
        raise InvalidInputError([Problem("input", "not_an_object", "must be a JSON object, such as {}")])
    return found


def _runs(runs: list[dict[str, Any]]) -> Reply:
    lines = [f"{_MARKS.get(run['status'], '')} `{run['id']}` {run['status']}, {run['startedAt']}" for run in runs]
    return _said("\n".join(lines) or "There is no run of it yet.")


def _shown(run: dict[str, Any]) -> str:
    lines = [f"{_MARKS.get(run['status'], '')} `{run['id']}` is {run['status']}, begun {run['startedAt']}"]
    if run["stoppedAt"]:
        lines[0] += f", ended {run['stoppedAt']}"
    if run["error"] or run["cause"]:
        lines.append(
            f"*{slack.escaped(run['error'] or 'Stopped')}*: {slack.escaped((run['cause'] or '')[:_LONGEST])}"
        )
    return "\n".join(lines)


def _said(text: str, *, in_channel: bool = False) -> Reply:
    return Reply(Message(text, [slack.section(text)]), in_channel=in_channel)


COMMANDS = (
    Command(
        name="/workflow",
        usage=(
            "list - the workflows",
            "list WORKFLOW - the latest runs of one",
            'run WORKFLOW INPUT - start one, INPUT as JSON: `/workflow run daily-analysis {"date": "2026-03-01"}`',
            "status RUN - how a run stands; a run is called WORKFLOW:NAME",
            "stop RUN REASON - abort it",
            "redrive RUN REASON - go on from the state that failed",
        ),
        role="viewer",
        handle=workflow,
        asks=dict.fromkeys(("run", "stop", "redrive"), "operator"),
    ),
)
