"""The desk's doors with a Lambda of their own. Each parses, calls one service function, returns its result.

Tasks of ``campaign-execution``   validate_campaign, dispatcher, status_checker, report_generator
Queue ``dial-tasks``              dialer
Events                            on_contacts_uploaded, on_call_ended, on_run_ended
Schedule                          campaign_scheduler
"""

from __future__ import annotations

import json
from typing import Any

from chalice import Blueprint
from chalice.app import CloudWatchEvent, Rate, SQSEvent

from chalicelib.campaigns import wiring
from chalicelib.core import clock
from chalicelib.core.metrics import measured
from chalicelib.core.task import task

bp = Blueprint(__name__)


@bp.lambda_function(name="validate-campaign")
@task
def validate_campaign(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Check the campaign and take it for this execution.

    ``event`` is ``{"input": the execution's input, "executionArn": ...}``; returns what the execution carries on:
    ``campaignId, campaignName, executionSource, generation, part, valid, errors[{code, message, path}]`` and the
    first ``statusResult{waitSeconds, turn, historyEvents}``; all of them always, for an unknown campaign too.
    """
    from chalicelib.campaigns.service import validating

    return validating.validate(event["input"], event["executionArn"], wiring.validation(), clock.current())


@bp.lambda_function(name="dispatcher")
@task
def dispatcher(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Queue one wave of contacts.

    ``event`` is ``{"campaignId", "generation", "executionArn", "startedAt", "retryCount"}``; returns
    ``contactCount, remaining, called, held{reason: n}, nextEligibleAt, retryCount``.
    """
    from chalicelib.campaigns.service import dispatching

    wave = dispatching.dispatch(dispatching.Run.from_event(event), wiring.dispatch(), clock.current())
    return wave.as_dict() | {"retryCount": event.get("retryCount", 0)}


@bp.lambda_function(name="status-checker")
@task
def status_checker(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Say how far the campaign is and how long to wait, and repair what a crash left behind.

    ``event`` is ``{"campaignId", "generation", "executionArn", "startedAt", "statusResult", "dispatchResult",
    "retryCount"}``; returns the next ``statusResult``.
    """
    from chalicelib.campaigns.service import watching

    return watching.check(watching.Turn.from_event(event), wiring.watch(), clock.current())


@bp.lambda_function(name="report-generator")
@task
def report_generator(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Write the report as PDF and JSON: ``{"campaignId"}`` to ``{"reportUrl"}``."""
    from chalicelib.campaigns.service import reporting

    result = reporting.generate(event["campaignId"], wiring.report(), clock.current())
    measured("campaigns", "CampaignsReported", 1)
    return result


@bp.on_sqs_message(queue="dial-tasks", batch_size=10, name="dialer", maximum_batching_window_in_seconds=1)
@task
def dialer(event: SQSEvent) -> dict[str, Any]:
    """Call the contacts of up to ten messages; those that failed are reported one by one and come again."""
    from chalicelib.campaigns.service import dialing

    messages = [(record.to_dict()["messageId"], record.body) for record in event]
    failed = dialing.dial(messages, wiring.dial(), clock.current())
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


@bp.on_cw_event(
    {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"object": {"key": [{"prefix": "contacts/"}]}},
    },
    name="on-contacts-uploaded",
)
@task
def on_contacts_uploaded(event: CloudWatchEvent) -> dict[str, Any]:
    """Import the contact list that was uploaded to S3."""
    from chalicelib.campaigns.service import importing

    context: Any = event.context
    return importing.import_upload(
        event.detail["object"]["key"],
        wiring.imports(),
        wiring.import_continuations(),
        lambda: float(context.get_remaining_time_in_millis()) / 1000,
    )


@bp.on_cw_event(
    {
        "source": ["signalbox.carrier", "aws.connect"],
        "detail-type": ["Call Ended", "Amazon Connect Contact Event"],
        "detail": {"eventType": [{"exists": False}, "DISCONNECTED"]},
    },
    name="on-call-ended",
)
@task
def on_call_ended(event: CloudWatchEvent) -> dict[str, Any]:
    """Record how a call ended."""
    from chalicelib.campaigns.service import settling

    return {"settled": settling.call_ended(event.detail, wiring.settle())}


@bp.on_cw_event(
    {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"status": ["FAILED", "TIMED_OUT", "ABORTED"]},
    },
    name="on-run-ended",
)
@task
def on_run_ended(event: CloudWatchEvent) -> dict[str, Any]:
    """Mark the campaign failed whose execution ended otherwise than by itself."""
    from chalicelib.campaigns.service import closing

    run_input = json.loads(event.detail.get("input") or "{}")
    failed = closing.run_failed(run_input, event.detail["executionArn"], wiring.campaigns(), clock.current())
    return {"failed": failed}


@bp.schedule(Rate(5, unit=Rate.MINUTES), name="campaign-scheduler")
@task
def campaign_scheduler(event: CloudWatchEvent) -> dict[str, Any]:
    """Put back schedule entries that are missing and start campaigns that are overdue."""
    from chalicelib.campaigns.service import scheduling

    return scheduling.check_schedule(
        wiring.campaigns(), wiring.campaign_runs(), wiring.start_schedule(), clock.current()
    )
