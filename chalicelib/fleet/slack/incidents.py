"""What emergencies say and take in Slack: ``/incident``, and the button that acknowledges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.core import clock, slack
from chalicelib.core.slack import Action, ActionCall, Command, CommandCall, Message, Reply

_USAGE = (
    "list - the latest incidents",
    "show ID - how an incident stands",
    "ack ID - take charge: nobody is told any more",
    "drill VEHICLE - a panic button that is no emergency",
)
_LISTED = 10


def command(call: CommandCall) -> Reply:
    """Answer ``/incident``."""
    match call.words:
        case ("list",):
            return _said(_listed())
        case ("show", incident_id):
            return _said(_shown(incident_id))
        case ("ack", incident_id):
            return _said(_acknowledged(incident_id, call.person.name), in_channel=True)
        case ("drill", vehicle):
            return _said(_drill(vehicle, call.trigger_id))
    return _said("\n".join(f"/incident {line}" for line in _USAGE))


def acknowledge(call: ActionCall) -> Reply:
    """Acknowledge by the button. Acknowledging itself takes it from the message, whose facts stay."""
    return _said(_acknowledged(call.value, call.person.name))


def _listed() -> str:
    from chalicelib.fleet.service.incidents import viewing
    from chalicelib.fleet.wiring import incidents as wiring

    found = viewing.page(drills=False, limit=_LISTED, after=None, store=wiring.store())["incidents"]
    lines = [
        ("DRILL  " if one["drill"] else "")
        + f"{one['incidentId']}  {one['type']}  {one['status']}  {one['recordedAt']}"
        for one in found
    ]
    return "\n".join(lines) or "There is no incident."


def _shown(incident_id: str) -> str:
    from chalicelib.fleet.service.incidents import viewing
    from chalicelib.fleet.wiring import incidents as wiring

    incident = viewing.incident_now(incident_id, wiring.store())
    told = [
        f"{one['who']} by {one['channel']}: {'delivered ' + one['deliveredAt'] if one['deliveredAt'] else 'sent'}"
        f" {one['sentAt'] or 'not known'}"
        for one in incident["notifications"]
    ]
    given = incident["acknowledgement"]
    end = f"acknowledged by {given['by']} at {given['at']}" if given else "not acknowledged"
    return "\n".join([f"{incident_id}: {incident['type']}, {incident['status']}, {end}", *told])


def _acknowledged(incident_id: str, name: str) -> str:
    from chalicelib.fleet.service.incidents import acknowledging
    from chalicelib.fleet.wiring import incidents as wiring

    answer = acknowledging.acknowledge(incident_id, name, "slack", wiring.acknowledge(), clock.current())
    given = answer.acknowledgement
    said = "is acknowledged" if answer.first else "was already acknowledged"
    return f"{incident_id} {said} by {given.by} at {given.at}."


def _drill(vehicle: str, request_id: str) -> str:
    import json

    from chalicelib.fleet.domain.incidents.report import read_report
    from chalicelib.fleet.service.incidents import reporting
    from chalicelib.fleet.wiring import incidents as wiring

    now = round(clock.current().now().timestamp() * 1000)
    text = json.dumps({"vehicleId": vehicle, "type": "panic_button", "eventTimestamp": now, "drill": True})
    report = read_report(text, report_id=request_id, received_at=now)
    reporting.take(report, wiring.report())
    return f"The drill {report.incident_id} has begun."


def _said(text: str, *, in_channel: bool = False) -> Reply:
    """Return an answer; devices' words and people's names are no mark-up."""
    return Reply(Message(slack.escaped(text)), in_channel=in_channel)


COMMANDS: tuple[Command, ...] = (
    Command("/incident", _USAGE, "viewer", command, asks={"ack": "operator", "drill": "operator"}),
)
ACTIONS: tuple[Action, ...] = (Action("incident", "operator", acknowledge),)
MESSAGES: dict[str, Callable[[dict[str, Any]], tuple[str, Message]]] = {}
