"""A refund that the bank sends back: written on the contract, told to people, and never tried again by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.core.errors import NotFoundError
from chalicelib.fleet.domain.contracts.contract import Contract, ContractStatus, FailedRefund, PaymentState
from chalicelib.fleet.errors.contracts import ContractAlertError, RefundFailedError
from chalicelib.fleet.ports.payments import Charge
from chalicelib.fleet.service.contracts import closing, reconciling
from tests.fakes.fleet.contract_simulation import ContractSimulation, request
from tests.fakes.fleet.contract_world import GOOD_CARD, SIGNATURE, FakePaymentEvents
from tests.fakes.kill import KilledError, KillSwitch

PAYMENT = "pi_exec-1"
REASON = "expired_or_canceled_card"
TWO = request(number_of_vehicles=2, vehicles=[{"plate": "ABC-123"}, {"plate": "DEF-456"}])


def refunded() -> ContractSimulation:
    """Return a world with one void contract, its money given back."""
    simulation = ContractSimulation()
    simulation.platform.refused_plates.add("DEF-456")
    execution = simulation.start(TWO)
    simulation.timeline.run_until(lambda: execution.ended, 3_600)
    assert standing(simulation) == (ContractStatus.VOID, PaymentState.REFUNDED)
    return simulation


def contract(simulation: ContractSimulation) -> Contract:
    (only,) = simulation.contracts.contracts.values()
    return only


def standing(simulation: ContractSimulation) -> tuple[ContractStatus, PaymentState]:
    return contract(simulation).status, contract(simulation).payment_state


def event(simulation: ContractSimulation, payment_id: str = PAYMENT) -> str:
    """Let Stripe tell of a payment or its refund."""
    ports = simulation.reconcile_ports
    return reconciling.payment_event(payment_id.encode(), SIGNATURE, FakePaymentEvents(), ports, simulation.clock)


def test_a_void_contract_is_closing_again_and_people_are_told_once() -> None:
    simulation = refunded()
    simulation.payments.fail_refund(PAYMENT)
    # refund.failed, refund.updated and charge.refund.updated tell of the same, and each may come twice.
    assert [event(simulation) for _ in range(6)] == ["owed"] * 6
    assert standing(simulation) == (ContractStatus.CLOSING, PaymentState.REFUND_FAILED)
    refund_id = f"re_1_{PAYMENT}"
    assert contract(simulation).failed_refunds == (FailedRefund(refund_id, PAYMENT, REASON, told=True),)
    ((word, text),) = simulation.alerts.told
    assert word == "ContractNeedsReview"
    for part in ("5,000,000.00 COP", "CONT-2026-001", refund_id, PAYMENT, REASON):
        assert part in text
    assert simulation.disagreements() == []


def test_the_reconciler_gives_nothing_back_a_second_time() -> None:
    simulation = refunded()
    simulation.payments.fail_refund(PAYMENT)
    event(simulation)
    simulation.timeline.skip(1_000)
    for _ in range(3):
        done = reconciling.close_stranded(simulation.reconcile_ports, simulation.clock)
        assert done == {"closed": 0, "failed": 0, "owed": 1}
    assert len(simulation.payments.intents[PAYMENT].refunds) == 1
    assert len(simulation.alerts.told) == 1


def test_a_refund_made_by_hand_closes_the_contract_whatever_comes_late() -> None:
    simulation = refunded()
    simulation.payments.fail_refund(PAYMENT)
    event(simulation)
    simulation.payments.refund_again(PAYMENT)
    assert event(simulation) == "returned"
    simulation.reconcile()
    assert event(simulation) == "returned", "the first refund's failure, told late"
    assert standing(simulation) == (ContractStatus.VOID, PaymentState.REFUNDED)
    assert (len(simulation.alerts.told), simulation.disagreements()) == (1, [])


def test_the_reconciler_sees_a_refund_of_which_nobody_told() -> None:
    simulation = refunded()
    simulation.payments.fail_refund(PAYMENT)
    event(simulation)
    simulation.payments.refund_again(PAYMENT)
    simulation.reconcile()
    assert standing(simulation) == (ContractStatus.VOID, PaymentState.REFUNDED)


def test_the_next_refund_may_fail_as_well() -> None:
    simulation = refunded()
    for _ in range(2):
        simulation.payments.fail_refund(PAYMENT)
        event(simulation)
        assert standing(simulation) == (ContractStatus.CLOSING, PaymentState.REFUND_FAILED)
        simulation.payments.refund_again(PAYMENT)
        simulation.reconcile()
    assert len(simulation.alerts.told) == 2
    assert [one.refund_id for one in contract(simulation).failed_refunds] == [
        f"re_1_{PAYMENT}",
        f"re_2_{PAYMENT}",
    ]
    assert (standing(simulation)[0], simulation.disagreements()) == (ContractStatus.VOID, [])


def test_stripe_is_asked_to_tell_again_when_people_were_not_told() -> None:
    simulation = refunded()
    simulation.payments.fail_refund(PAYMENT)
    simulation.alerts.down = True
    with pytest.raises(ContractAlertError):
        event(simulation)
    assert standing(simulation) == (ContractStatus.CLOSING, PaymentState.REFUND_FAILED)
    simulation.alerts.down = False
    assert event(simulation) == "owed"
    assert len(simulation.alerts.told) == 1


def test_a_crash_between_any_two_writes_loses_nothing() -> None:
    whole = KillSwitch()
    points = failed_under(whole)[1]
    assert len(points) == 6, "two writes and the telling"
    for at in range(len(points)):
        simulation, _ = failed_under(KillSwitch(at))
        assert standing(simulation) == (ContractStatus.CLOSING, PaymentState.REFUND_FAILED), points[at]
        assert simulation.disagreements() == []
        assert 1 <= len(simulation.alerts.told) <= 2, points[at]
        assert all(one.told for one in contract(simulation).failed_refunds)


def failed_under(switch: KillSwitch) -> tuple[ContractSimulation, list[str]]:
    """Tell of a failed refund with ``switch`` on every write, again after a crash."""
    simulation = refunded()
    simulation.payments.fail_refund(PAYMENT)
    simulation.contracts.switch = simulation.alerts.switch = switch
    try:
        event(simulation)
    except KilledError:
        event(simulation)
    return simulation, switch.points


class At(KillSwitch):
    """Something happens at the first point of a name."""

    def __init__(self, name: str, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._name, self._meanwhile = name, meanwhile

    def point(self, name: str) -> None:
        super().point(name)
        if name == self._name and self.points.count(name) == 1:
            self._meanwhile()


@pytest.mark.parametrize("moment", ["after give back", "before deactivate", "after deactivate"])
def test_a_refund_that_fails_while_its_contract_is_closed(moment: str) -> None:
    simulation = ContractSimulation()
    execution = simulation.start(request())
    simulation.timeline.run_until(lambda: execution.ended, 3_600)

    def fail() -> None:
        simulation.payments.fail_refund(PAYMENT)
        event(simulation)

    simulation.payments.switch = simulation.platform.switch = At(moment, fail)
    for _ in range(2):
        with pytest.raises(RefundFailedError):
            closing.void(contract(simulation).id, "given up", simulation.close_ports, simulation.clock)
    assert standing(simulation) == (ContractStatus.CLOSING, PaymentState.REFUND_FAILED)
    assert len(simulation.alerts.told) == 1
    simulation.payments.refund_again(PAYMENT)
    simulation.reconcile()
    assert (standing(simulation)[0], simulation.disagreements()) == (ContractStatus.VOID, [])


def test_an_active_contract_keeps_the_money_that_came_back() -> None:
    simulation = ContractSimulation()
    execution = simulation.start(request())
    simulation.timeline.run_until(lambda: execution.ended, 3_600)
    simulation.payments.refund_again(PAYMENT)  # by hand, and in vain
    simulation.payments.fail_refund(PAYMENT)
    assert event(simulation) == "ignored"
    assert standing(simulation) == (ContractStatus.ACTIVE, PaymentState.TAKEN)
    assert (simulation.alerts.told, simulation.disagreements()) == ([], [])


def test_a_refund_of_somebody_elses_payment_is_none_of_ours() -> None:
    simulation = refunded()
    charge = Charge("shop", "CONT-1999-001", 5, "COP", GOOD_CARD)
    simulation.payments.take(simulation.payments.prepare(charge).id)
    simulation.payments.refund_again("pi_shop")
    simulation.payments.fail_refund("pi_shop")
    with pytest.raises(NotFoundError):
        simulation.contracts.get(charge.contract_id)
    assert (event(simulation, "pi_shop"), simulation.alerts.told) == ("ignored", [])


def test_a_payment_too_many_that_came_back_is_told_and_leaves_the_contract_as_it_is() -> None:
    simulation = ContractSimulation()
    execution = simulation.start(request())
    simulation.timeline.run_until(lambda: execution.ended, 3_600)
    charge = Charge("too-many", contract(simulation).id, 5, "COP", GOOD_CARD)
    simulation.payments.take(simulation.payments.prepare(charge).id)
    assert event(simulation, "pi_too-many") == "returned"
    simulation.payments.fail_refund("pi_too-many")
    assert [event(simulation, "pi_too-many") for _ in range(3)] == ["owed"] * 3
    assert standing(simulation) == (ContractStatus.ACTIVE, PaymentState.TAKEN)
    assert [one.payment_id for one in contract(simulation).failed_refunds] == ["pi_too-many"]
    assert len(simulation.alerts.told) == 1
    assert len(simulation.payments.intents["pi_too-many"].refunds) == 1
