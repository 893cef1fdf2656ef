"""What people ask about contracts in Slack: ``/contract``. Approving one is the approvals room's own message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.core import slack
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
_PAYMENTS = {
    "none": "none was asked for",
    "open": "asked for, not taken yet",
    "processing": "the bank has not answered yet",
    "taken": "taken",
    "declined": "declined by the bank; no money is here",
    "cancelled": "cancelled; no money was taken",
    "refunded": "taken and given back",
    "refund_failed": "given back, but the bank sent it back: the money is here and owed to the customer",
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
    from chalicelib.fleet.service.contracts import views
    from chalicelib.fleet.wiring import contracts as wiring

    page = views.contract_page(_LISTED, None, wiring.contracts())
    lines = [
        f"{one['contract_id']} {_WORDS[one['status']]}: {one['customer_id']}, "
        f"{_vehicles(one['number_of_vehicles'])}, {one['amount']}"
        for one in page["contracts"]
    ]
    if page["next"]:
        lines.append(f"These are the latest {_LISTED}.")
    return "\n".join(lines) or "There is no contract yet."


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
        f"{shown['vehicles_activated']} of {_vehicles(shown['number_of_vehicles'])} are on; "
        f"payment: {_PAYMENTS[shown['payment_state']]}",
    ]
    if shown["reason"]:
        lines.append(f"Why: {shown['reason']}")
    return "\n".join(lines)


def _vehicles(count: int) -> str:
    return "1 vehicle" if count == 1 else f"{count} vehicles"


def _said(text: str) -> Reply:
    return Reply(Message(slack.escaped(text)))


_USAGE = (
    "list - the latest contracts",
    "status ID - how one stands, by its own id or its request's",
)
COMMANDS: tuple[Command, ...] = (Command("/contract", _USAGE, "viewer", command),)
ACTIONS: tuple[Action, ...] = ()
MESSAGES: dict[str, Callable[[dict[str, Any]], tuple[str, Message]]] = {}
