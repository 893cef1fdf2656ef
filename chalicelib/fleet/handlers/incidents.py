"""Emergencies' doors with a Lambda of their own. Each parses, calls one service function, returns its result.

Devices                        emergency_intake (IoT rule)
Queue ``emergency.fifo``       on_emergency_reported
Tasks of emergency-workflow    duplicate_recorder, incident_notifier, activate_video_recording, log_completion,
                               incident_escalator
Events                         on_incident_run_ended
"""

from __future__ import annotations

from typing import Any

from chalice import Blueprint
from chalice.app import CloudWatchEvent, SQSEvent

from chalicelib.core import clock
from chalicelib.core.task import task
from chalicelib.fleet.wiring import incidents as wiring

bp = Blueprint(__name__)


@bp.lambda_function(name="emergency-intake")
@task
def emergency_intake(event: dict[str, Any], context: Any) -> dict[str, str]:
    """Queue what a device sent: ``{"payload": base64, "topic", "traceId"}`` to ``{"vehicle", "reportId"}``.

    IoT's own action for SQS takes no FIFO queue.
    """
    from chalicelib.fleet.service.incidents import reporting

    return reporting.pass_on(event, context.aws_request_id, wiring.queue(), clock.current())


@bp.on_sqs_message(queue="emergency.fifo", batch_size=10, name="on-emergency-reported")
@task
def on_emergency_reported(event: SQSEvent) -> dict[str, Any]:
    """Start an execution for each report of up to ten; those that could not be started come again, in order."""
    from chalicelib.fleet.service.incidents import reporting

    messages = [_message(record.to_dict()) for record in event]
    failed = reporting.take_batch(messages, wiring.report())
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


@bp.lambda_function(name="duplicate-recorder")
@task
def duplicate_recorder(event: dict[str, Any], context: Any) -> dict[str, bool]:
    """Write a report into the timeline of the incident it repeats: ``{"event", "executionArn"}``."""
    from chalicelib.fleet.service.incidents import reporting

    report_id = event["event"].get("report", {}).get("id") or event["executionArn"]
    return {"noted": reporting.note_duplicate(event["event"], report_id, wiring.store())}


@bp.lambda_function(name="incident-notifier")
@task
def incident_notifier(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Send one notification, once: ``{"notice", "event", "state"}`` to ``{"messageId", "sentAt"}``."""
    from chalicelib.fleet.service.incidents import telling

    return telling.tell(event["notice"], event["event"], event["state"], wiring.notify(), clock.current())


@bp.lambda_function(name="activate-video-recording")
@task
def activate_video_recording(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Start the vehicle's cameras: ``{"event"}`` to ``{"recordingId"}``."""
    from chalicelib.fleet.service.incidents import recording

    return recording.record(event["event"], wiring.recorder())


@bp.lambda_function(name="log-completion")
@task
def log_completion(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Sum up the response: ``{"event", "state", "startedAt"}`` to the execution's next state."""
    from chalicelib.fleet.service.incidents import completing

    return completing.complete(
        event["event"], event["state"], event["startedAt"], wiring.complete(), clock.current()
    )


@bp.lambda_function(name="incident-escalator")
@task
def incident_escalator(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Tell the next person and keep the token an acknowledgement answers: ``{"event", "state", "taskToken"}``."""
    from chalicelib.fleet.service.incidents import escalating

    return escalating.escalate(
        event["event"], event["state"], event["taskToken"], wiring.escalate(), clock.current()
    )


@bp.on_cw_event(
    {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"status": ["FAILED", "TIMED_OUT", "ABORTED"]},
    },
    name="on-incident-run-ended",
)
@task
def on_incident_run_ended(event: CloudWatchEvent) -> dict[str, str]:
    """Write how an emergency's execution ended, and tell operations."""
    from chalicelib.fleet.service.incidents import ending

    return ending.run_ended(event.detail, wiring.end(), clock.current())


def _message(record: dict[str, Any]) -> Any:
    """Return an SQS record as the service takes it."""
    from chalicelib.fleet.service.incidents.reporting import Message

    attributes = record.get("attributes", {})
    return Message(
        id=record["messageId"],
        group=attributes.get("MessageGroupId", ""),
        text=record["body"],
        sent_at=int(attributes["SentTimestamp"]),
        sender=record.get("messageAttributes", {}).get("sender", {}).get("stringValue", ""),
    )
