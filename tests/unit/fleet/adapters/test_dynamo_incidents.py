"""Incidents in DynamoDB, as the template makes the table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.core import aws
from chalicelib.fleet.adapters.dynamo_incidents import DynamoIncidentStore
from chalicelib.fleet.domain.incidents.timeline import Happening
from chalicelib.fleet.ports.incidents import Acknowledgement, ClaimResult, Notice
from chalicelib.fleet.service.incidents import chronicle, viewing
from tests.fakes.tables import make_tables

AT = datetime(2026, 6, 2, 3, 14, 15, tzinfo=UTC)
NOTICE = Notice("owner", "owner", "owner", AT.isoformat())
ANA = Acknowledgement("ana", AT.isoformat(), "api")


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoIncidentStore]:
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    aws.client.cache_clear()
    with mock_aws():
        make_tables("fleet", {"IncidentsTable": "incidents"})
        yield DynamoIncidentStore("incidents")
    aws.client.cache_clear()


def record(number: int, kind: str = "incident") -> None:
    """Write what the machine writes."""
    item = {
        "incident_id": f"INC-{number}", "part": "incident", "kind": kind, "status": "recorded",
        "recorded_at": f"2026-06-02T03:14:{number:02d}.000Z", "execution_arn": "arn",
        "event": '{"type": "hijack"}',
    }  # fmt: skip
    aws.client("dynamodb").put_item(TableName="incidents", Item={key: {"S": value} for key, value in item.items()})


def test_one_claim_is_taken(store: DynamoIncidentStore) -> None:
    assert store.claim("INC-1", NOTICE).result is ClaimResult.TAKEN
    assert store.claim("INC-1", NOTICE).result is ClaimResult.UNSETTLED
    store.sent("INC-1", "owner", "m-1", AT)
    again = store.claim("INC-1", NOTICE)
    assert again.result is ClaimResult.SENT
    assert again.notice is not None
    assert again.notice.message_id == "m-1"


def test_a_claim_given_back_can_be_taken(store: DynamoIncidentStore) -> None:
    store.claim("INC-1", NOTICE)
    store.release("INC-1", "owner")
    assert store.claim("INC-1", NOTICE).result is ClaimResult.TAKEN


def test_given_back_while_it_is_asked_for_it_is_taken(store: DynamoIncidentStore) -> None:
    store.claim("INC-1", NOTICE)
    events = aws.client("dynamodb", validate=False).meta.events

    def give_back(**_: Any) -> None:
        events.unregister("before-call.dynamodb.GetItem", give_back)
        store.release("INC-1", "owner")

    events.register("before-call.dynamodb.GetItem", give_back)
    assert store.claim("INC-1", NOTICE).result is ClaimResult.TAKEN
    assert store.claim("INC-1", NOTICE).result is ClaimResult.UNSETTLED


def test_a_claim_whose_answer_was_lost_is_still_taken(store: DynamoIncidentStore) -> None:
    events, answers = aws.client("dynamodb", validate=False).meta.events, []

    def send_again(response: Any, **_: Any) -> float | None:
        answers.append(response[0].status_code)
        return 0.0 if len(answers) == 1 else None

    events.register_first("needs-retry.dynamodb.UpdateItem", send_again)
    assert store.claim("INC-1", NOTICE).result is ClaimResult.TAKEN
    assert answers == [200, 400], "sent twice: taken, then refused"
    assert store.claim("INC-1", NOTICE).result is ClaimResult.UNSETTLED


def test_after_an_acknowledgement_nothing_is_claimed(store: DynamoIncidentStore) -> None:
    assert store.wait_for_acknowledgement("INC-1", "token") is None
    first = store.acknowledge("INC-1", ANA)
    assert (first.first, first.task_token) == (True, "token")
    second = store.acknowledge("INC-1", Acknowledgement("bob", "later", "slack"))
    assert (second.first, second.acknowledgement) == (False, ANA)
    assert store.claim("INC-1", NOTICE).result is ClaimResult.ACKNOWLEDGED
    assert store.wait_for_acknowledgement("INC-1", "another") == ANA


def test_only_what_was_sent_can_be_delivered(store: DynamoIncidentStore) -> None:
    assert store.delivered("INC-1", "owner", "ok", AT) is False
    store.claim("INC-1", NOTICE)
    assert store.delivered("INC-1", "owner", "ok", AT) is False
    store.sent("INC-1", "owner", "m-1", AT)
    assert store.delivered("INC-1", "owner", "ok", AT) is True
    assert store.delivered("INC-1", "owner", "again", AT) is True
    incident = store.load("INC-1")
    assert incident is not None
    assert incident.notices["owner"].receipt == "ok"


def test_a_timeline_is_written_read_and_verified(store: DynamoIncidentStore) -> None:
    assert store.load("INC-1") is None
    record(1)
    store.claim("INC-1", NOTICE)
    store.sent("INC-1", "owner", "m-1", AT)
    store.acknowledge("INC-1", ANA)
    chronicle.write("INC-1", [Happening(AT.isoformat(), "responded", "responded", {"failed": 0})], store)
    chronicle.write("INC-1", (), store)
    shown = viewing.exported_timeline("INC-1", store)
    assert {entry["kind"] for entry in shown["entries"]} == {"recorded", "sent", "acknowledged", "responded"}
    assert shown["verification"] == {"ok": True, "faults": []}


def test_who_was_slower_writes_nothing(store: DynamoIncidentStore) -> None:
    chronicle.write("INC-1", [Happening("1", "a", "a")], store)
    incident = store.load("INC-1")
    assert incident is not None
    chronicle.write("INC-1", [Happening("2", "b", "b")], store)
    chronicle.write("INC-1", [Happening("3", "c", "c")], store, incident)
    after = store.load("INC-1")
    assert after is not None
    assert [entry.key for entry in after.entries] == ["a", "b", "c"]
    assert viewing.verification(after)["ok"]


def test_more_entries_than_a_transaction_takes_are_written_in_their_order(store: DynamoIncidentStore) -> None:
    waiting = [Happening(f"2026-06-02T03:{n // 60:02d}:{n % 60:02d}", "sent", f"sent:{n}") for n in range(250)]
    chronicle.write("INC-1", reversed(waiting), store)
    chronicle.write("INC-1", waiting, store)
    incident = store.load("INC-1")
    assert incident is not None
    assert [entry.key for entry in incident.entries] == [one.key for one in waiting]
    assert viewing.verification(incident) == {"ok": True, "faults": []}


def test_a_changed_record_is_found(store: DynamoIncidentStore) -> None:
    record(1)
    chronicle.write("INC-1", (), store)
    aws.client("dynamodb").update_item(
        TableName="incidents",
        Key={"incident_id": {"S": "INC-1"}, "part": {"S": "incident"}},
        UpdateExpression="SET event = :event",
        ExpressionAttributeValues={":event": {"S": '{"type": "breakdown"}'}},
    )
    assert viewing.exported_timeline("INC-1", store)["verification"]["faults"] == [
        "the incident's record was changed"
    ]


def test_pages_are_the_latest_first_and_drills_apart(store: DynamoIncidentStore) -> None:
    for number in range(5):
        record(number)
    store.mark("INC-3", drill=True)
    store.mark("INC-4", needs_review=True, acknowledged=True)
    store.mark("INC-9", needs_review=True)
    assert store.load("INC-9") is None
    first = viewing.page(drills=False, limit=3, after=None, store=store)
    assert [one["incidentId"] for one in first["incidents"]] == ["INC-4", "INC-2", "INC-1"]
    assert first["incidents"][0]["status"] == "needs_review"
    rest = viewing.page(drills=False, limit=3, after=first["next"], store=store)
    assert [one["incidentId"] for one in rest["incidents"]] == ["INC-0"]
    drills = viewing.page(drills=True, limit=3, after=None, store=store)
    assert [one["incidentId"] for one in drills["incidents"]] == ["INC-3"]
