from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.core.clock import FixedClock
from chalicelib.tickets.domain.record import Standing
from chalicelib.tickets.service import closing
from tests.fakes.tickets.samples import MONDAY_NOON, record
from tests.fakes.tickets.stores import FakeSmeDirectory, FakeTicketStore

ARN = "arn:aws:states:us-east-1:123456789012:execution:sme-matching:run-1"
THROWN = json.dumps({"errorMessage": "the engine left no result; mail ana@example.com", "errorType": "X"})
WORDLESS = json.dumps({"errorMessage": "", "errorType": "KeyError", "stackTrace": ["  File x.py, line 1"]})


@pytest.fixture
def store() -> FakeTicketStore:
    made = FakeTicketStore(FakeSmeDirectory())
    made.save(record())
    return made


def ended(store: FakeTicketStore, status: str, **more: Any) -> str:
    detail = {"input": json.dumps({"ticket_id": "12345"}), "executionArn": ARN, "status": status} | more
    return closing.run_ended(detail, store, FixedClock(MONDAY_NOON))


@pytest.mark.parametrize(
    ("status", "more", "problem"),
    [
        (
            "FAILED",
            {"error": "RAGPipelineFailed", "cause": json.dumps({"Error": "X", "Cause": THROWN})},
            "RAGPipelineFailed: the engine left no result; mail [e-mail]",
        ),
        (
            "FAILED",
            {"error": "RAGPipelineFailed", "cause": json.dumps({"Error": "KeyError", "Cause": WORDLESS})},
            "RAGPipelineFailed: KeyError",
        ),
        ("FAILED", {"error": "Boom", "cause": WORDLESS}, "Boom: KeyError"),
        ("FAILED", {"error": "States.Runtime", "cause": "no path"}, "States.Runtime: no path"),
        ("ABORTED", {"cause": "a duplicate"}, "ABORTED: a duplicate"),
        ("TIMED_OUT", {}, "TIMED_OUT: no cause was given"),
        (
            "FAILED",
            {"cause": json.dumps({"Error": "Boom", "Cause": ""})},
            "FAILED: Boom",
        ),
    ],
)
def test_how_it_failed_is_kept(store: FakeTicketStore, status: str, more: dict[str, Any], problem: str) -> None:
    assert ended(store, status, **more) == "12345"
    kept = store.records["12345"]
    assert (kept.standing, kept.problem) == (Standing.FAILED, problem)


def test_a_post_is_kept(store: FakeTicketStore) -> None:
    output = {
        "slack_result": {"message_ts": "1.5", "channel": "C0"},
        "match": {"recommendation_id": "run-1"},
    }
    ended(store, "SUCCEEDED", output=json.dumps(output))
    kept = store.records["12345"]
    assert (kept.standing, kept.channel, kept.message_ts) == (Standing.POSTED, "C0", "1.5")


def test_an_end_without_a_post_was_declined(store: FakeTicketStore) -> None:
    ended(store, "SUCCEEDED", output="{}")
    assert store.records["12345"].standing is Standing.DECLINED


@pytest.mark.parametrize("change", [{"execution_arn": "arn:later"}, {"standing": Standing.SOLVED}])
def test_what_ended_late_changes_nothing(change: dict[str, Any]) -> None:
    late = FakeTicketStore(FakeSmeDirectory())
    late.save(record(**change))
    before = late.records["12345"]
    ended(late, "FAILED", cause="x")
    assert late.records["12345"] == before


@pytest.mark.parametrize("run_input", ["no json", "[]", "{}", None, '{"ticket_id": "404"}'])
def test_an_execution_of_no_known_ticket(store: FakeTicketStore, run_input: str | None) -> None:
    before = dict(store.records)
    assert ended(store, "FAILED", input=run_input) == ""
    assert store.records == before
