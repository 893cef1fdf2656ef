"""business-workflow: fleet contracts made, refused and undone through the REST API; money and vehicles counted."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from chalicelib.approvals.wording import APPROVE, REASON, REJECT
from localcloud.demos.demo import Bench, Demo, Verdict
from localcloud.demos.http_calls import ApiCallError, call_json
from localcloud.standins.payments import API_KEY
from localcloud.standins.slack_people import Person, elements

_SALES, _DIRECTOR = "sales@example.com", "U0MANAGER"
"""Who wants the contracts, and who presses the buttons in Slack. Whoever runs the demonstration sends the request
in, so they may not decide it either."""
_HOUR = 3_600.0
_PESOS_A_VEHICLE = 200_000
_MINOR_UNITS = 100
_LONGEST_CAUSE = 120


class _Contract:
    """What the demonstrations of contracts share: asking for one, and looking at what came of it."""

    vehicles: int
    customer = "CUST-98765"
    plates: tuple[str, ...] = ()
    error: str | None = None
    """How the execution should end; None: well."""
    contract: str | None
    """The status the contract should end in; None: there should be none."""
    pressed: str | None = None
    """The button the director presses; None: nobody is asked."""
    reason = ""
    decided_after_hours = 0.5

    def __init__(self) -> None:
        self._arn = self._request_id = ""
        self._reminded = 0
        self._undecided: Exception | None = None

    def start(self, bench: Bench) -> str:
        """See `Demo.start`."""
        request = {
            "customer_id": self.customer,
            "number_of_vehicles": self.vehicles,
            "contract_type": "standard",
            "estimated_value": self.vehicles * _PESOS_A_VEHICLE,
            "requested_by": _SALES,
        }
        if self.plates:
            request["vehicles"] = [{"plate": plate} for plate in self.plates]
        started = bench.api("POST", "/contracts", request)
        self._arn, self._request_id = str(started["executionArn"]), str(started["request_id"])
        if self.pressed is not None:
            self._decide_later(bench)
        return self._arn

    def progress(self, bench: Bench) -> tuple[float, str]:
        """See `Demo.progress`."""
        execution = bench.cloud.engine.execution(self._arn)
        states = [visit.state for visit in execution.dataflow if not visit.path]
        return (1.0 if execution.ended else len(states) / 12), states[-1] if states else "starting"

    def verdict(self, bench: Bench) -> Verdict:
        """See `Demo.verdict`."""
        execution = bench.cloud.engine.execution(self._arn)
        shown = bench.api("GET", f"/contracts/{self._request_id}")
        kept, on = _money_kept(bench, shown.get("payment_id")), _vehicles_on(bench, shown["contract_id"])
        active = self.contract == "active"
        expected = {
            "ends with": (execution.error, self.error),
            "contract": (shown["status"] if shown["contract_id"] else None, self.contract),
            "money kept": (kept, self.vehicles * _PESOS_A_VEHICLE * _MINOR_UNITS if active else 0),
            "vehicles on": (on, self.vehicles if active else 0),
            "reminders": (self._reminded > 0, self.decided_after_hours > 12),
        }
        faults = [
            f"{what}: {is_} instead of {should}" for what, (is_, should) in expected.items() if is_ != should
        ]
        if self._undecided is not None:
            faults.append(f"no decision could be made: {self._undecided}")
        result = self._ending(execution.cause, shown)
        where = f"{bench.api_url}/contracts/{shown['contract_id'] or self._request_id}"
        return Verdict(not faults, "; ".join(faults) or result, where)

    def _ending(self, cause: str | None, shown: dict[str, Any]) -> str:
        """Return how it ended: "active: 15,000,000.00 COP taken, 75 vehicles switched on"."""
        if self.error is None:
            return f"active: {shown['amount']} taken, {shown['vehicles_activated']} vehicles switched on"
        refunded = shown.get("payment_state") == "refunded"
        undone = f"{shown['amount']} given back, every vehicle off again" if refunded else "no money taken"
        return f"{self.error}: {undone}. Why: {_shown_cause(cause or '')}"

    def _decide_later(self, bench: Bench) -> None:
        """Decide at a time of the local clock. Being asked takes the approvals' own time, so it is tried again."""

        def decided(outcome: Any) -> None:
            if isinstance(outcome, Exception):
                self._undecided = outcome

        def decide() -> None:
            bench.cloud.timeline.submit(lambda: self._decide(bench), decided)

        bench.cloud.timeline.call_after(self.decided_after_hours * _HOUR, decide)

    def _decide(self, bench: Bench) -> None:
        pending = bench.api("GET", "/approvals?kind=contract")["approvals"]
        mine = [one for one in pending if one["executionArn"] == self._arn]
        if not mine:
            raise ApiCallError("nobody was asked to approve the contract")
        approval_id = mine[0]["id"]
        trail = bench.api("GET", f"/approvals/{approval_id}")["trail"]
        self._reminded = sum("reminder" in str(entry).lower() for entry in trail)
        self._press(bench, approval_id)

    def _press(self, bench: Bench, approval_id: str) -> None:
        """Press the button in Slack, and say why in the modal that rejecting opens."""
        slack_url = bench.cloud.site.function_environment["SLACK_API_URL"].removesuffix("/api/")
        director = Person(bench.slack, slack_url, _DIRECTOR)
        message, button = next(
            (message, button)
            for message in bench.slack.messages
            for button in elements(message)
            if (button["action_id"], button["value"]) == (self.pressed, approval_id)
        )
        director.press(message, button)
        if self.pressed == REJECT:
            view = next(one for one in bench.slack.views if one["private_metadata"] == approval_id)
            director.submit(bench.slack.close_view(view["id"]), {REASON: self.reason})


class SmallContractDemo(_Contract, Demo):
    """Below 50 vehicles nobody is asked."""

    machine, scenario = "business-workflow", "25 vehicles, approved by rule"
    vehicles, contract = 25, "active"


class LargeContractDemo(_Contract, Demo):
    """The director needs a reminder."""

    machine, scenario = "business-workflow", "75 vehicles, approved after a reminder"
    vehicles, contract = 75, "active"
    pressed = APPROVE
    decided_after_hours = 13.0


class RejectedContractDemo(_Contract, Demo):
    """The director says no, and why."""

    machine, scenario = "business-workflow", "60 vehicles, rejected"
    vehicles, contract, error = 60, None, "ApprovalRejected"
    pressed, reason = REJECT, "over our limit"


class DeclinedCardDemo(_Contract, Demo):
    """The customer's card on file is one that Stripe declines."""

    machine, scenario = "business-workflow", "a declined card"
    vehicles, contract, error = 10, "void", "PaymentFailed"
    customer = "CUST-DECLINED"


class RefundedContractDemo(_Contract, Demo):
    """The platform refuses the second of two vehicles, so the money goes back."""

    machine, scenario = "business-workflow", "activation fails and is refunded"
    vehicles, contract, error = 2, "void", "ServiceActivationFailed"
    plates = ("ABC-123", "XXX-999")


def _shown_cause(cause: str) -> str:
    """Return why an execution ended; what a function raised comes as Lambda's JSON."""
    try:
        told = json.loads(cause)
    except ValueError:
        told = None
    text = str(told["errorMessage"]) if isinstance(told, dict) and "errorMessage" in told else cause
    return text if len(text) <= _LONGEST_CAUSE else f"{text[: _LONGEST_CAUSE - 1]}…"


def _money_kept(bench: Bench, payment_id: str | None) -> int:
    """Return what Stripe took and did not give back, in minor units."""
    if payment_id is None:
        return 0
    stripe = _ask_stripe(bench)
    payment = stripe(f"/v1/payment_intents/{payment_id}")
    if payment["status"] != "succeeded":
        return 0
    refunds = stripe(f"/v1/refunds?payment_intent={payment_id}")["data"]
    return int(payment["amount"]) - sum(int(one["amount"]) for one in refunds)


def _ask_stripe(bench: Bench) -> Callable[[str], Any]:
    url = bench.cloud.site.function_environment["STRIPE_API_URL"]
    key = base64.b64encode(f"{API_KEY}:".encode()).decode()
    return lambda path: call_json("GET", url + path, headers={"Authorization": f"Basic {key}"})


def _vehicles_on(bench: Bench, contract_id: str | None) -> int:
    if contract_id is None:
        return 0
    (function,) = [one for one in bench.cloud.functions if one.logical_id == "ActivateService"]
    url = function.environment["VEHICLE_PLATFORM_URL"]
    return len(call_json("GET", f"{url}/contracts/{contract_id}/vehicles")["vehicles"])
