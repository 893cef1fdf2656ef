"""ActivateService: every vehicle of a paid contract is switched on once; how far it came is written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.contracts.contract import Contract, ContractStatus, plate_of, waiting
from chalicelib.fleet.errors.contracts import ServiceActivationError
from chalicelib.fleet.ports.contracts import ContractStore
from chalicelib.fleet.ports.vehicles import MOST_UNITS, Unit, VehiclePlatform
from chalicelib.fleet.service.contracts.changing import change

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Ports:
    """What activating needs."""

    contracts: ContractStore
    platform: VehiclePlatform


def activate(contract_id: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Return ``{"service_status": "active", "vehicles_activated": n}``; goes on where an earlier attempt ended.

    Raises:
        ServiceActivationError: the platform refuses vehicles, or the contract is not (or no longer) paid.
        VehiclePlatformError: the platform did not answer.
    """
    contract = _paid(ports.contracts.get(contract_id))
    if contract.status is not ContractStatus.ACTIVE:
        for units in _batches(contract):
            answers = ports.platform.activate(contract_id, units)
            contract = _recorded(contract_id, answers, ports, clock)
        if contract.refused:
            raise ServiceActivationError(_refusal(contract, contract.refused))
        contract = change(contract_id, lambda one: _active(one, clock), ports.contracts)
    return {"service_status": "active", "vehicles_activated": len(contract.activated)}


def _refusal(contract: Contract, refused: dict[str, str]) -> str:
    """Return which vehicles the platform refused, in words."""
    listed = [_named(contract, number, why) for number, why in list(refused.items())[:_MOST_NAMED]]
    more = [f"and {len(refused) - _MOST_NAMED} more"] if len(refused) > _MOST_NAMED else []
    told = "; ".join([*listed, *more])
    return f"the vehicle platform refused {len(refused)} of {contract.number_of_vehicles} vehicles: {told}"


def _named(contract: Contract, number: str, why: str) -> str:
    return f"{plate_of(contract, int(number)) or f'number {number}'} ({why})"


def _batches(contract: Contract) -> Iterator[list[Unit]]:
    numbers = waiting(contract)
    for start in range(0, len(numbers), MOST_UNITS):
        yield [Unit(number, plate_of(contract, number)) for number in numbers[start : start + MOST_UNITS]]


def _recorded(contract_id: str, answers: dict[int, str | None], ports: Ports, clock: Clock) -> Contract:
    """Write which vehicles are on. Of a contract given up meanwhile, whoever gave it up switches them off."""
    on = {number for number, refusal in answers.items() if refusal is None}
    refused = {str(number): refusal for number, refusal in answers.items() if refusal is not None}

    def rule(contract: Contract) -> Contract:
        _paid(contract)
        before = {number: why for number, why in (contract.refused or {}).items() if int(number) not in on}
        return replace(
            contract,
            activated=tuple(sorted({*contract.activated, *on})),
            refused=(before | refused) or None,
            updated_at=clock.now(),
        )

    return change(contract_id, rule, ports.contracts)


def _active(contract: Contract, clock: Clock) -> Contract:
    _paid(contract)
    return replace(contract, status=ContractStatus.ACTIVE, updated_at=clock.now())


def _paid(contract: Contract) -> Contract:
    if contract.status not in (ContractStatus.PAID, ContractStatus.ACTIVE):
        raise ServiceActivationError(f"contract {contract.id} is {contract.status}, not paid")
    return contract
