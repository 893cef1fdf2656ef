"""Asks for each refusal that the API documents: a good request of each route, with one thing made wrong."""

from __future__ import annotations

import contextlib
import http.client
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from botocore.exceptions import ConnectionClosedError

from chalicelib.core.access import Grant, Principal, new_token
from chalicelib.core.access.store import item_of
from chalicelib.core.http.reading import LARGEST_BODY_BYTES
from localcloud.access import TABLE
from localcloud.project import LocalProject
from localcloud.standins.slack_people import Person
from tests.api.witness import Sent, Witness

_PARAMETER = re.compile(r"{\w+}")
_BEFORE_THE_VIEW = (b'"signalbox-local-access"', b'"signalbox-local-audit", "Item"')
"""What a request asks for before its view: a doorkeeper that cannot read answers nobody."""
_FROM_SLACK = ("/slack/commands", "/slack/interactions")
"""These are signed anew, as a signature holds for minutes."""
_MINUTES = 10


def send(project: LocalProject, sent: Sent) -> tuple[int, dict[str, str], bytes]:
    """Send a request and return the answer's status, headers and body."""
    parts = urlsplit(project.api_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    path = sent.path + (f"?{urlencode(sent.query)}" if sent.query else "")
    headers = {name: value for name, value in sent.headers.items() if name not in ("content-length", "host")}
    try:
        connection.request(sent.method, path, sent.body or None, headers)
        response = connection.getresponse()
        given = {name.lower(): value for name, value in response.getheaders()}
        return response.status, given, response.read()
    finally:
        connection.close()


def ask_wrongly(project: LocalProject, witness: Witness) -> None:
    """Send every good request again, each time with one thing wrong."""
    scopeless, hurried = _holder(project, "scopeless"), _holder(project, "hurried", "admin")
    _exhaust(project, "hurried")
    wrong = [
        one
        for (_, template), good in sorted(witness.good.items())
        for one in _wrong(template, _by(good, project.token), scopeless, hurried)
    ]
    with ThreadPoolExecutor(8) as senders:
        list(senders.map(lambda one: send(project, one), wrong))


def ask_while_services_are_down(project: LocalProject, witness: Witness) -> None:
    """Send every good request again while nothing behind the API answers."""
    good = [_by(sent, project.token) for _, sent in sorted(witness.good.items())]
    with _down(project), ThreadPoolExecutor(8) as senders:
        list(senders.map(lambda one: send(project, one), good))
        for path in _FROM_SLACK:
            Person(project.slack, project.slack_url).send(path, witness.good["POST", path].body.decode())


def _wrong(template: str, good: Sent, scopeless: str, hurried: str) -> Iterator[Sent]:
    yield replace(good, headers={**good.headers, "authorization": ""})
    yield _by(good, scopeless)
    yield _by(good, hurried)
    yield replace(good, query={**good.query, "colour": "red"})
    yield replace(good, path=_PARAMETER.sub("of-nobody", template))
    if good.method != "GET":
        for body in (b"", b"{", b"[]", b'{"colour": "red"}', b'"' + b"x" * LARGEST_BODY_BYTES + b'"'):
            yield replace(good, body=body, headers={**good.headers, "content-type": "application/json"})
        yield replace(good, headers={**good.headers, "content-type": "text/csv"})


def _by(good: Sent, token: str) -> Sent:
    return replace(good, headers={**good.headers, "authorization": f"Bearer {token}"})


def _holder(project: LocalProject, name: str, *scopes: str) -> str:
    token, now = new_token(), datetime.fromtimestamp(project.timeline.now(), UTC)
    grant = Grant(Principal(name, frozenset(scopes)), now + timedelta(days=1))
    project.cloud.client("dynamodb").put_item(TableName=TABLE, Item=item_of(token, grant, now))
    return token


def _exhaust(project: LocalProject, name: str) -> None:
    """Count more requests than anybody may make, in this minute and the next ones."""
    this = int(project.timeline.now()) // 60
    for minute in range(this, this + _MINUTES):
        item = {"pk": {"S": f"rate#{name}#{minute}"}, "requests": {"N": "1000000000"}}
        project.cloud.client("dynamodb").put_item(TableName=TABLE, Item=item)


@contextlib.contextmanager
def _down(project: LocalProject) -> Iterator[None]:
    def refuse(service: str, request: Any) -> Callable[[int], None]:
        body = request.body if isinstance(request.body, bytes) else str(request.body).encode()
        if not any(table in body for table in _BEFORE_THE_VIEW):
            raise ConnectionClosedError(endpoint_url=service)
        return lambda status: None

    project.cloud.router.tell(refuse)
    try:
        yield
    finally:
        project.cloud.router.tell(lambda service, request: lambda status: None)
