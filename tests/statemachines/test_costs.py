"""Billed transitions of real histories, never more than the workflows were planned with on the same path."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from localcloud.costs import transitions
from localcloud.stepfunctions import Execution
from tests.statemachines import test_business_workflow as business
from tests.statemachines import test_campaign_execution as campaigns
from tests.statemachines import test_daily_analysis as mornings
from tests.statemachines import test_emergency_workflow as emergencies
from tests.statemachines import test_opportunity_analyses as opportunities
from tests.statemachines import test_sme_matching as matching

ROOT = Path(__file__).resolve().parents[2]
PLANNED = {
    "sme-matching": "8-10",
    "campaign-execution": "10-15",
    "emergency-workflow": "8",
    "business-workflow": "12",
}
"""What the workflows were planned with; the others have no figure of the kind."""


def billed(execution: Execution, until: str | None = None) -> int:
    """Return the transitions of a run, or of its part that ends with leaving the state ``until``."""
    counts: Counter[str] = Counter()
    for event in execution.history.events:
        counts[event.type] += 1
        if until and event.render().get("stateExitedEventDetails", {}).get("name") == until:
            break
    return transitions(counts)


@pytest.mark.parametrize(("scenario", "planned"), [(0, 8), (1, 10)], ids=["embedding exists", "embedding is made"])
def test_a_match_costs_eight_to_ten(scenario: int, planned: int) -> None:
    _, execution = matching.run(matching.SCENARIOS[scenario])
    assert execution.status == "SUCCEEDED"
    assert billed(execution) <= planned


def test_a_campaign_with_one_look_costs_ten() -> None:
    _, execution = campaigns.run(campaigns.SCENARIOS[0])
    assert execution.status == "SUCCEEDED"
    assert billed(execution) <= 10


def test_an_emergency_costs_eight_until_its_completion_is_logged() -> None:
    _, execution = emergencies.run(emergencies.SCENARIOS[0])
    assert billed(execution, until="LogCompletion") <= 8


@pytest.mark.parametrize(
    "scenario", [one for one in business.SCENARIOS if one.error is None], ids=lambda one: one.name
)
def test_a_contract_costs_twelve_at_most_without_retries(scenario: business.Scenario) -> None:
    assert len(scenario.path) <= 12
    if scenario.name in ("small", "large, approved"):
        _, execution = business.run(scenario)
        assert billed(execution) <= (12 if "large" in scenario.name else 9)


def test_a_morning_costs_fifteen_and_an_analysis_seven_to_nine() -> None:
    assert len(mornings.WHOLE) == 15
    whole = {(one.machine, len(one.path)) for one in opportunities.SCENARIOS if one.error is None}
    asked_in_slack = ("opportunity-analysis", 9)  # who asked there is told there
    assert whole == {
        ("opportunity-analysis", 8),
        asked_in_slack,
        ("funding-analysis", 7),
        ("follow-on-analysis", 7),
    }


def test_the_document_compares_every_machine_with_its_plan() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|(.*)\|$", (ROOT / "docs" / "costs.md").read_text(), re.M)
    measured = {name: cells.split("|")[-1].strip() for name, cells in rows if cells.count("|") == 5}
    assert measured.keys() == {path.name.removesuffix(".asl.json") for path in (ROOT / "statemachines").iterdir()}
    assert {name: planned for name, planned in measured.items() if planned} == PLANNED
