"""The console's files over HTTP: open, typed, asked for again by ETag, and nothing beside them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chalice.test import Client

from chalicelib.workflows.adapters.console_files import HOME


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    from app import app

    with Client(app) as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/console", "text/html; charset=utf-8"),
        ("/console/style.css", "text/css; charset=utf-8"),
        ("/console/icon.svg", "image/svg+xml"),
        ("/console/pages/index.js", "text/javascript; charset=utf-8"),
    ],
)
def test_a_file_is_sent_with_its_type_and_asked_for_again_by_its_etag(
    client: Client, path: str, media: str
) -> None:
    first = client.http.get(path)
    assert (first.status_code, first.headers["Content-Type"]) == (200, media)
    again = client.http.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.body) == (304, b"")
    assert client.http.get(path, headers={"If-None-Match": '"old"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/console/none.js",
        "/console/pages",
        "/console/pages/..%2findex.html",
        "/console/%2e%2e/routes.py",
        "/console/../app.js",
        "/console/pages/../../__init__.py",
        "/console/__init__.py",
    ],
)
def test_nothing_else_is_given_away(client: Client, path: str) -> None:
    assert client.http.get(path).status_code in (403, 404)


def test_the_page_names_its_files_relative_to_the_stage() -> None:
    page = (HOME / "index.html").read_text()
    assert 'src="/' not in page
    assert 'href="/' not in page
    assert "//" not in page.replace("<!doctype", "")
