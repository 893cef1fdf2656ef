"""What the API shows of tickets and experts, and what it takes of experts."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any

import msgspec

from chalicelib.core import payload
from chalicelib.core.errors import InvalidInputError
from chalicelib.tickets.domain.recommendation import Recommendation
from chalicelib.tickets.domain.sme import Leave, SmeProfile, Weekday, WorkingHours, problems
from chalicelib.tickets.ports.smes import SmeDirectory
from chalicelib.tickets.ports.tickets import TicketStore
from chalicelib.tickets.service.records import known

_WallTime = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""``17:30``."""


class _HoursDraft(msgspec.Struct, forbid_unknown_fields=True):
    days: list[Weekday]
    start: _WallTime
    end: _WallTime


class _LeaveDraft(msgspec.Struct, forbid_unknown_fields=True):
    first: date
    last: date


class SmeDraft(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of ``PUT /smes/{cre_id}``."""

    name: str
    slack_id: str = ""
    zone: str = "UTC"
    hours: list[_HoursDraft] = []
    leave: list[_LeaveDraft] = []
    capacity: int = 10
    on_call: bool = False
    products: list[str] = []


def put_expert(cre_id: str, draft: SmeDraft, smes: SmeDirectory) -> dict[str, Any]:
    """Store an expert and return them as `expert` does.

    Raises:
        InvalidInputError: with every problem of the profile.
    """
    profile = SmeProfile(
        cre_id=cre_id,
        name=draft.name.strip(),
        slack_id=draft.slack_id,
        zone=draft.zone,
        hours=tuple(
            WorkingHours(tuple(one.days), time.fromisoformat(one.start), time.fromisoformat(one.end))
            for one in draft.hours
        ),
        leave=tuple(Leave(one.first, one.last) for one in draft.leave),
        capacity=draft.capacity,
        on_call=draft.on_call,
        products=tuple(draft.products),
    )
    if found := list(problems(profile)):
        raise InvalidInputError(found)
    smes.put(profile)
    return expert(smes.get(cre_id))


def expert(profile: SmeProfile) -> dict[str, Any]:
    """Return an expert as JSON."""
    return dict(_camel(payload.to_json_types(profile)))


def ticket(ticket_id: str, store: TicketStore) -> dict[str, Any]:
    """Return what the desk knows of a ticket: never its text, of which only the cleaned subject is kept.

    Raises:
        TicketNotFoundError: there is none.
    """
    record = known(store, ticket_id)
    recommendation = (
        store.recommendation(ticket_id, record.recommendation_id) if record.recommendation_id else None
    )
    assignment = store.assignment(ticket_id)
    return {
        "ticketId": record.ticket_id,
        "standing": str(record.standing),
        "problem": record.problem,
        "executionArn": record.execution_arn,
        "object": {"bucket": record.bucket, "key": record.key, "versionId": record.version_id},
        "slack": {"channel": record.channel, "messageTs": record.message_ts} if record.message_ts else None,
        "recommendation": _recommendation(recommendation) if recommendation else None,
        "assignment": None
        if assignment is None
        else {"creId": assignment.cre_id, "state": str(assignment.state), "since": assignment.since.isoformat()},
        "labels": [
            {
                "kind": str(one.kind),
                "creId": one.cre_id,
                "by": one.by,
                "at": one.at.isoformat(),
                "movedTo": one.moved_to,
            }
            for one in store.labels(ticket_id)
        ],
        "updatedAt": _iso(record.updated_at),
    }


def _recommendation(one: Recommendation) -> dict[str, Any]:
    shown: dict[str, Any] = _camel(payload.to_json_types(one))
    shown["verdict"] = str(one.verdict)
    del shown["ticketId"]
    return shown


def _camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {_camel_name(name): _camel(inner) for name, inner in value.items()}
    return [_camel(one) for one in value] if isinstance(value, list | tuple) else value


def _camel_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def _iso(moment: datetime) -> str:
    return moment.isoformat()
