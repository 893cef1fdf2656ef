"""`test-state FILE STATE INPUT`: run one state by itself and show what becomes of its input, stage by stage."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from localcloud.commands.start import json_argument
from localcloud.errors import UsageError


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", type=Path, help="a *.asl.json")
    parser.add_argument("state", help="name of a state in it")
    parser.add_argument("input", nargs="?", default="{}", help="JSON, or @FILE (default {})")
    parser.add_argument("--result", help="JSON that the task returns, instead of its work")
    parser.add_argument("--error", help="name of the error that the task ends with, instead of its work")


def run(arguments: argparse.Namespace) -> int:
    """Print status, next state, output and the stages between; 0 when the state succeeds."""
    from localcloud.stepfunctions import Integrations, VirtualTimeline
    from localcloud.stepfunctions.api import StepFunctionsApi
    from localcloud.stepfunctions.engine import Engine
    from localcloud.stepfunctions.errors import StepFunctionsError

    request = {
        "definition": _state(arguments.file, arguments.state),
        "input": json_argument(arguments.input, "the input"),
        "inspectionLevel": "DEBUG",
        "roleArn": "arn:aws:iam::123456789012:role/local",
        "stateName": arguments.state,
    }
    if arguments.result:
        request["mock"] = {"result": json_argument(arguments.result, "the result")}
    elif arguments.error:
        request["mock"] = {"errorOutput": {"error": arguments.error, "cause": "as asked for on the command line"}}
    try:
        answer = StepFunctionsApi(Engine(VirtualTimeline(), Integrations())).call("TestState", request)
    except StepFunctionsError as error:
        raise UsageError(error.message) from None
    print(json.dumps(_readable(answer), indent=2, default=str))
    return 0 if answer["status"] in ("SUCCEEDED", "RETRIABLE", "CAUGHT_ERROR") else 1


def _state(path: Path, name: str) -> str:
    """Return the whole definition, once it is sure that it has the state."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    definition = json.loads(json_argument(text, str(path)))
    if name not in definition.get("States", {}):
        known = ", ".join(definition.get("States", {})) or "none"
        raise UsageError(f"{path}: there is no state {name!r}; it has {known}")
    return text


def _readable(value: object) -> object:
    """Return the answer with JSON texts inside it unfolded."""
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, str) and value[:1] in "{[":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
