"""Amazon Connect as the carrier.

The contact flow plays the dialogue. It may say how the call went in two contact attributes: ``disposition`` (one
of `Disposition`) and ``optedOut`` ("true"); else answering machine detection and the timestamps tell. Connect does
not say what a call cost, so its calls count zero cents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.campaigns.domain.contact import Disposition
from chalicelib.campaigns.errors import CarrierBusyError, NumberRefusedError
from chalicelib.campaigns.ports.calls import Call, CallOutcome, Carrier
from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError

_REFUSED = frozenset({"DestinationNotAllowedException", "OutboundContactNotPermittedException"})
"""What is said of the number alone: a wrong flow or caller id (InvalidParameter) must not make a list invalid."""
_BUSY = frozenset({"LimitExceededException", "ThrottlingException", "TooManyRequestsException"})

_BY_DETECTION: Mapping[str, Disposition] = {
    "HUMAN_ANSWERED": Disposition.ANSWERED,
    "VOICEMAIL_BEEP": Disposition.VOICEMAIL,
    "VOICEMAIL_NO_BEEP": Disposition.VOICEMAIL,
    "AMD_UNANSWERED": Disposition.NO_ANSWER,
    "SIT_TONE_BUSY": Disposition.BUSY,
    "SIT_TONE_INVALID_NUMBER": Disposition.INVALID_NUMBER,
    "SIT_TONE_DETECTED": Disposition.FAILED,
    "FAX_MACHINE_DETECTED": Disposition.INVALID_NUMBER,
}


class ConnectCarrier(Carrier):
    """Calls by StartOutboundVoiceContact; the attempt key is its ClientToken."""

    def __init__(self, instance_id: str, contact_flow_id: str) -> None:
        self._instance_id, self._contact_flow_id = instance_id, contact_flow_id

    def place(self, call: Call) -> str:
        """See `Carrier.place`; Connect keeps a ClientToken for seven days."""
        from botocore.exceptions import ClientError

        audio = {"audio": call.audio} if call.audio else {}
        try:
            answer = client("connect").start_outbound_voice_contact(
                InstanceId=self._instance_id,
                ContactFlowId=self._contact_flow_id,
                DestinationPhoneNumber=call.to,
                SourcePhoneNumber=call.caller_id,
                ClientToken=call.attempt_key,
                Attributes=call.attributes | audio,
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _REFUSED:
                raise NumberRefusedError(f"Amazon Connect refuses {call.to}: {error}") from error
            if code in _BUSY:
                raise CarrierBusyError(f"Amazon Connect is over its rate: {error}") from error
            raise TransientError(f"Amazon Connect did not place the call: {error}") from error
        return str(answer["ContactId"])

    def outcome(self, call_id: str) -> CallOutcome | None:
        """See `Carrier.outcome`."""
        from botocore.exceptions import ClientError

        connect = client("connect")
        try:
            contact = connect.describe_contact(InstanceId=self._instance_id, ContactId=call_id)["Contact"]
            if "DisconnectTimestamp" not in contact:
                return None
            attributes = connect.get_contact_attributes(InstanceId=self._instance_id, InitialContactId=call_id)[
                "Attributes"
            ]
        except connect.exceptions.ResourceNotFoundException:
            return None
        except ClientError as error:
            raise TransientError(f"Amazon Connect does not tell how call {call_id} ended: {error}") from error
        if "attemptKey" not in attributes:  # a call of somebody else's on the same instance
            return None
        connected = contact.get("ConnectedToSystemTimestamp")
        ended_at = contact["DisconnectTimestamp"]
        return CallOutcome(
            attempt_key=attributes["attemptKey"],
            call_id=call_id,
            disposition=_disposition(contact, attributes),
            ended_at=ended_at,
            duration_seconds=(ended_at - connected).total_seconds() if connected else 0.0,
            cost_cents=0,
        )

    def ended(self, detail: Mapping[str, Any]) -> CallOutcome | None:
        """See `Carrier.ended`: a contact event says that a call ended, the contact says how."""
        if detail.get("eventType") != "DISCONNECTED" or "contactId" not in detail:
            return None
        return self.outcome(detail["contactId"])


def _disposition(contact: Mapping[str, Any], attributes: Mapping[str, str]) -> Disposition:
    if attributes.get("optedOut") == "true":
        return Disposition.OPTED_OUT
    if attributes.get("disposition") in {disposition.value for disposition in Disposition}:
        return Disposition(attributes["disposition"])
    detected = _BY_DETECTION.get(contact.get("AnsweringMachineDetectionStatus", ""))
    if detected is not None:
        return detected
    return Disposition.ANSWERED if "ConnectedToSystemTimestamp" in contact else Disposition.NO_ANSWER
