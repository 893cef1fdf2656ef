"""A run written down as a test: what each task answered goes to a MockConfigFile.json, what came of it to pytest.

The mock file is AWS's own format, so Step Functions Local and the interpreter here both read it. Calls are counted
over all visits of a state, as that format wants it.
https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
"""

from __future__ import annotations

import json
import pprint
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.workflows.domain.dataflow import task_answers
from chalicelib.workflows.domain.visit import Event, Visit

_TEST = '''"""{workflow}, as it went on {day}: kept from the run {run}, with what each task answered then."""

from __future__ import annotations

import json
from pathlib import Path

from localcloud.stepfunctions import Integrations, VirtualTimeline
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.mockconfig import MockConfig, MockedIntegrations

HERE = Path(__file__).resolve()
HOME = next(folder for folder in HERE.parents if (folder / "statemachines").is_dir())
STARTED_AT = {started}
INPUT = {input}
PATH = {path}


def test_{function}() -> None:
    config = MockConfig.read(HERE.parent / "{mocks}")
    mocked: list[MockedIntegrations] = []

    def mocks(inner: Integrations) -> MockedIntegrations:
        mocked.append(MockedIntegrations(inner, config, lambda: engine))
        return mocked[0]

    line = VirtualTimeline(start=STARTED_AT)
    engine = Engine(line, Integrations(), faults=mocks)
    definition = (HOME / "statemachines" / "{workflow}.asl.json").read_text()
    machine = engine.create_state_machine("{workflow}", definition, role_arn="")
    mocked[0].begin("{workflow}", "kept", "{case}")
    execution = engine.start_execution(machine.arn, json.dumps(INPUT), "kept")
    line.run_until_idle()
    assert (execution.status, execution.error) == ({status!r}, {error!r}), execution.cause
    assert [visit.state for visit in execution.dataflow if not visit.path] == PATH
'''


def saved_test(
    workflow: str,
    run: str,
    *,
    started_at: datetime,
    run_input: Any,
    status: str,
    error: str | None,
    visits: Sequence[Visit],
    events: Mapping[int, Event],
) -> list[tuple[str, str]]:
    """Return (name, content) of the two files; ``events`` are the run's, with data, by id.

    Both lie beside each other in any folder of the project's tests.
    """
    function = re.sub(r"\W+", "_", f"{workflow}_{run}").strip("_").lower()
    mocks = f"MockConfigFile_{function}.json"
    content = _TEST.format(
        workflow=workflow,
        run=run,
        day=started_at.date().isoformat(),
        started=started_at.timestamp(),
        input=_literal(run_input),
        path=_literal([visit.state for visit in visits if visit.parent is None]),
        function=function,
        mocks=mocks,
        case="AsItWent",
        status=status,
        error=error,
    )
    config = json.dumps(_mock_config(workflow, visits, events), indent=2) + "\n"
    return [(f"test_{function}.py", content), (mocks, config)]


def _mock_config(workflow: str, visits: Sequence[Visit], events: Mapping[int, Event]) -> dict[str, Any]:
    responses: dict[str, dict[str, Any]] = {}
    for state, answer in task_answers(visits, events):
        calls = responses.setdefault(f"{state}AsItWent", {})
        calls[str(len(calls))] = answer
    cases = {name.removesuffix("AsItWent"): name for name in responses}
    return {
        "StateMachines": {workflow: {"TestCases": {"AsItWent": cases}}},
        "MockedResponses": responses,
    }


def _literal(value: Any) -> str:
    """Return a value as Python writes it, within the width of a line."""
    return pprint.pformat(value, width=105, sort_dicts=False)
