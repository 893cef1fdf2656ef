"""Who gets in, who does not, how often, and what is written down of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from chalice import Chalice
from chalice.test import Client
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.core import audit, aws, http
from chalicelib.core.access import SCOPES, Principal, digest, new_token, token_of
from chalicelib.core.access.doors import bp, token_authorizer
from tests.fakes.api import SignedIn, signed_in


class Body(msgspec.Struct, forbid_unknown_fields=True):
    reason: str


class Query(msgspec.Struct):
    limit: int = 5


done: list[str] = []
"""What the views did."""


@pytest.fixture(scope="module")
def api() -> Iterator[SignedIn]:
    app = Chalice(app_name="t")
    app.register_middleware(http.as_problem, "http")
    app.register_blueprint(bp)

    @app.route("/open")
    @http.answering(scope=None)
    def open_to_anybody() -> dict[str, str]:
        return {}

    @app.route("/things", authorizer=token_authorizer)
    @http.answering(scope="read", query=Query)
    def look(query: Query) -> dict[str, Any]:
        return {"limit": query.limit, "who": http.caller().name}

    @app.route("/things", methods=["POST"], authorizer=token_authorizer)
    @http.answering(scope="run", takes=Body)
    def change(body: Body) -> dict[str, str]:
        if body.reason == "boom":
            raise KeyError("boom")
        done.append(body.reason)
        return {"reason": body.reason}

    aws.client.cache_clear()
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        with signed_in(app) as client:
            yield client
    aws.client.cache_clear()


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    done.clear()


def of_today() -> list[dict[str, str]]:
    return audit.entries(f"{datetime.now(UTC):%Y-%m-%d}", 1_000, None)[0]


POST: dict[str, Any] = {"body": b'{"reason": "why"}', "headers": {"Content-Type": "application/json"}}


def posting(header: str | None) -> dict[str, Any]:
    headers = dict(POST["headers"]) | ({"Authorization": header} if header is not None else {})
    return {"body": POST["body"], "headers": headers}


FORGERIES = {
    "no scheme": "sbx_" + "A" * 43,
    "another scheme": "Basic dXNlcjpwYXNzd29yZA==",
    "a stranger": "Bearer sbx_" + "A" * 43,
    "too short": "Bearer sbx_AAAA",
    "empty": "",
    "the hash of a token": f"Bearer {digest('sbx_' + 'A' * 43)}",
}


@pytest.mark.parametrize("header", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_changes_nothing(api: SignedIn, header: str) -> None:
    before = of_today()
    answer = api.request("POST", "/things", **posting(header))
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, http.PROBLEM_TYPE)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (done, of_today()) == ([], before)


def test_no_token_or_one_in_the_query_does_not_get_in(api: SignedIn) -> None:
    client: Client = api._client
    for path in ("/things", f"/things?access_token={api.token}"):
        answer = client.http.request("POST", path, **posting(None))
        assert answer.status_code == 401
    assert done == []


def test_a_token_ends(api: SignedIn) -> None:
    answer = api.holder_of("admin", days=-0.001).post("/things", **POST)
    assert answer.status_code == 401
    assert "ended on" in answer.json_body["detail"]
    assert done == []


@pytest.mark.parametrize(
    ("scopes", "method", "status"),
    [
        (("read",), "GET", 200),
        (("read",), "POST", 403),
        (("run",), "GET", 403),
        (("run",), "POST", 200),
        (("decide",), "POST", 403),
        (("read", "run"), "POST", 200),
        (("admin",), "POST", 200),
        ((), "GET", 403),
    ],
)
def test_a_scope_opens_what_it_names(api: SignedIn, scopes: tuple[str, ...], method: str, status: int) -> None:
    given: dict[str, Any] = POST if method == "POST" else {}
    answer = api.holder_of(*scopes).request(method, "/things", **given)
    assert answer.status_code == status
    assert done == (["why"] if (method, status) == ("POST", 200) else [])


def test_an_open_route_asks_nobody(api: SignedIn) -> None:
    client: Client = api._client
    assert client.http.get("/open").status_code == 200


def test_a_change_is_written_down_and_a_look_is_not(api: SignedIn) -> None:
    holder = api.holder_of("admin", name="night shift")
    holder.get("/things")
    holder.post("/things", **POST)
    holder.post("/things", headers=POST["headers"], body=b'{"reason": "boom"}')
    mine = [entry for entry in of_today() if entry["who"] == "night shift"]
    assert [(e["what"], e["where"], e["outcome"]) for e in mine] == [
        ("POST /things", "127.0.0.1", "done"),
        ("POST /things", "127.0.0.1", "KeyError"),
    ]


def test_what_cannot_be_written_down_is_not_done(api: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TABLE", "no-such-table")
    assert api.post("/things", **POST).status_code == 500
    assert done == []


def test_too_many_requests_wait_for_the_next_minute(api: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_PER_MINUTE", "3")
    holder = api.holder_of("read", name="eager")
    answers = [holder.get("/things") for _ in range(8)]
    refused = [one for one in answers if one.status_code == 429]
    assert len(refused) >= 2, "eight requests fall into two minutes at most"
    assert all(1 <= int(one.headers["Retry-After"]) <= 60 for one in refused)
    assert api.get("/things").status_code == 200, "others are not held up"


def test_a_counter_out_of_reach_closes_no_door(api: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_PER_MINUTE", "3")
    token = api.holder_of("read", name="lucky")

    def fail(**_kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(aws.client("dynamodb"), "update_item", fail)
    assert token.get("/things").status_code == 200


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/things?limit=many", "?limit"),
        ("/things?limit=1&limit=2", "?limit"),
        ("/things?size=1", "?size"),
    ],
)
def test_a_query_says_what_is_wrong_with_it(api: SignedIn, path: str, place: str) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.json_body["errors"][0]["path"]) == (422, place)
    assert api.get("/things?limit=7").json_body == {"limit": 7, "who": "someone"}


def test_tokens_are_different_and_kept_as_hashes_only(api: SignedIn) -> None:
    assert new_token() != new_token()
    stored = str(aws.client("dynamodb").scan(TableName="access")["Items"])
    assert digest(api.token) in stored
    assert api.token not in stored


@given(st.text(max_size=80))
def test_only_our_own_tokens_are_looked_up(text: str) -> None:
    token = token_of(f"Bearer {text}")
    assert token is None or (token.startswith("sbx_") and len(token) == 47)


def test_admin_may_everything_and_others_what_they_have() -> None:
    admin, reader = Principal("a", frozenset({"admin"})), Principal("r", frozenset({"read"}))
    assert all(admin.may(scope) for scope in SCOPES)
    assert [scope for scope in SCOPES if reader.may(scope)] == ["read"]
