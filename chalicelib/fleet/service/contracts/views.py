"""A contract as clients see it."""

from __future__ import annotations

from typing import Any

from chalicelib.core import payload
from chalicelib.fleet.domain.contracts import money
from chalicelib.fleet.domain.contracts.contract import Contract
from chalicelib.fleet.domain.contracts.request import EXECUTION_ID
from chalicelib.fleet.errors.contracts import ContractNotFoundError
from chalicelib.fleet.ports.contracts import ContractRuns, ContractStore

_HIDDEN = ("payment_method_id", "version", "activated")


def contract_now(contract_id: str, contracts: ContractStore, runs: ContractRuns) -> dict[str, Any]:
    """Return a contract by its id, or a request by its own: a request without a contract says how its run stands.

    Anything may be asked for: what cannot be an id is not looked for.

    Raises:
        ContractNotFoundError: there is neither.
    """
    if not EXECUTION_ID.fullmatch(contract_id):
        raise ContractNotFoundError(f"{contract_id[:64]!r} is no id of a contract or of a request")
    if contract_id.startswith("CONT-"):
        return shown(contracts.get(contract_id))
    contract = contracts.of_request(contract_id)
    if contract is not None:
        return shown(contract)
    status = runs.status(contract_id)
    if status is None:
        raise ContractNotFoundError(f"there is no contract and no request {contract_id}")
    return {"request_id": contract_id, "contract_id": None, "status": "requested", "execution_status": status}


def contract_page(limit: int, after: str | None, contracts: ContractStore) -> dict[str, Any]:
    """Return ``{"contracts": [...], "next": place or None}``, those made last before others.

    Raises:
        InvalidInputError: ``after`` is no place that a page ended with.
    """
    found, following = contracts.page(limit, after)
    return {"contracts": [shown(contract) for contract in found], "next": following}


def shown(contract: Contract) -> dict[str, Any]:
    """Return what clients see of a contract."""
    plain = payload.to_json_types(contract)
    seen = {name: value for name, value in plain.items() if name not in _HIDDEN}
    seen["contract_id"] = seen.pop("id")
    seen["amount"] = money.shown(contract.amount_minor, contract.currency)
    seen["vehicles_activated"] = len(contract.activated)
    return seen
