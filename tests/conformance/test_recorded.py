"""Every history recorded from AWS, run on the interpreter."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.conformance.adapter import run_case

CONFORMANCE = Path(__file__).resolve().parents[2].parent / "shared" / "conformance"
WHOLE_HISTORY = 3

pytestmark = pytest.mark.skipif(
    not CONFORMANCE.is_dir(), reason=f"the recorded histories are not here: {CONFORMANCE}"
)


def recorded_cases() -> list[dict[str, Any]]:
    return [case for path in sorted(CONFORMANCE.glob("cases/*.json")) for case in json.loads(path.read_text())]


@pytest.fixture(scope="module")
def compare() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compare", CONFORMANCE / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("case", recorded_cases(), ids=lambda case: case["id"])
def test_the_history_is_the_recorded_one(case: dict[str, Any], compare: ModuleType) -> None:
    events = run_case(case["definition"], case["input"], case.get("functions", {}))
    level, note = compare.verdict(case, events)
    assert level == WHOLE_HISTORY, note
