"""What people ask about contracts in Slack: ``/contract``. Approving one is the approvals room's own message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.core import clock, slack
from chalicelib.core.slack import Action, Command, CommandCall, Message, Reply

_LISTED = 20
_WORDS = {
    "requested": "has no contract yet",
    "pending": "waits for its payment",
    "paid": "is paid; its vehicles are being switched on",
    "active": "is active",
    "closing": "is being undone",
    "void": "is void",
}


def command(call: CommandCall) -> Reply:
    """Answer ``/contract``."""
    match call.words:
        case ("list",):
            return _said(_listed())
        case ("status", contract_id):
            return _said(_status(contract_id))
    return _said("\n".join(f"/contract {line}" for line in _USAGE))


def _listed() -> str:
    from chalicelib.fleet.domain.contracts import money
    from chalicelib.fleet.wiring import contracts as wiring

    under_way = wiring.contracts().unfinished(clock.current().now())
    lines = [
        f"{one.id} {_WORDS[one.status]}: {one.customer_id}, {one.number_of_vehicles} vehicles, "
        f"{money.shown(one.amount_minor, one.currency)}"
        for one in under_way[-_LISTED:]
    ]
    if len(under_way) > _LISTED:
        lines.append(f"{len(under_way) - _LISTED} older ones are under way as well.")
    return "\n".join(lines) or "No contract is under way."


def _status(contract_id: str) -> str:
    from chalicelib.fleet.service.contracts import views
    from chalicelib.fleet.wiring import contracts as wiring

    shown = views.contract_now(contract_id, wiring.contracts(), wiring.contract_runs())
    if shown["contract_id"] is None:
        run = shown["execution_status"].lower().replace("_", " ")
        return f"Request {contract_id} {_WORDS[shown['status']]}; its execution is {run}."
    approved = f"approved by {shown['approved_by']}" if shown["approved_by"] else "approved by rule"
    lines = [
        f"{shown['contract_id']} {_WORDS[shown['status']]}",
        f"{shown['customer_id']}, {shown['contract_type']}, {shown['amount']}, {approved}",
        f"{shown['vehicles_activated']} of {shown['number_of_vehicles']} vehicles are on; "
        f"payment: {shown['payment_state']}",
    ]
    if shown["reason"]:
        lines.append(f"Why: {shown['reason']}")
    return "\n".join(lines)


def _said(text: str) -> Reply:
    return Reply(Message(slack.escaped(text)))


_USAGE = (
    "list - the contracts under way",
    "status ID - how one stands, by its own id or its request's",
)
COMMANDS: tuple[Command, ...] = (Command("/contract", _USAGE, "viewer", command),)
ACTIONS: tuple[Action, ...] = ()
MESSAGES: dict[str, Callable[[dict[str, Any]], tuple[str, Message]]] = {}
