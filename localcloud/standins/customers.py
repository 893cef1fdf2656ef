"""The customer registry.

GET /customers               everybody it knows
GET /customers/{id}          one customer, 404 when unknown
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

from localcloud.web_server import QuietHandler, Serving, serve

GOOD_CARD, DECLINED_CARD = "pm_card_visa", "pm_card_chargeCustomerFail"
"""Stripe's names of test cards; localstripe knows both (https://docs.stripe.com/testing?testing-method=payment-methods)."""


def _customer(customer_id: str, *, score: int, card: str = GOOD_CARD, status: str = "active") -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "status": status,
        "score": score,
        "document_id": None,
        "email": f"{customer_id.lower()}@example.com",
        "payment_method_id": card,
    }


CUSTOMERS = {
    customer["customer_id"]: customer
    for customer in (
        _customer("CUST-98765", score=95),
        _customer("CUST-TEST-001", score=88),
        _customer("CUST-DECLINED", score=71, card=DECLINED_CARD),
        _customer("CUST-BLOCKED", score=12, status="blocked"),
    )
}


def serve_customers(port: int = 0) -> Serving:
    """Serve the registry; its address is the functions' CUSTOMER_REGISTRY_URL."""

    class Handler(QuietHandler):
        def respond(self) -> None:
            self.read_body()
            path = unquote(urlsplit(self.path).path)
            customer = CUSTOMERS.get(path.removeprefix("/customers/"))
            if self.command == "GET" and path == "/customers":
                self._send(200, {"customers": list(CUSTOMERS.values())})
            elif self.command == "GET" and path.startswith("/customers/") and customer:
                self._send(200, customer)
            else:
                self._send(404, {"error": "not_found"})

        def _send(self, status: int, body: dict[str, Any]) -> None:
            self.answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})

    return serve(Handler, port, what="the customer registry")
