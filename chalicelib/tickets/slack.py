"""What the desk says and hears in Slack: `/sme`, the buttons of a recommendation, the messages of its machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import clock, slack
from chalicelib.core.errors import SignalboxError
from chalicelib.core.slack import Action, ActionCall, Command, CommandCall, Message, Posted, Reply
from chalicelib.tickets import wiring, wording
from chalicelib.tickets.domain.assignment import LabelKind
from chalicelib.tickets.domain.ticket import is_ticket_id
from chalicelib.tickets.service import feedback, intake, telling

_WHO = "who"
"""The modal's one input: who the right expert would be."""
_NOT_KNOWN = "not-known"
_MOST_OPTIONS = 100
"""As many as a Slack chooser takes."""
_USAGE = (
    "TICKET - who can solve it, and who holds it",
    "match TICKET - match it again",
    "post TICKET - post its recommendation again, without matching",
    "share - who took how many tickets this week",
)
_PRESSES = {
    "accept": LabelKind.ACCEPTED,
    "busy": LabelKind.BUSY,
    "not_me": LabelKind.NOT_ME,
    "redirect": LabelKind.NOT_ME,
}


def _recommendation(data: Mapping[str, Any]) -> tuple[str, Message]:
    """``{"ticket_id", "recommendation_id"}``: the stored recommendation as it stands."""
    message = telling.recommendation_message(data["ticket_id"], data["recommendation_id"], wiring.store())
    return wiring.channel(), message


def _nobody_available(data: Mapping[str, Any]) -> tuple[str, Message]:
    """``{"ticket_id", "recommendation_id"}``: nobody is eligible, and until when."""
    message = telling.nobody_available_message(data["ticket_id"], data["recommendation_id"], wiring.store())
    return wiring.operations_channel(), message


def _command(call: CommandCall) -> Reply:
    """Answer ``/sme``."""
    match call.words:
        case ("share",):
            return _show_share()
        case ("match" | "post" as what, ticket_id) if is_ticket_id(ticket_id):
            return _match(ticket_id, call.trigger_id) if what == "match" else _post(ticket_id)
        case (ticket_id,) if is_ticket_id(ticket_id):
            return _show(ticket_id)
        case _:
            return Reply(Message("That is no form of /sme; `/sme help` lists them."))


def _show(ticket_id: str) -> Reply:
    from chalicelib.tickets.service.records import known

    try:
        record = known(wiring.store(), ticket_id)
        if record.recommendation_id:
            return Reply(telling.recommendation_message(ticket_id, record.recommendation_id, wiring.store()))
    except SignalboxError as error:
        return _refused(error)
    said = f"Ticket {ticket_id}: {record.standing}. {record.problem}"
    return Reply(Message(slack.escaped(said.strip())))


def _match(ticket_id: str, wish: str) -> Reply:
    try:
        started = intake.match_again(ticket_id, wish, wiring.way_in(), clock.current())
    except SignalboxError as error:
        return _refused(error)
    return Reply(Message(f"Ticket {ticket_id} is being matched: {started['execution_arn'].rpartition(':')[2]}"))


def _post(ticket_id: str) -> Reply:
    try:
        telling.post_again(ticket_id, wiring.tell(), clock.current())
    except SignalboxError as error:
        return _refused(error)
    return Reply(Message(f"The recommendation of ticket {ticket_id} stands in the channel."))


def _show_share() -> Reply:
    from chalicelib.tickets.domain.assignment import week_of

    week = week_of(clock.current().now().date())
    return Reply(wording.weekly_share(week, telling.shares(week, wiring.store(), wiring.smes())))


def _pressed(call: ActionCall) -> Reply:
    """Answer a button of a recommendation, or the modal "Not me" opened."""
    what = call.action_id.partition(":")[2]
    if what not in _PRESSES:
        return Reply(Message("This button is of an older message."))
    if what == "not_me":
        return Reply(modal=_who_then(call))
    pressed, place = _place_of(call) if what == "redirect" else (call.value, call.message)
    ticket_id, recommendation_id, cre_id = wording.parts(pressed)
    who = call.inputs.get(_WHO, "")
    one = feedback.Press(_PRESSES[what], ticket_id, recommendation_id, cre_id, "" if who == _NOT_KNOWN else who)
    try:
        message = feedback.press(one, call.person, wiring.opinions(), clock.current())
    except SignalboxError as error:
        return _refused(error)
    if what != "redirect":
        return Reply(message, replaces=True)
    if place is not None:
        slack.update(place, message)
    return Reply()


def _who_then(call: ActionCall) -> dict[str, Any]:
    """Return the modal that asks who would be right; its private_metadata leads back to the message."""
    _, _, cre_id = wording.parts(call.value)
    place = f"{call.message.channel}|{call.message.ts}" if call.message else "|"
    others = [one for one in wiring.smes().all() if one.cre_id != cre_id][: _MOST_OPTIONS - 1]
    choices = [("I do not know", _NOT_KNOWN), *((one.name[:75], one.cre_id) for one in others)]
    options = [{"text": {"type": "plain_text", "text": text}, "value": value} for text, value in choices]
    return {
        "type": "modal",
        "callback_id": f"{wording.ACTION}:redirect",
        "private_metadata": f"{place}|{call.value}",
        "title": {"type": "plain_text", "text": "Not me"},
        "submit": {"type": "plain_text", "text": "Pass on"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            {
                "type": "input",
                "block_id": _WHO,
                "label": {"type": "plain_text", "text": "Who is the right expert?"},
                "element": {
                    "type": "static_select",
                    "action_id": _WHO,
                    "options": options,
                    "initial_option": options[0],
                },
            }
        ],
    }


def _place_of(call: ActionCall) -> tuple[str, Posted | None]:
    """Return the button's value and where its message stands, from the modal's private_metadata."""
    channel, _, rest = call.value.partition("|")
    ts, _, pressed = rest.partition("|")
    return pressed, Posted(channel, ts) if channel and ts else None


def _refused(error: SignalboxError) -> Reply:
    return Reply(Message(slack.escaped(str(error))))


COMMANDS = (Command("/sme", _USAGE, "viewer", _command, {"match": "operator", "post": "operator"}),)
ACTIONS = (Action(wording.ACTION, "viewer", _pressed),)
"""Any known person may press; `feedback.press` lets an expert answer for themselves, an operator for anybody."""
MESSAGES: dict[str, Callable[[Mapping[str, Any]], tuple[str, Message]]] = {
    "recommendation": _recommendation,
    "nobody_available": _nobody_available,
}
