"""Runs that begin in the middle: the console's "run from here".

POST /_localcloud/runs/from {"workflow": "orders", "state": "Charge", "input": {...}}
  -> 202 {"id": "orders:from-Charge-1f2e3d4c"}
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

from localcloud.local_doors import LocalDoor
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.errors import StepFunctionsError
from localcloud.stepfunctions.machine import StateMachine


class RunsDoor(LocalDoor):
    """Starts a machine at a state of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def answer(self, method: str, rest: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """See `LocalDoor.answer`."""
        if (method, rest) != ("POST", "from"):
            return 404, {"detail": "there is POST /_localcloud/runs/from alone"}
        match body:
            case {"workflow": str() as workflow, "state": str() as state, "input": dict() as run_input}:
                return self._start(workflow, state, run_input)
        return 422, {"detail": "the body needs workflow and state, both texts, and input, an object"}

    def _start(self, workflow: str, state: str, run_input: dict[str, Any]) -> tuple[int, Any]:
        arn = f"arn:aws:states:{self._engine.region}:{self._engine.account_id}:stateMachine:{workflow}"
        try:
            there = self._engine.state_machine(arn)
            states = there.definition["States"]
            if state not in states:
                return 404, {"detail": f"{workflow} has no state {state!r} at its top"}
            beginning_there = StateMachine(
                arn,
                there.name,
                {**there.definition, "StartAt": state, "States": _reachable(states, state)},
                role_arn=there.role_arn,
                machine_type=there.type,
                created_at=there.created_at,
            )
            place = re.sub(r"[^A-Za-z0-9_-]+", "-", state)  # a state's name may have what a run's may not
            name = f"from-{place[:40]}-{uuid.uuid4().hex[:8]}"
            self._engine.start_execution(arn, json.dumps(run_input), name, version=beginning_there)
        except StepFunctionsError as error:
            return 422, {"detail": error.message}
        return 202, {"id": f"{workflow}:{name}"}


def _reachable(states: dict[str, Any], start: str) -> dict[str, Any]:
    """Return the states that a run from ``start`` can come to: a definition may have no others."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += _ways_on(states[name])
    return {name: state for name, state in states.items() if name in found}


def _ways_on(state: dict[str, Any]) -> Iterator[str]:
    yield from (state[field] for field in ("Next", "Default") if field in state)
    for field in ("Choices", "Catch"):
        yield from (one["Next"] for one in state.get(field, ()))
