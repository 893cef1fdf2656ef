from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from chalicelib.campaigns.adapters.connect_carrier import ConnectCarrier
from chalicelib.campaigns.domain.contact import Disposition
from chalicelib.campaigns.errors import CarrierBusyError, NumberRefusedError
from chalicelib.campaigns.ports.calls import Call
from chalicelib.core import aws
from chalicelib.core.errors import TransientError

CALL = Call("spring:c1:1", "+12125550001", "+12125550100", "audio/spring.wav", {"attemptKey": "spring:c1:1"})
CARRIER = ConnectCarrier("instance", "flow")
ENDED_AT = datetime(2026, 6, 1, 16, 0, 30, tzinfo=UTC)


@pytest.fixture
def connect() -> Iterator[Stubber]:
    """Checks each request against the service's model and answers from a list."""
    aws.client.cache_clear()
    with Stubber(aws.client("connect")) as stubber:
        yield stubber
    aws.client.cache_clear()


def test_the_attempt_key_is_the_client_token(connect: Stubber) -> None:
    connect.add_response(
        "start_outbound_voice_contact",
        {"ContactId": "k1"},
        {
            "InstanceId": "instance",
            "ContactFlowId": "flow",
            "DestinationPhoneNumber": "+12125550001",
            "SourcePhoneNumber": "+12125550100",
            "ClientToken": "spring:c1:1",
            "Attributes": {"attemptKey": "spring:c1:1", "audio": "audio/spring.wav"},
        },
    )
    assert CARRIER.place(CALL) == "k1"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("LimitExceededException", CarrierBusyError),
        ("DestinationNotAllowedException", NumberRefusedError),
        ("InternalServiceException", TransientError),
        ("InvalidParameterException", TransientError),
    ],
)
def test_refusals_have_names(connect: Stubber, code: str, error: type[Exception]) -> None:
    connect.add_client_error("start_outbound_voice_contact", code)
    with pytest.raises(error):
        CARRIER.place(CALL)


@pytest.mark.parametrize(
    ("contact", "attributes", "disposition"),
    [
        ({"AnsweringMachineDetectionStatus": "HUMAN_ANSWERED"}, {}, Disposition.ANSWERED),
        ({"AnsweringMachineDetectionStatus": "VOICEMAIL_BEEP"}, {}, Disposition.VOICEMAIL),
        ({"AnsweringMachineDetectionStatus": "SIT_TONE_BUSY"}, {}, Disposition.BUSY),
        ({}, {}, Disposition.NO_ANSWER),
        ({"ConnectedToSystemTimestamp": ENDED_AT - timedelta(seconds=20)}, {}, Disposition.ANSWERED),
        ({}, {"optedOut": "true"}, Disposition.OPTED_OUT),
        ({}, {"disposition": "abandoned"}, Disposition.ABANDONED),
    ],
)
def test_what_connect_knows_makes_the_disposition(
    connect: Stubber, contact: dict[str, Any], attributes: dict[str, str], disposition: Disposition
) -> None:
    connect.add_response("describe_contact", {"Contact": {"DisconnectTimestamp": ENDED_AT, **contact}})
    connect.add_response("get_contact_attributes", {"Attributes": {"attemptKey": "spring:c1:1", **attributes}})
    outcome = CARRIER.ended({"eventType": "DISCONNECTED", "contactId": "k1"})
    assert outcome is not None
    assert (outcome.attempt_key, outcome.disposition, outcome.ended_at) == ("spring:c1:1", disposition, ENDED_AT)


def test_no_outcome_while_it_runs_when_it_is_unknown_or_of_somebody_else(connect: Stubber) -> None:
    connect.add_response("describe_contact", {"Contact": {}})
    assert CARRIER.outcome("k1") is None
    connect.add_client_error("describe_contact", "ResourceNotFoundException")
    assert CARRIER.outcome("k1") is None
    connect.add_response("describe_contact", {"Contact": {"DisconnectTimestamp": ENDED_AT}})
    connect.add_response("get_contact_attributes", {"Attributes": {}})
    assert CARRIER.outcome("k1") is None
    assert CARRIER.ended({"eventType": "INITIATED", "contactId": "k1"}) is None


@pytest.mark.parametrize("question", ["describe_contact", "get_contact_attributes"])
def test_a_question_refused_for_its_rate_is_a_passing_trouble(connect: Stubber, question: str) -> None:
    if question == "get_contact_attributes":
        connect.add_response("describe_contact", {"Contact": {"DisconnectTimestamp": ENDED_AT}})
    connect.add_client_error(question, "ThrottlingException")
    with pytest.raises(TransientError, match="k1"):
        CARRIER.outcome("k1")
