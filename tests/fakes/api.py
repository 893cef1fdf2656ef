"""The API as a signed-in client sees it: the app's routes through Chalice, on AWS's stand-in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chalice import Chalice
from chalice.test import Client, HTTPResponse

from chalicelib.core import aws
from chalicelib.core.access import Grant, Principal, new_token
from chalicelib.core.access.store import item_of

ACCESS, AUDIT = "access", "audit"


class SignedIn:
    """Sends every request with a token; stands where Chalice's ``Client.http`` would."""

    def __init__(self, client: Client, token: str) -> None:
        self._client, self.token = client, token

    def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> HTTPResponse:
        given = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self._client.http.request(method, path, headers=given, body=body)

    def get(self, path: str, **given: Any) -> HTTPResponse:
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> HTTPResponse:
        return self.request("POST", path, **given)

    def holder_of(self, *scopes: str, days: float = 1.0, name: str = "someone") -> SignedIn:
        """Return another client, whose token has these scopes and ends in so many days."""
        return SignedIn(self._client, let_in(*scopes, days=days, name=name))


@contextlib.contextmanager
def signed_in(app: Chalice, *scopes: str) -> Iterator[SignedIn]:
    """Make the tables of access and audit inside the moto that is on, and sign in; without scopes as admin."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ACCESS_TABLE", ACCESS)
        environment.setenv("AUDIT_TABLE", AUDIT)
        environment.setenv("REQUESTS_PER_MINUTE", "0")
        make_tables()
        with Client(app) as client:
            yield SignedIn(client, let_in(*scopes or ("admin",)))


def make_tables() -> None:
    for table, keys in ((ACCESS, ("pk",)), (AUDIT, ("pk", "sk"))):
        aws.client("dynamodb").create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
        )


def let_in(*scopes: str, days: float = 1.0, name: str = "someone") -> str:
    """Return a token the access table knows."""
    token, now = new_token(), datetime.now(UTC)
    grant = Grant(Principal(name, frozenset(scopes)), now + timedelta(days=days))
    aws.client("dynamodb").put_item(TableName=ACCESS, Item=item_of(token, grant, now))
    return token
