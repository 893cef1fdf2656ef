"""KMS, SSM, Step Functions, Scheduler, SQS, SNS: what is sent, and what their refusals become."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.stub import Stubber

from chalicelib.approvals.adapters.ssm_policy import parse_policy
from chalicelib.approvals.domain.approval import Moment
from chalicelib.approvals.errors import ApprovalTokenLostError, TaskClosedError, TokenUnknownError
from chalicelib.approvals.ports.room import Room
from chalicelib.core import aws
from chalicelib.core.errors import ConfigurationError, InvalidInputError, SignalboxError, TransientError
from tests.fakes.approvals.aws import POLICY_NAME
from tests.fakes.approvals.world import NOON

TOKEN = "AQCEAAAAKgAAAAMAAAAA" + "x/+=" * 500
assert len(TOKEN) == 2_020


class Raw(io.BytesIO):
    """A body as urllib3 hands it to botocore."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


class TestTokens:
    def test_a_token_comes_back(self, room: Room) -> None:
        sealed = room.safe.seal("one", TOKEN)
        assert TOKEN not in sealed
        assert room.safe.open("one", sealed) == TOKEN

    def test_it_is_bound_to_its_approval(self, room: Room) -> None:
        with pytest.raises(ApprovalTokenLostError):
            room.safe.open("another", room.safe.seal("one", TOKEN))

    @pytest.mark.parametrize("sealed", ["", "no base64!", "AAAA"])
    def test_what_is_no_sealed_token_is_lost(self, room: Room, sealed: str) -> None:
        with pytest.raises(ApprovalTokenLostError):
            room.safe.open("one", sealed)

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            ("ThrottlingException", TransientError),
            ("KMSInternalException", TransientError),
            ("DisabledException", TransientError),
            ("AccessDeniedException", TransientError),
            ("KMSInvalidStateException", ApprovalTokenLostError),
        ],
    )
    def test_a_busy_key_is_no_lost_token(self, room: Room, code: str, error: type[SignalboxError]) -> None:
        with Stubber(aws.client("kms")) as stub:
            stub.add_client_error("decrypt", code, f"something with {TOKEN}")
            with pytest.raises(error) as caught:
                room.safe.open("one", "AAAA")
        assert TOKEN not in str(caught.value)

    def test_a_token_that_cannot_be_sealed_is_lost(self, room: Room) -> None:
        with Stubber(aws.client("kms")) as stub:
            stub.add_client_error("encrypt", "ThrottlingException")
            with pytest.raises(ApprovalTokenLostError):
                room.safe.seal("one", TOKEN)


class TestMachines:
    @pytest.mark.parametrize(
        ("code", "error"),
        [
            ("TaskTimedOut", TaskClosedError),
            ("TaskDoesNotExist", TaskClosedError),
            ("InvalidToken", TokenUnknownError),
            ("ThrottlingException", TransientError),
        ],
    )
    def test_refusals(self, room: Room, code: str, error: type[SignalboxError]) -> None:
        with Stubber(aws.client("stepfunctions")) as stub:
            stub.add_client_error("send_task_success", code, f"something with {TOKEN}")
            with pytest.raises(error) as caught:
                room.machines.answer(TOKEN, {"decision": "approved"})
        assert TOKEN not in str(caught.value)

    def test_closed_when_botocore_sends_it_again_it_may_have_arrived(self, room: Room) -> None:
        """The approval must not be called too late: the sending after this one is counted as a second."""
        refusal = b'{"__type": "TaskTimedOut"}'
        answers = [AWSResponse("", 503, {}, Raw(b"{}")), AWSResponse("", 400, {}, Raw(refusal))]
        name = "before-send.sfn.SendTaskSuccess"
        events = aws.client("stepfunctions").meta.events
        events.register_first(name, lambda **_: answers.pop(0))
        with pytest.raises(TransientError, match="TaskTimedOut, after a sending that was not answered"):
            room.machines.answer(TOKEN, {"decision": "approved"})
        assert answers == []

    def test_the_answer_is_json(self, room: Room) -> None:
        with Stubber(aws.client("stepfunctions")) as stub:
            sent = {"taskToken": TOKEN, "output": '{"decision": "approved"}'}
            stub.add_response("send_task_success", {}, sent)
            room.machines.answer(TOKEN, {"decision": "approved"})


def test_a_moment_is_one_schedule_that_sends_one_message_and_goes(room: Room) -> None:
    room.clockwork.put("one", Moment.EXPIRY, NOON)
    room.clockwork.put("one", Moment.EXPIRY, NOON.replace(hour=13))
    scheduler = aws.client("scheduler")
    (listed,) = scheduler.list_schedules(GroupName="moments")["Schedules"]
    made = scheduler.get_schedule(GroupName="moments", Name=listed["Name"])
    assert listed["Name"] == "one-expiry"
    assert made["ScheduleExpression"] == "at(2026-06-01T13:00:00)"
    assert made["ActionAfterCompletion"] == "DELETE"
    assert json.loads(made["Target"]["Input"]) == {"approvalId": "one", "moment": "expiry"}
    assert made["Target"]["DeadLetterConfig"]["Arn"].endswith(":approval-moments-dead-letters")


def test_a_check_is_a_delayed_message(room: Room) -> None:
    room.clockwork.check_soon("one")
    queue = {"QueueUrl": os.environ["APPROVAL_QUEUE_URL"]}
    assert "Messages" not in aws.client("sqs").receive_message(**queue)
    counted = aws.client("sqs").get_queue_attributes(**queue, AttributeNames=["All"])["Attributes"]
    assert counted["ApproximateNumberOfMessagesDelayed"] == "1"


def test_a_topic_that_is_gone_is_transient(room: Room) -> None:
    room.notices.publish("ApprovalRequested", {"id": "one"})
    aws.client("sns").delete_topic(TopicArn=os.environ["APPROVAL_TOPIC"])
    with pytest.raises(TransientError):
        room.notices.publish("ApprovalRequested", {"id": "one"})


class TestPolicy:
    def test_the_templates_own_is_right(self, room: Room) -> None:
        policy = room.policy.read()
        assert policy.levels("contract", 50_000_000_000, "COP") == (
            ("manager@example.com",),
            ("director@example.com",),
        )
        assert policy.person("U0PERSON") == policy.person("you") == "manager@example.com"

    def test_a_missing_one_is_named(self, room: Room) -> None:
        aws.client("ssm").delete_parameter(Name=POLICY_NAME)
        with pytest.raises(ConfigurationError, match=POLICY_NAME):
            room.policy.read()

    def test_a_wrong_one_is_named_with_its_problems(self, room: Room) -> None:
        wrong: dict[str, Any] = {"kinds": {"x": {"bands": [{"levels": []}]}}}
        aws.client("ssm").put_parameter(Name=POLICY_NAME, Value=json.dumps(wrong), Overwrite=True)
        with pytest.raises(ConfigurationError, match=r"kinds.x.bands\[0\].levels"):
            room.policy.read()

    def test_a_misspelt_field_is_an_error(self) -> None:
        with pytest.raises(InvalidInputError, match="peopel"):
            parse_policy('{"kinds": {}, "peopel": {}}')


class TestSlack:
    def test_a_secret_that_cannot_be_read_is_slack_out_of_order(self, room: Room) -> None:
        from chalicelib.approvals import wording
        from chalicelib.core import secrets, slack
        from tests.fakes.approvals.samples import approval

        slack._client.cache_clear()
        secrets._read.cache_clear()
        with Stubber(aws.client("secretsmanager")) as stub:
            stub.add_client_error("get_secret_value", "AccessDeniedException")
            with pytest.raises(SignalboxError, match="secret"):
                room.chat.post("approvals", wording.question(approval(), "ana"))
