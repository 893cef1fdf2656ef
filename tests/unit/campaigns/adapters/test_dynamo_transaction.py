"""What botocore leaves to the caller is retried; the wire is stubbed below the real client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSRequest, AWSResponse

from chalicelib.campaigns.adapters.dynamo_transaction import transact
from chalicelib.core import aws, dynamo
from chalicelib.core.dynamo import Item, read_all
from chalicelib.core.errors import TransientError


class Raw:
    def __init__(self, body: Any) -> None:
        self._body = json.dumps(body).encode()

    def stream(self, **_: Any) -> list[bytes]:
        return [self._body]


class Wire:
    """Answers one request after the other from a list."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.requests: list[Any] = []

    def __call__(self, request: AWSRequest, **_: Any) -> AWSResponse:
        self.requests.append(json.loads(request.body))
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return AWSResponse(request.url, status, {}, Raw(body))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    monkeypatch.setattr(dynamo, "FIRST_PAUSE_SECONDS", 0.0)
    aws.client.cache_clear()
    wire = Wire()
    dynamo.dynamodb().meta.events.register("before-send.dynamodb", wire)
    yield wire
    aws.client.cache_clear()


def cancelled(*codes: str) -> tuple[int, Any]:
    return 400, {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "Transaction cancelled",
        "CancellationReasons": [{"Code": code} for code in codes],
    }


def parts(*names: str) -> list[Item]:
    return [{"Put": {"TableName": "t", "Item": {"pk": {"S": name}}}} for name in names]


def never(place: int, reason: Item) -> None:
    raise AssertionError(f"dropped {place}: {reason}")


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_met_another_is_written_again(wire: Wire, code: str) -> None:
    wire.answers = [cancelled("None", code), cancelled(code, "None"), (200, {})]
    assert transact(lambda: parts("a", "b"), never)
    assert len(wire.requests) == 3


def test_parts_whose_condition_failed_are_left_out(wire: Wire) -> None:
    wire.answers = [cancelled("ConditionalCheckFailed", "None", "ConditionalCheckFailed"), (200, {})]
    left = ["a", "b", "c"]
    assert transact(lambda: parts(*left), lambda place, _: left.__delitem__(place))
    assert left == ["b"]
    assert len(wire.requests[1]["TransactItems"]) == 1


def test_nothing_is_written_when_no_part_is_left(wire: Wire) -> None:
    wire.answers = [cancelled("ConditionalCheckFailed")]
    left = ["a"]
    assert not transact(lambda: parts(*left), lambda place, _: left.__delitem__(place))
    assert len(wire.requests) == 1


def test_a_transaction_is_not_tried_for_ever(wire: Wire) -> None:
    wire.answers = [cancelled("TransactionConflict")]
    with pytest.raises(TransientError):
        transact(lambda: parts("a"), never)
    assert len(wire.requests) == dynamo.MOST_TRIES


def test_a_wrong_transaction_is_not_tried_again(wire: Wire) -> None:
    wire.answers = [cancelled("ValidationError")]
    with pytest.raises(Exception, match="Transaction cancelled"):
        transact(lambda: parts("a"), never)
    assert len(wire.requests) == 1


def test_keys_left_unprocessed_are_read_again(wire: Wire) -> None:
    one, two = {"pk": {"S": "1"}}, {"pk": {"S": "2"}}
    wire.answers = [
        (200, {"Responses": {"t": [one]}, "UnprocessedKeys": {"t": {"Keys": [two], "ConsistentRead": True}}}),
        (200, {"Responses": {"t": [two]}, "UnprocessedKeys": {}}),
    ]
    assert list(read_all("t", [one, two])) == [one, two]


def test_a_throttled_request_is_retried_by_botocore(wire: Wire) -> None:
    throttled = {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow down"}
    wire.answers = [(400, throttled), (200, {"Responses": {"t": []}, "UnprocessedKeys": {}})]
    assert list(read_all("t", [{"pk": {"S": "1"}}])) == []
    assert len(wire.requests) == 2
