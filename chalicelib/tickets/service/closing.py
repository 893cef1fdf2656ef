"""Notes in a ticket's record how its execution ended, whatever ended it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.core.slack import Posted
from chalicelib.tickets.domain.record import Standing, TicketRecord
from chalicelib.tickets.domain.secrets import without_secrets
from chalicelib.tickets.ports.tickets import TicketStore
from chalicelib.tickets.service.records import change
from chalicelib.tickets.service.telling import note_posted

_LONGEST_PROBLEM = 500


def run_ended(detail: Mapping[str, Any], store: TicketStore, clock: Clock) -> str:
    """Note the end of one execution of ``sme-matching``.

    Args:
        detail: of the event "Step Functions Execution Status Change".
        store: the records.
        clock: for the record.

    Returns:
        The ticket's id, or "" when the execution was none of a known ticket.
    """
    run_input = _json_object(detail.get("input"))
    ticket_id = str(run_input.get("ticket_id", ""))
    execution_arn = str(detail["executionArn"])
    status = str(detail["status"])
    if status == "SUCCEEDED":
        _succeeded(ticket_id, _json_object(detail.get("output")), execution_arn, store, clock)
    else:
        problem = f"{detail.get('error') or status}: {without_secrets(_message(detail.get('cause')))}"
        _move(ticket_id, Standing.FAILED, problem[:_LONGEST_PROBLEM], execution_arn, store, clock)
    return ticket_id if store.find(ticket_id) else ""


def _succeeded(
    ticket_id: str, output: Mapping[str, Any], execution_arn: str, store: TicketStore, clock: Clock
) -> None:
    slack, match = output.get("slack_result"), output.get("match")
    if isinstance(slack, Mapping) and isinstance(match, Mapping):
        posted = Posted(str(slack.get("channel", "")), str(slack.get("message_ts", "")))
        note_posted(ticket_id, str(match.get("recommendation_id", "")), posted, store, clock)
    else:
        _move(ticket_id, Standing.DECLINED, "", execution_arn, store, clock)


def _message(cause: Any) -> str:
    """Return what a cause says to people: a Lambda's message, inside a Catch's error, inside a Fail's cause.

    An error without words is named; its trace is for the log, and not kept.
    """
    caught = _json_object(cause)
    thrown = _json_object(caught.get("Cause")) or caught
    said = thrown.get("errorMessage") or thrown.get("errorType") or caught.get("Cause") or caught.get("Error")
    return str(said or cause or "no cause was given")


def _move(
    ticket_id: str, standing: Standing, problem: str, execution_arn: str, store: TicketStore, clock: Clock
) -> None:
    def moved(record: TicketRecord | None) -> TicketRecord | None:
        # A later execution has the ticket, or the ticket was solved meanwhile: what ended is history.
        if record is None or record.execution_arn != execution_arn or record.standing is Standing.SOLVED:
            return None
        return replace(record, standing=standing, problem=problem, updated_at=clock.now())

    change(store, ticket_id, moved)


def _json_object(text: Any) -> dict[str, Any]:
    """Return a JSON object; an empty one for what is none or was left out because it was too large."""
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
