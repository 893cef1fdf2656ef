"""Every door on the adapters it really uses, AWS in process and a carrier on a socket."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.campaigns import handlers, wiring
from chalicelib.campaigns.domain.campaign import CampaignStatus
from chalicelib.campaigns.domain.contact import ContactStatus
from chalicelib.campaigns.errors import CampaignNotFoundError
from chalicelib.campaigns.ports.stores import Arrival
from chalicelib.core import aws, clock
from tests.fakes.campaigns.samples import ALWAYS, MONDAY_NOON, campaign, contact
from tests.fakes.tables import make_tables
from tests.unit.campaigns.adapters.test_http_carrier import ENDED, Handler, Server

TABLES = {"CampaignsTable": "campaigns", "ContactsTable": "contacts", "SuppressionsTable": "suppressions"}
ARN = "arn:aws:states:us-east-1:123456789012:execution:campaign-execution:spring-1"
RUN = {
    "campaignId": "spring",
    "generation": 1,
    "executionArn": ARN,
    "startedAt": "2026-06-01T16:00:00.000Z",
    "retryCount": 0,
}
CONTEXT = SimpleNamespace(aws_request_id="r1", get_remaining_time_in_millis=lambda: 900_000)


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The desk's tables, queue and buckets, one draft with three contacts, and a carrier."""
    with ExitStack() as stack:
        aws.client.cache_clear()
        stack.callback(aws.client.cache_clear)
        stack.callback(clock.use, clock.use(clock.FixedClock(MONDAY_NOON)))
        stack.enter_context(mock_aws())
        server = stack.enter_context(Server(("127.0.0.1", 0), Handler))
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        stack.callback(server.shutdown)
        make_tables("campaigns", TABLES)
        for bucket in ("assets", "reports"):
            aws.client("s3").create_bucket(Bucket=bucket)
        aws.client("s3").put_object(Bucket="assets", Key="audio/spring.wav", Body=b"RIFF", ContentType="audio/wav")
        settings = {
            "CAMPAIGNS_TABLE": "campaigns",
            "CONTACTS_TABLE": "contacts",
            "SUPPRESSIONS_TABLE": "suppressions",
            "DIAL_QUEUE_URL": aws.client("sqs").create_queue(QueueName="dial-tasks")["QueueUrl"],
            "ASSETS_BUCKET": "assets",
            "REPORTS_BUCKET": "reports",
            "CARRIER": "http",
            "CARRIER_URL": f"http://127.0.0.1:{server.server_port}",
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        draft = campaign(status=CampaignStatus.DRAFT, generation=0, active_execution=None, windows=(ALWAYS,))
        wiring.campaigns().create(draft)
        wiring.contact_intake().add("spring", "u", [Arrival(n + 2, contact(n)) for n in range(3)])
        yield server


def dial_messages() -> list[dict[str, Any]]:
    queue = os.environ["DIAL_QUEUE_URL"]
    received = aws.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [{"messageId": m["MessageId"], "body": m["Body"], "receiptHandle": "r"} for m in received]


def event_of(source: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "0", "id": "e1", "source": source, "detail-type": "-", "account": "", "region": "", "time": "",
        "resources": [], "detail": detail,
    }  # fmt: skip


def test_the_way_of_one_campaign_through_all_its_doors(desk: Server) -> None:
    run_input = {"campaignId": "spring", "executionSource": "manual"}
    state = handlers.validate_campaign({"input": run_input, "executionArn": ARN}, CONTEXT)
    assert state["valid"], state["errors"]
    assert state["generation"] == 1

    wave = handlers.dispatcher(RUN, CONTEXT)
    assert wave["contactCount"] == 3
    assert wiring.campaigns().get("spring").status is CampaignStatus.ACTIVE

    desk.answer = 200, {"callId": "k1", "status": "running"}
    assert handlers.dialer({"Records": dial_messages()}, CONTEXT) == {"batchItemFailures": []}
    calling = wiring.contacts().get_many("spring", [contact(n).id for n in range(3)])
    assert {(c.status, c.call_id) for c in calling.values()} == {(ContactStatus.CALLING, "k1")}

    for n in range(3):
        detail = ENDED | {"idempotencyKey": f"spring:{contact(n).id}:1", "disposition": "answered"}
        assert handlers.on_call_ended(event_of("signalbox.carrier", detail), CONTEXT) == {"settled": True}
        assert handlers.on_call_ended(event_of("signalbox.carrier", detail), CONTEXT) == {"settled": False}

    look = RUN | {"statusResult": state["statusResult"], "dispatchResult": wave}
    result = handlers.status_checker(look, CONTEXT)
    assert (result["status"], result["completedContacts"]) == ("completed", 3)
    assert wiring.campaigns().get("spring").status is CampaignStatus.COMPLETED


def test_an_unknown_campaign_is_a_problem_of_the_input() -> None:
    run_input = {"campaignId": "gone", "executionSource": "manual"}
    state = handlers.validate_campaign({"input": run_input, "executionArn": ARN}, CONTEXT)
    assert not state["valid"]
    assert [error["code"] for error in state["errors"]] == ["campaign_not_found"]
    with pytest.raises(CampaignNotFoundError):
        handlers.dispatcher(RUN | {"campaignId": "gone"}, CONTEXT)


def test_the_carriers_refusals_come_back_as_messages(desk: Server) -> None:
    handlers.validate_campaign({"input": {"campaignId": "spring"}, "executionArn": ARN}, CONTEXT)
    handlers.dispatcher(RUN, CONTEXT)
    desk.answer = 429, {}
    messages = dial_messages()
    failed = handlers.dialer({"Records": messages}, CONTEXT)["batchItemFailures"]
    assert [f["itemIdentifier"] for f in failed] == [m["messageId"] for m in messages]


def test_a_run_that_was_aborted_marks_its_campaign() -> None:
    handlers.validate_campaign({"input": {"campaignId": "spring"}, "executionArn": ARN}, CONTEXT)
    detail = {"status": "ABORTED", "executionArn": ARN, "input": json.dumps({"campaignId": "spring"})}
    assert handlers.on_run_ended(event_of("aws.states", detail), CONTEXT) == {"failed": True}
    assert wiring.campaigns().get("spring").status is CampaignStatus.FAILED
