"""The customer registry over HTTP.

GET {url}/customers/{customer_id}?document_id=900123456-8
    -> 200 {"customer_id", "status", "score", "document_id", "email", "payment_method_id"}     404 unknown
"""

from __future__ import annotations

import urllib.parse

import msgspec

from chalicelib.core import payload
from chalicelib.core.errors import InvalidInputError
from chalicelib.fleet.adapters.http_json import ask
from chalicelib.fleet.errors.contracts import CustomerRegistryError
from chalicelib.fleet.ports.customers import Customer, CustomerRegistry

TIMEOUT_SECONDS = 5.0


class _Answer(msgspec.Struct):
    """What the registry says."""

    customer_id: str
    status: str
    score: int
    document_id: str | None = None
    email: str | None = None
    payment_method_id: str | None = None


class HttpCustomerRegistry(CustomerRegistry):
    """See the module's docstring for the protocol."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def look_up(self, customer_id: str, document_id: str | None) -> Customer | None:
        """See `CustomerRegistry.look_up`."""
        query = "?" + urllib.parse.urlencode({"document_id": document_id}) if document_id else ""
        url = f"{self._url}/customers/{urllib.parse.quote(customer_id, safe='')}{query}"
        status, body = ask("GET", url, timeout_seconds=TIMEOUT_SECONDS, failure=CustomerRegistryError)
        if status == 404:
            return None
        if status != 200:
            raise CustomerRegistryError(f"the customer registry answered {status} about {customer_id}")
        try:
            answer = payload.parse(_Answer, body)
        except InvalidInputError as error:
            raise CustomerRegistryError(f"the customer registry's answer cannot be read: {error}") from error
        return Customer(
            customer_id=answer.customer_id,
            status=answer.status,
            score=answer.score,
            document_id=answer.document_id,
            email=answer.email,
            payment_method_id=answer.payment_method_id,
        )
