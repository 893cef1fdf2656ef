"""Runs one recorded case on the interpreter and shows its history the way the recordings are kept."""

from __future__ import annotations

import base64
import builtins
import json
import time
import uuid
from typing import Any

from localcloud.stepfunctions import Engine, Integrations, TaskCall, TaskError, TaskOutcome, VirtualTimeline
from localcloud.stepfunctions.task import JsonValue

ACCOUNT_ID = "111111111111"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT_ID}:role/snf_role_arn"
INVOKE = "arn:aws:states:::lambda:invoke"
PARALLEL_ENDS = {"ParallelStateSucceeded", "ParallelStateAborted", "ParallelStateExited", "ParallelStateFailed"}
RANDOM = "RandomNumberGenerated"
LIMIT_SECONDS = 400 * 86_400.0

Event = dict[str, Any]


class RecordedFunctions(Integrations):
    """Lambda functions that do what a case says of them."""

    def __init__(self, functions: dict[str, dict[str, Any]]) -> None:
        self._functions = functions

    def call(self, call: TaskCall) -> JsonValue | TaskOutcome:
        """A bare ARN answers with the payload, lambda:invoke with the whole response."""
        if call.role_arn is not None:  # the recorded machines may assume no role but their own
            raise TaskError(
                "States.TaskFailed",
                f"The role {ROLE_ARN} is not authorized to assume the task state's role, {call.role_arn}.",
            )
        if call.resource != INVOKE:
            return self._run(call.resource, call.arguments)
        payload = call.arguments.get("Payload")
        outcome = self._run(
            call.arguments["FunctionName"], {} if payload is None else payload
        )  # null is no payload
        response = {"ExecutedVersion": "$LATEST", "Payload": outcome.value, "StatusCode": 200}
        if call.arguments.get("LogType") == "Tail":
            response["LogResult"] = base64.b64encode(b"START\nEND\n").decode()
        metadata = {
            "SdkHttpMetadata": {"HttpStatusCode": 200},
            "SdkResponseMetadata": {"RequestId": str(uuid.uuid4())},
        }
        return TaskOutcome({**response, **metadata}, seconds=outcome.seconds)

    def _run(self, name: str, payload: JsonValue) -> TaskOutcome:
        arn = name if name.startswith("arn:") else f"arn:aws:lambda:us-east-1:{ACCOUNT_ID}:function:{name}"
        if arn not in self._functions:
            request = f"Request ID: {uuid.uuid4()}; Proxy: null"
            details = f"Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; {request}"
            raise TaskError("Lambda.ResourceNotFoundException", f"Function not found: {arn} ({details})")
        work = self._functions[arn]
        if "raises" in work:
            kind, message = work["raises"]
            raise TaskError(kind, json.dumps(crash_report(kind, message)))
        return TaskOutcome(
            payload if "echo" in work else work.get("returns"), seconds=work.get("sleeps_seconds", 0)
        )


def crash_report(kind: str, message: str) -> dict[str, Any]:
    """What the Lambda runtime reports of the recorded handlers.

    Python's own exceptions are raised in line 2 with their message; classes of the handler's own in line 9,
    without one: their message never reached `Exception`.
    """
    own = not hasattr(builtins, kind)
    line, raised = (9, f"raise {kind}()") if own else (2, f'raise {kind}("{message}")')
    return {
        "errorMessage": "" if own else message,
        "errorType": kind,
        "requestId": str(uuid.uuid4()),
        "stackTrace": [f'  File "/var/task/handler.py", line {line}, in handler\n    {raised}\n'],
    }


def run_case(definition: dict[str, Any], input: object, functions: dict[str, dict[str, Any]]) -> list[Event]:  # noqa: A002
    """The events of one run, as the recordings keep them."""
    timeline = VirtualTimeline(start=time.time())  # some inputs hold the time of day they were recorded at
    engine = Engine(timeline, RecordedFunctions(functions), account_id=ACCOUNT_ID)
    machine = engine.create_state_machine(f"machine-{uuid.uuid4()}", definition, role_arn=ROLE_ARN)
    execution = engine.start_execution(machine.arn, json.dumps(input))
    timeline.run_until(lambda: execution.ended, LIMIT_SECONDS)
    return as_recorded(json.dumps(definition), list(execution.history))


def as_recorded(source: str, events: list[Event]) -> list[Event]:
    """What the recorders did to AWS's answers before they kept them, and no more.

    - Times of the context object are the words `start-time` and `entered-time`, under whichever key ends so.
    - Random numbers are the word `RandomNumberGenerated`: the field FunctionResult in machines with
      States.MathRandom, an output that is a fraction in machines with $random.
    - The context objects kept under `ThisContextObject` were recorded before AWS added RedriveCount to them;
      those of other machines were recorded after it, and keep it.
    - The histories of Parallel states that succeed, and in JSONata machines of those that fail, have been
      through a filter: `merge_parallel_branches`.
    """
    succeeded = any(event["type"] == "ParallelStateSucceeded" for event in events)
    in_jsonata = '"QueryLanguage": "JSONata"' in source
    recorded = merge_parallel_branches(events) if succeeded or in_jsonata else events
    for texts in (details for event in recorded for details in event.values() if isinstance(details, dict)):
        for name in texts.keys() & {"input", "output", "parameters"}:
            value = masked(json.loads(texts[name]), draws="States.MathRandom(" in source)
            if "$random(" in source and isinstance(value, float):
                value = RANDOM
            texts[name] = json.dumps(value)
        for name, text in texts.get("assignedVariables", {}).items():
            texts["assignedVariables"][name] = json.dumps(masked(json.loads(text), draws=False))
    return recorded


def masked(value: JsonValue, *, draws: bool) -> JsonValue:
    """A value without what differs from run to run; `draws` where FunctionResult is a random number."""
    if isinstance(value, list):
        return [masked(item, draws=draws) for item in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, JsonValue] = {}
    for key, item in value.items():
        meaning = key.lower().replace("_", "")
        if isinstance(item, str) and meaning.endswith(("starttime", "enteredtime")):
            kept[key] = "start-time" if meaning.endswith("starttime") else "entered-time"
        elif draws and key == "FunctionResult":
            kept[key] = RANDOM
        else:
            kept[key] = masked(item, draws=draws)
        if key == "ThisContextObject" and "Execution" in kept[key]:
            kept[key]["Execution"].pop("RedriveCount")
    return kept


def merge_parallel_branches(events: list[Event]) -> list[Event]:
    """Keep, between a Parallel's start and its end, what came before the first end of any Parallel.

    Gaps in the recorded ids show it: ParallelStateSucceeded and, before an exit, ParallelStateFailed are missing,
    and from nested Parallel states the inner end as well.
    """
    kept = list(events)
    inside: list[Event] = []
    start, collecting, index = 0, False, 0
    while index < len(kept):
        kind = kept[index]["type"]
        if kind in PARALLEL_ENDS:
            kept[start:index] = inside
            collecting = False
        elif kind == "ParallelStateStarted":
            start, inside, collecting = index + 1, [], True
        elif collecting:
            inside.append(kept[index])
        index += 1
    return kept
