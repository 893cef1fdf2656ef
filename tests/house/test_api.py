"""No route without a promise, no promise without a key to its door, and a description that is a valid one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from chalice import CustomAuthorizer, IAMAuthorizer
from chalice.app import ChaliceAuthorizer, RouteEntry

from chalicelib.core.access import SCOPES
from chalicelib.core.http.contract import Contract
from chalicelib.core.http.openapi import describe

CONSOLE = {"/console", "/console/{file}", "/console/{folder}/{file}"}
WEBHOOKS = {"/slack/commands", "/slack/interactions", "/tickets", "/payments/webhook"}
OPEN = {"/health", "/openapi.json", *CONSOLE, *WEBHOOKS}
"""Anybody may ask, or the sender's signature is the key."""


def routes() -> Iterator[tuple[str, RouteEntry]]:
    from app import app

    for path, methods in app.routes.items():
        for method, entry in methods.items():
            yield f"{method} {path}", entry


def contract_of(entry: RouteEntry) -> Contract:
    contract = getattr(entry.view_function, "contract", None)
    assert isinstance(contract, Contract), f"{entry.uri_pattern} is not under http.answering"
    return contract


@pytest.mark.parametrize(("name", "entry"), [pytest.param(*found, id=found[0]) for found in routes()])
def test_a_route_asks_for_a_token_and_a_scope(name: str, entry: RouteEntry) -> None:
    contract = contract_of(entry)
    if contract.scope is None:
        assert entry.uri_pattern in OPEN, f"{name} is open to anybody"
        return
    assert contract.scope in SCOPES
    assert isinstance(entry.authorizer, ChaliceAuthorizer), f"{name} has a scope and nobody who asks for the token"
    assert entry.authorizer.name == "token-authorizer"
    assert not isinstance(entry.authorizer, (IAMAuthorizer, CustomAuthorizer))


def test_the_description_has_every_route_and_every_reference_resolves() -> None:
    from app import app

    document = describe(app, "Signalbox", "1")
    described = {f"{m.upper()} {path}" for path, methods in document["paths"].items() for m in methods}
    assert described == {name for name, _ in routes()}
    names = set(document["components"]["schemas"])
    assert {ref.rsplit("/", 1)[-1] for ref in _references(document)} <= names
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all(re.search(r"\w\.$|\w$|;", one["summary"]) for one in operations)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
