"""Customers: the registry that knows them, and whether it may be asked."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.fleet.domain.contracts.circuit import Circuit


@dataclass(frozen=True, slots=True)
class Customer:
    """What the registry says."""

    customer_id: str
    status: str
    """``active``; anything else makes no contract."""
    score: int
    """Credit score, 0 to 100."""
    document_id: str | None = None
    email: str | None = None
    payment_method_id: str | None = None
    """The card on file, by Stripe's id."""


class CustomerRegistry:
    """Who a customer is."""

    def look_up(self, customer_id: str, document_id: str | None) -> Customer | None:
        """Return the customer, None when the registry knows none of this id.

        Raises:
            CustomerRegistryError: it did not answer.
        """
        raise NotImplementedError


class Circuits:
    """What is remembered of services that fail, by their name."""

    def get(self, service: str) -> Circuit:
        """Return a service's circuit, a fresh one when nothing is remembered."""
        raise NotImplementedError

    def put(self, service: str, before: Circuit, after: Circuit) -> bool:
        """Keep ``after`` in the place of ``before``; False when somebody wrote it meanwhile."""
        raise NotImplementedError
