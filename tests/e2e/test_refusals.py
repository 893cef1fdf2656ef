"""What the local server refuses before the application is asked: as API Gateway does, and as a problem."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

from localcloud.project import LocalProject

JSON = {"Content-Type": "application/json"}


def ask(
    project: LocalProject, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], Any]:
    """Send a request as it stands; (status, headers by lower-case name, the answer's JSON)."""
    host = project.api_url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=60)
    try:
        connection.request(
            method, path, body or None, {"Authorization": f"Bearer {project.token}", **JSON, **headers}
        )
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    named = {name.lower(): value for name, value in answer.getheaders()}
    return answer.status, named, json.loads(content) if content else None


@pytest.mark.parametrize("token", ["Bearer sbx_" + "x" * 43, 'Bearer "', "Bearer \xff", "", "Basic eDp5"])
def test_a_path_that_is_none_is_404_and_repeats_no_token(project: LocalProject, token: str) -> None:
    status, headers, body = ask(project, "GET", "/nowhere", Authorization=token)
    assert (status, headers["content-type"]) == (404, "application/problem+json")
    assert body["detail"] == "there is no such path"
    assert body["requestId"] == headers["x-request-id"]


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "HEAD", "TRACE"])
def test_a_method_that_is_none_is_405_and_says_which_there_are(project: LocalProject, method: str) -> None:
    status, headers, body = ask(project, method, "/executions", Origin="https://elsewhere.example")
    assert (status, headers["allow"]) == (405, "GET")
    assert "access-control-allow-origin" not in headers
    assert method == "HEAD" or body["status"] == 405


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x" * 10_000_001, {}, 413),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"\xff\xfe{}", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b'{"a": 1e999}', {}, 400),
        (b"{} {}", {}, 400),
        (b"[]", {}, 422),
        (b'{"name": "\\ud800"}', {}, 400),
    ],
)
def test_a_body_that_cannot_be_taken_is_said_to_be_none(
    project: LocalProject, body: bytes, headers: dict[str, str], status: int
) -> None:
    answered, named, told = ask(project, "POST", "/campaigns", body, **headers)
    assert (answered, named["content-type"], told["status"]) == (status, "application/problem+json", status)
    assert told["requestId"]
