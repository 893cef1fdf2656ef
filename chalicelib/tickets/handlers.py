"""The desk's doors with a Lambda of their own. Each parses, calls one service function, returns its result.

Tasks of ``sme-matching``   validate_input, embedding_generator, parse_rag_output, low_confidence_handler,
                            assign_sme
Events                      on_ticket_stored (S3), on_match_ended (Step Functions)
Schedules                   tickets_every_day, tickets_every_week
"""

from __future__ import annotations

from typing import Any

from chalice import Blueprint
from chalice.app import CloudWatchEvent, Cron

from chalicelib.core import clock
from chalicelib.core.metrics import measured
from chalicelib.core.task import task
from chalicelib.tickets import wiring

bp = Blueprint(__name__)


@bp.lambda_function(name="validate-input")
@task
def validate_input(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Check what the execution was started for.

    ``event`` is ``{"input": the execution's input, "executionArn"}``; returns ``ticket_id, bucket, key,
    embedding_exists, timestamp, result_key`` or raises TicketInputError with every problem. With ``{"held": the
    execution's state}`` instead of ``input`` it is a ticket held until now, or TicketMovedOnError.
    """
    from chalicelib.tickets.service import validating

    if "held" in event:
        return validating.take_up(event["held"], event["executionArn"], wiring.validation(), clock.current())
    return validating.validate(event["input"], event["executionArn"], wiring.validation(), clock.current())


@bp.lambda_function(name="embedding-generator")
@task
def embedding_generator(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Put a ticket into the index, or say whether it can be found there.

    ``event`` is ``{"action": "generate", "key"}``, answered ``{"ticket_id", "model_id", "dimension"}``, or
    ``{"action": "check", "ticket_id"}``, answered ``{"ticket_id", "found": true}`` or EmbeddingNotReadyError.
    """
    from chalicelib.tickets.service import embedding

    if event["action"] == "check":
        return embedding.check(event["ticket_id"], wiring.index())
    return embedding.generate(event["key"], wiring.embed(), clock.current())


@bp.lambda_function(name="parse-rag-output")
@task
def parse_rag_output(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Keep what the matching engine recommends and say what comes next.

    ``event`` is ``{"state": the execution's state, "executionArn"}``; returns what the execution carries
    on (see `parsing.parse`) or raises PipelineResultError.
    """
    from chalicelib.tickets.service import parsing

    carried = parsing.parse(
        event["state"], event["executionArn"], wiring.threshold(), wiring.parse(), clock.current()
    )
    measured("tickets", "Confidence", carried["match"]["top_confidence"] * 100, "Percent")
    return carried


@bp.lambda_function(name="low-confidence-handler")
@task
def low_confidence_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Tell operators that nobody is probable enough.

    ``event`` is ``{"ticket_id", "recommendation_id"}``; returns ``{"message_ts", "channel"}``.
    """
    from chalicelib.tickets.service import telling

    return telling.alert_low_confidence(event["ticket_id"], event["recommendation_id"], wiring.tell())


@bp.lambda_function(name="assign-sme")
@task
def assign_sme(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Make an operator's choice the assignment.

    ``event`` is ``{"ticket_id", "recommendation_id", "choice": cre_id, "decided_by"}``; returns
    ``{"cre_id", "name", "slack_id", "decided_by"}``.
    """
    from chalicelib.tickets.service import escalating

    return escalating.assign(event, wiring.choice(), clock.current())


@bp.on_cw_event(
    {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"object": {"key": [{"prefix": "raw-tickets/"}]}},
    },
    name="on-ticket-stored",
)
@task
def on_ticket_stored(event: CloudWatchEvent) -> dict[str, Any]:
    """Start the match of a ticket that came or changed; take a solved one into the index."""
    from chalicelib.tickets.service import intake

    described = event.detail["object"]
    return intake.stored(
        described["key"], described.get("version-id", ""), wiring.way_in(), wiring.embed(), clock.current()
    )


@bp.on_cw_event(
    {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"status": ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]},
    },
    name="on-match-ended",
)
@task
def on_match_ended(event: CloudWatchEvent) -> dict[str, Any]:
    """Note in the ticket's record how its execution ended."""
    from chalicelib.tickets.service import closing

    return {"ticket_id": closing.run_ended(event.detail, wiring.store(), clock.current())}


@bp.schedule(Cron(0, 3, "*", "*", "?", "*"), name="tickets-every-day")
@task
def tickets_every_day(event: CloudWatchEvent) -> dict[str, Any]:
    """Calibrate the engine's confidence on what people said of its recommendations."""
    from chalicelib.tickets.service import calibrating

    return calibrating.calibrate(wiring.calibration(), clock.current())


@bp.schedule(Cron(0, 6, "?", "*", "MON", "*"), name="tickets-every-week")
@task
def tickets_every_week(event: CloudWatchEvent) -> dict[str, Any]:
    """Say in Slack who took how many of last week's tickets."""
    from chalicelib.tickets.service import telling

    return telling.post_weekly_share(wiring.tell(), clock.current())
