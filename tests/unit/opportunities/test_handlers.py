"""Every door on the adapters it really uses: S3, DynamoDB and Glue in process, Athena by the laptop's stand-in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.core import aws
from chalicelib.core.errors import InvalidInputError
from chalicelib.core.slack import CommandCall, Person
from chalicelib.opportunities import handlers, slack, wiring
from chalicelib.opportunities.errors import AnalysisNotFoundError, UnsafeQueryError
from infrastructure.room_file import read_room_file
from localcloud.cloud import LocalCloud
from localcloud.demos.sales_history import sales_history
from localcloud.stepfunctions import VirtualTimeline
from localcloud.template import load_template
from tests.fakes.opportunities.simulation import DETAILS
from tests.unit.opportunities.warehouse import ROOT

CONTEXT = SimpleNamespace(aws_request_id="r1")
ASKED = {"opportunityDetails": DETAILS, "analysisOptions": {}}
PERSON = Person("U1", "Ana", frozenset({"operator"}))


@pytest.fixture(scope="module")
def cloud(boot_folder: Callable[[], Path]) -> Iterator[LocalCloud]:
    """The template's own resources of this room with a sales history."""
    aws.client.cache_clear()
    template = of_room(load_template(ROOT, "local", boot_folder()))
    with LocalCloud(template, ROOT, timeline=VirtualTimeline(1_772_445_600.0), stack="signalbox-local") as opened:
        for key, body in sales_history(400).files().items():
            opened.client("s3").put_object(Bucket=f"signalbox-local-sales-{opened.account_id}", Key=key, Body=body)
        yield opened
    aws.client.cache_clear()


def of_room(template: dict[str, Any]) -> dict[str, Any]:
    """Return a template with this room's resources and functions alone, and what its machines tell Slack by."""
    own = set(read_room_file(ROOT / "infrastructure" / "opportunities.yaml", ROOT).sections["Resources"])
    functions = {
        name
        for name, one in template["Resources"].items()
        if "chalicelib.opportunities." in str(one.get("Properties", {}).get("Handler"))
    }
    own |= functions | {f"{name}Role" for name in functions} | {"SlackBot", "SlackBotRole"}
    own |= {name for name, one in template["Resources"].items() if one["Type"] == "AWS::Lambda::LayerVersion"}
    kept = {name: one for name, one in template["Resources"].items() if name in own}
    kept["SlackBotRole"]["Properties"].pop("Policies")  # they name every room's resources, as settings do locally
    others = re.compile(rf"\b({'|'.join(template['Resources'].keys() - own)})\b")
    for name in functions | {"SlackBot"}:
        settings = kept[name]["Properties"]["Environment"]["Variables"]
        kept[name]["Properties"]["Environment"]["Variables"] = {
            key: value for key, value in settings.items() if not others.search(json.dumps(value))
        }
    return template | {"Resources": kept, "Outputs": {}}


@pytest.fixture
def here(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> LocalCloud:
    function = next(one for one in cloud.functions if one.logical_id == "OpportunityAnalysis")
    for name, value in function.environment.items():
        monkeypatch.setenv(name, value)
    aws.client.cache_clear()
    return cloud


def test_the_way_of_one_analysis_through_all_its_doors(here: LocalCloud) -> None:
    for kind, door in (
        ("opportunity", handlers.opportunity_analysis),
        ("funding", handlers.funding_analysis),
        ("followOn", handlers.follow_on_analysis),
    ):
        begun = {"input": ASKED, "name": "n1", "kind": kind, "executionArn": "arn"}
        analysis = handlers.clear_previous_results(begun, CONTEXT)
        query = handlers.query_generation({"analysis": analysis, "model": "standard"}, CONTEXT)
        data = handlers.data_retrieval({"analysis": analysis, "query": query, "retryCount": 0}, CONTEXT)
        assert data["rowCount"] > 10
        result = door({"analysis": analysis, "data": data, "model": "nova-premier"}, CONTEXT)
        parts = {"analysis": analysis, "query": query, "data": data, "result": result}
        output = handlers.format_results(parts, CONTEXT)
        assert output["validation"]["problems"] == []
        assert handlers.format_results(parts, CONTEXT)["result"] == output["result"]
        stored = wiring.analyses().get(analysis["opportunityId"], kind)
        assert stored is not None
        assert stored["result"] == json.loads(json.dumps(result))


def test_clearing_leaves_others_and_itself(here: LocalCloud) -> None:
    own = handlers.clear_previous_results({"input": ASKED, "name": "a", "kind": "opportunity"}, CONTEXT)
    query = handlers.query_generation({"analysis": own, "model": "standard"}, CONTEXT)
    data = handlers.data_retrieval({"analysis": own, "query": query, "retryCount": 0}, CONTEXT)
    handlers.clear_previous_results({"input": ASKED, "name": "a", "kind": "opportunity"}, CONTEXT)
    handlers.clear_previous_results({"input": ASKED, "name": "b", "kind": "funding"}, CONTEXT)
    assert len(wiring.rows().get(data["rowsKey"])) == data["rowCount"]
    handlers.clear_previous_results({"input": ASKED, "name": "b", "kind": "opportunity"}, CONTEXT)
    with pytest.raises(AnalysisNotFoundError):
        wiring.rows().get(data["rowsKey"])


def test_every_problem_of_an_input_is_named(here: LocalCloud) -> None:
    details = {"CustomerName": " ", "oppName": "x" * 300, "closeDate": "soon", "amount": -1}
    asked = {"opportunityDetails": details, "analysisOptions": {"useNovaPremier": "yes"}}
    with pytest.raises(InvalidInputError) as refused:
        handlers.clear_previous_results({"input": asked, "name": "a", "kind": "opportunity"}, CONTEXT)
    assert {problem.path.rsplit(".", 1)[-1] for problem in refused.value.problems} == {
        "CustomerName", "oppName", "closeDate", "amount", "useNovaPremier",
    }  # fmt: skip


def test_sql_that_was_changed_on_the_way_does_not_run(here: LocalCloud) -> None:
    analysis = handlers.clear_previous_results({"input": ASKED, "name": "a", "kind": "opportunity"}, CONTEXT)
    query = {"sql": "SELECT * FROM information_schema.tables", "parameters": {}}
    with pytest.raises(UnsafeQueryError):
        handlers.data_retrieval({"analysis": analysis, "query": query, "retryCount": 0}, CONTEXT)


def command(*words: str) -> str:
    reply = slack.command(CommandCall(PERSON, "C1", words, "trigger-1"))
    assert reply.message is not None
    return reply.message.text


def test_slack_starts_and_shows_an_analysis(here: LocalCloud) -> None:
    begun = command(
        "analyze", "Example <Corp>", "Cloud Migration", "2026-12-31", "us-east-1", "premier", "funding"
    )
    assert "&lt;Corp&gt;" in begun
    analysis_id = begun.rpartition("status ")[2].strip("`")
    assert (
        command("analyze", "Example <Corp>", "Cloud Migration", "2026-12-31", "us-east-1", "premier", "funding")
        == begun
    )
    assert "RUNNING" in command("status", analysis_id)
    assert isinstance(here.timeline, VirtualTimeline)
    here.timeline.skip(60)
    assert "base rate" in command("status", analysis_id)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "/opportunity analyze"),
        (("status", "opportunity-analysis:none"), "no analysis"),
        (("status", "nonsense"), "no id of an analysis"),
        (("analyze", "A", "B", "tomorrow"), "closeDate"),
        (("analyze", "A", "B", "2026-12-31", "x", "y"), "is none of"),
    ],
)
def test_slack_says_what_is_wrong(here: LocalCloud, words: tuple[str, ...], said: str) -> None:
    assert said in command(*words)
