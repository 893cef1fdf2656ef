"""The three machines on the virtual clock: the real definitions, the real services, the world in memory.

simulation = AnalysisSimulation()
run = simulation.start("opportunity-analysis")
path(run)     ["ClearPreviousResults", "GenerateQuery", ...]
"""

from __future__ import annotations

import functools
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from chalicelib.core.clock import Clock, FixedClock
from chalicelib.opportunities.adapters.data_files import catalogue, funding_programmes
from chalicelib.opportunities.adapters.sqlglot_guard import SqlglotGuard
from chalicelib.opportunities.service import (
    analyzing,
    beginning,
    finishing,
    following,
    funding,
    generating,
    retrieving,
)
from chalicelib.opportunities.service.requests import analysis_of
from localcloud.demos.sales_history import sales_history
from localcloud.stepfunctions import Engine, Execution, Integrations, TaskCall, VirtualTimeline
from localcloud.stepfunctions.faults import Faults, FaultyIntegrations
from tests.fakes.machine import function_of, invoked
from tests.fakes.opportunities.stores import FakeAnalysisStore, FakeRowStore
from tests.fakes.opportunities.world import ScriptedEngine, ScriptedModel, joined

FOLDER = Path(__file__).resolve().parents[3] / "statemachines"
MACHINES = ("opportunity-analysis", "funding-analysis", "follow-on-analysis")
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DETAILS = {
    "CustomerName": "Example Corp",
    "region": "us-east-1",
    "closeDate": "2026-12-31",
    "oppName": "Cloud Migration",
    "oppDescription": "Migrate legacy systems to AWS",
}
_PLACEHOLDERS = {"FundingAnalysisMachineArn": MACHINES[1], "FollowOnAnalysisMachineArn": MACHINES[2]}


@functools.cache
def rows() -> tuple[dict[str, Any], ...]:
    """Return a history's closed opportunities, the latest first; too few to learn from, so that runs are quick."""
    return tuple(joined(sales_history(190, last_day=date(2026, 2, 28))))


class AnalysisSimulation(Integrations):
    """See the module's docstring."""

    def __init__(self) -> None:
        self.timeline = VirtualTimeline(NOW.timestamp())
        self.clock: Clock = FixedClock(NOW)
        self.model, self.engine_of_queries = ScriptedModel(), ScriptedEngine(list(rows()))
        self.analyses, self.rows = FakeAnalysisStore(), FakeRowStore()
        self.guard = SqlglotGuard(catalogue(), last_year=NOW.year)
        self.faults = Faults()
        self.calls: list[TaskCall] = []
        self.told: list[dict[str, Any]] = []
        """What was said in Slack."""
        self.engine = Engine(
            self.timeline, self, faults=lambda inner: FaultyIntegrations(inner, self.faults, lambda: self.engine)
        )
        for name in MACHINES[::-1]:
            text = (FOLDER / f"{name}.asl.json").read_text()
            for placeholder, machine in _PLACEHOLDERS.items():
                arn = f"arn:aws:states:us-east-1:123456789012:stateMachine:{machine}"
                text = text.replace(f"${{{placeholder}}}", arn)
            self.engine.create_state_machine(name, text, role_arn="arn:aws:iam::123456789012:role/opportunities")

    def start(self, machine: str = MACHINES[0], *, name: str = "run-1", **options: Any) -> Execution:
        """Run a machine to its end; ``details`` among the options takes the place of `DETAILS`, and with
        ``slack_channel`` it was asked in Slack."""
        channel = options.pop("slack_channel", None)
        run_input = {"opportunityDetails": options.pop("details", DETAILS), "analysisOptions": options}
        run_input |= {"slackChannel": channel} if channel else {}
        arn = f"arn:aws:states:us-east-1:123456789012:stateMachine:{machine}"
        execution = self.engine.start_execution(arn, json.dumps(run_input), name)
        self.timeline.run_until_idle()
        return execution

    def call(self, call: TaskCall) -> Any:
        self.calls.append(call)
        return invoked(call, lambda event: self._work(function_of(call), event))

    def _work(self, name: str, event: dict[str, Any]) -> dict[str, Any]:
        if name == "ClearPreviousResults":
            return beginning.begin(event["kind"], event["name"], event["input"], self.analyses, self.rows)
        if name == "SlackBot":
            self.told.append(event)
            return {"channel": event["data"]["channel"], "message_ts": "1.0"}
        analysis = analysis_of(event["analysis"])
        if name == "QueryGeneration":
            return generating.generate(analysis, self.model, self.guard, catalogue())
        if name == "DataRetrieval":
            retry = event["retryCount"]
            return retrieving.retrieve(
                analysis, event["query"], retry, self.guard, catalogue(), self.engine_of_queries, self.rows
            )
        if name == "FormatResults":
            parts = event["query"], event["data"], event["result"]
            return finishing.finish(analysis, *parts, self.analyses, self.rows, self.clock)
        found = self.rows.get(event["data"]["rowsKey"])
        if name == "OpportunityAnalysis":
            return analyzing.analyze(analysis, found, self.model, catalogue(), self.clock)
        if name == "FundingAnalysis":
            return funding.find_funding(analysis, found, self.model, funding_programmes(), self.clock)
        assert name == "FollowOnAnalysis", name
        return following.find_follow_on(analysis, found, self.model, self.guard)
