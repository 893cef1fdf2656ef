"""How a contract is written: read, changed by a rule, written if nobody wrote it meanwhile, else again."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.core.errors import ConflictError, TransientError
from chalicelib.fleet.domain.contracts.contract import Contract
from chalicelib.fleet.ports.contracts import ContractStore

_MOST_TRIES = 5


def change(contract_id: str, rule: Callable[[Contract], Contract], contracts: ContractStore) -> Contract:
    """Write what ``rule`` makes of the contract as it is now, and return it; an unchanged one is not written.

    ``rule`` may be called several times and may raise to refuse.

    Raises:
        TransientError: others keep writing it.
        ContractNotFoundError: there is no such contract.
    """
    for _ in range(_MOST_TRIES):
        before = contracts.get(contract_id)
        after = rule(before)
        if after == before:
            return before
        try:
            return contracts.move(before, after)
        except ConflictError:
            continue
    raise TransientError(f"contract {contract_id} is being written by others again and again")
