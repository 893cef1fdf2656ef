"""AWS in process, as the template makes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from chalicelib.approvals import wiring
from chalicelib.approvals.ports.room import Room
from chalicelib.core import aws
from tests.fakes.approvals.aws import make_resources


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    aws.client.cache_clear()
    with mock_aws():
        make_resources(monkeypatch)
        yield wiring.room()
    aws.client.cache_clear()
