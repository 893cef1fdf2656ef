"""Where contracts are kept, and the executions that make them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.fleet.domain.contracts.contract import Contract


class ContractStore:
    """Contracts, each owned by one request (an execution's name)."""

    def next_sequence(self, year: int) -> int:
        """Return the next number of ``year``, from 1; each is given once, one that is never used leaves a gap."""
        raise NotImplementedError

    def create(self, contract: Contract) -> bool:
        """Keep a new contract as that of its request.

        Returns:
            False, keeping nothing, when the request has a contract already or was refused one.
        """
        raise NotImplementedError

    def of_request(self, request_id: str) -> Contract | None:
        """Return the contract of a request, None when it has none."""
        raise NotImplementedError

    def refuse(self, request_id: str) -> bool:
        """See to it that the request never gets a contract.

        Returns:
            False when it has one.
        """
        raise NotImplementedError

    def get(self, contract_id: str) -> Contract:
        """Return a contract, read consistently.

        Raises:
            ContractNotFoundError: there is no such contract.
        """
        raise NotImplementedError

    def move(self, before: Contract, after: Contract) -> Contract:
        """Keep ``after`` in the place of ``before`` and return it with its new version.

        Raises:
            ConflictError: somebody wrote it since ``before`` was read.
        """
        raise NotImplementedError

    def page(self, limit: int, after: str | None) -> tuple[list[Contract], str | None]:
        """Return contracts, those made last before others, and where the next page begins.

        Args:
            limit: how many at most.
            after: what the page before ended with.

        Raises:
            InvalidInputError: ``after`` is no such place.
        """
        raise NotImplementedError

    def unfinished(self, before: datetime) -> list[Contract]:
        """Return the contracts in open statuses that were last written before ``before``, oldest first."""
        raise NotImplementedError


class ContractAlerts:
    """The people who see to contracts."""

    def tell(self, event: str, subject: str, text: str) -> None:
        """Tell them; told twice they read it twice.

        Args:
            event: what happened, one word to filter by.
            subject: one line, under 100 characters of ASCII.
            text: what they need to know.

        Raises:
            ContractAlertError: they may not have been told.
        """
        raise NotImplementedError


class ContractRuns:
    """Executions of ``business-workflow``."""

    def start(self, name: str, request: dict[str, Any]) -> tuple[str, bool]:
        """Start an execution by its name.

        Returns:
            (its ARN, whether it is new): the same name with the same input is the same execution.

        Raises:
            ConflictError: the name was used with another input.
        """
        raise NotImplementedError

    def status(self, name: str) -> str | None:
        """Return ``RUNNING``, ``SUCCEEDED``, ``FAILED``, ...; None when there is no such execution (any more)."""
        raise NotImplementedError
