"""A room of fakes."""

from __future__ import annotations

import pytest

from tests.fakes.approvals.world import FakeRoom


@pytest.fixture
def fakes() -> FakeRoom:
    return FakeRoom()
