"""What emergencies say and take in Slack: ``/incident``, and the button that acknowledges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
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
            return _acknowledged(incident_id, call.person.name)
        case ("drill", vehicle):
            return _said(_drill(vehicle, call))
    return _said("\n".join(f"/incident {line}" for line in _USAGE))


def acknowledge(call: ActionCall) -> Reply:
    """Acknowledge by the button. Acknowledging itself takes it from the message, whose facts stay."""
    return replace(_acknowledged(call.value, call.person.name), in_channel=False)


def _listed() -> str:
    from chalicelib.fleet.service.incidents import viewing
    from chalicelib.fleet.wiring import incidents as wiring

    found = viewing.page(drills=False, limit=_LISTED, after=None, store=wiring.store())["incidents"]
    lines = [
        ("DRILL: " if one["drill"] else "")
        + f"{one['incidentId']}: {_kind(one)}, {_status(one)}, since {_at(one['recordedAt'])}"
        for one in found
    ]
    return "\n".join(lines) or "There is no incident."


def _shown(incident_id: str) -> str:
    from chalicelib.fleet.service.incidents import viewing
    from chalicelib.fleet.wiring import incidents as wiring

    incident = viewing.incident_now(incident_id, wiring.store())
    given = incident["acknowledgement"]
    end = f"acknowledged by {given['by']} at {_at(given['at'])}" if given else "nobody has acknowledged it"
    status = _status(incident)
    stands = end if status == "acknowledged" else f"{status}, {end}"
    drill = "DRILL: " if incident["drill"] else ""
    notices = sorted(incident["notifications"], key=lambda one: (one["claimedAt"], one["who"]))
    return "\n".join([f"{drill}{incident_id}: {_kind(incident)}, {stands}", *(_told(one) for one in notices)])


def _kind(incident: Mapping[str, Any]) -> str:
    return str(incident["type"] or "type not known").replace("_", " ")


def _status(incident: Mapping[str, Any]) -> str:
    return str(incident["status"]).replace("_", " ")


def _told(notice: Mapping[str, Any]) -> str:
    """Return whom a notification was for, and how far it came."""
    way = "slack" if notice["channel"] == "slack" else "topic"
    if notice["sentAt"] is None:
        far = f"begun {_at(notice['claimedAt'])}; whether it was sent is not known"
    else:
        arrived = f", arrived {_at(notice['deliveredAt'])}" if notice["deliveredAt"] else ""
        far = f"sent {_at(notice['sentAt'])}{arrived}"
    return f"{notice['who']} ({way}): {far}"


def _at(time: str) -> str:
    return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M:%S} UTC"


def _acknowledged(incident_id: str, name: str) -> Reply:
    from chalicelib.fleet.service.incidents import acknowledging
    from chalicelib.fleet.wiring import incidents as wiring

    answer = acknowledging.acknowledge(incident_id, name, "slack", wiring.acknowledge(), clock.current())
    given = answer.acknowledgement
    if not answer.first:
        return _said(f"{incident_id} was acknowledged before, by {given.by} at {_at(given.at)}.")
    said = f"{incident_id} is acknowledged by {given.by}. Nobody else is told any more."
    if answer.on_their_way:
        said += f" On their way already, and not to be called back: {', '.join(answer.on_their_way)}."
    return _said(said, in_channel=True)


def _drill(vehicle: str, call: CommandCall) -> str:
    """Begin a drill. Its name is the vehicle's and the order's time, so an order worked on again is one drill."""
    import json

    from chalicelib.fleet.domain.incidents.report import read_report
    from chalicelib.fleet.service.incidents import reporting
    from chalicelib.fleet.wiring import incidents as wiring

    now = round((call.ordered_at or clock.current().now()).timestamp() * 1000)
    text = json.dumps({"vehicleId": vehicle, "type": "panic_button", "eventTimestamp": now, "drill": True})
    report = read_report(text, report_id=call.trigger_id, received_at=now)
    for problem in report.problems:
        if problem.path == "vehicleId":  # an emergency would run all the same; a drill can be typed again
            return f"No drill has begun: the vehicle {problem.message}."
    reporting.take(report, wiring.report())
    return f"The drill {report.incident_id} has begun: its messages begin with DRILL, the authorities get none."


def _said(text: str, *, in_channel: bool = False) -> Reply:
    """Return an answer; devices' words and people's names are no mark-up."""
    return Reply(Message(slack.escaped(text)), in_channel=in_channel)


COMMANDS: tuple[Command, ...] = (
    Command("/incident", _USAGE, "viewer", command, asks={"ack": "operator", "drill": "operator"}),
)
ACTIONS: tuple[Action, ...] = (Action("incident", "operator", acknowledge),)
MESSAGES: dict[str, Callable[[dict[str, Any]], tuple[str, Message]]] = {}
