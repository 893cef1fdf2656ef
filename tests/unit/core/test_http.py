"""Errors as problem+json, whatever breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError
from chalice import Chalice
from chalice.test import Client

from chalicelib.core import http
from chalicelib.core.errors import ConflictError, InvalidInputError, NotFoundError, Problem, TransientError

THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "Query")
DENIED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "secret arn"}}, "Query")
RAISED = {
    "problems": InvalidInputError([Problem("a.b", "bad", "is bad"), Problem("c", "bad", "is bad")]),
    "missing": NotFoundError("there is no x"),
    "conflict": ConflictError("it is taken"),
    "busy": TransientError("try later"),
    "limited": http.HttpError(429, "too many", {"Retry-After": "7"}),
    "throttled": THROTTLED,
    "unreachable": EndpointConnectionError(endpoint_url="https://secret.example"),
    "cut": ConnectionClosedError(endpoint_url="https://secret.example"),
    "denied": DENIED,
    "bug": KeyError("secret"),
}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    app = Chalice(app_name="t")
    app.register_middleware(http.as_problem, "http")

    @app.route("/{name}")
    @http.answering
    def view(name: str) -> dict[str, str]:
        if name in RAISED:
            raise RAISED[name]
        return {"name": name}

    with Client(app) as found:
        yield found


@pytest.mark.parametrize(
    ("name", "status", "retry_after"),
    [
        ("problems", 422, None),
        ("missing", 404, None),
        ("conflict", 409, None),
        ("busy", 503, "5"),
        ("limited", 429, "7"),
        ("throttled", 503, "5"),
        ("unreachable", 503, "5"),
        ("cut", 503, "5"),
        ("denied", 500, None),
        ("bug", 500, None),
    ],
)
def test_each_error_has_its_status(client: Client, name: str, status: int, retry_after: str | None) -> None:
    answer = client.http.get(f"/{name}")
    assert (answer.status_code, answer.json_body["status"]) == (status, status)
    assert answer.headers["Content-Type"] == http.PROBLEM_TYPE
    assert answer.headers.get("Retry-After") == retry_after
    assert answer.json_body["title"]
    assert answer.headers["X-Request-Id"] == answer.json_body["requestId"]
    assert "secret" not in answer.body.decode()


def test_every_problem_travels_with_path_code_and_message(client: Client) -> None:
    assert client.http.get("/problems").json_body["errors"] == [
        {"path": "a.b", "code": "bad", "message": "is bad"},
        {"path": "c", "code": "bad", "message": "is bad"},
    ]


def test_chalices_own_errors_have_the_same_form(client: Client) -> None:
    answer = client.http.post("/x")
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, http.PROBLEM_TYPE)
    assert answer.headers["Allow"] == "GET"


def test_an_answer_is_left_as_it_is(client: Client) -> None:
    answer = client.http.get("/fine")
    assert (answer.status_code, answer.json_body) == (200, {"name": "fine"})
    assert answer.headers["X-Request-Id"]
