"""Task tokens are kept out of what is shown, however they are wrapped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.workflows.domain.masking import MASK, TOO_DEEP, masked


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"taskToken": "AQ"}, {"taskToken": MASK}),
        ([{"TASK_TOKEN": "AQ", "other": 1}], [{"TASK_TOKEN": MASK, "other": 1}]),
        ('{"a": "{\\"taskToken\\": \\"AQ\\"}"}', '{"a": "{\\"taskToken\\": \\"(masked)\\"}"}'),
        ("a token in a sentence", "a token in a sentence"),
        ({"tokens": 7}, {"tokens": 7}),
    ],
)
def test_a_task_token_is_masked_and_nothing_else(given: Any, shown: Any) -> None:
    assert masked(given) == shown


@pytest.mark.parametrize("depth", [900, 100_000])
def test_text_that_is_deeply_nested_breaks_nothing_and_tells_no_token(depth: int) -> None:
    """A run with such an input must not break the pages that list it; what is too deep, the interpreter says."""
    text = "[" * depth + '{"taskToken": "AQ"}' + "]" * depth
    assert "AQ" not in masked({"input": text})["input"]


def test_text_too_deep_to_be_looked_through_is_not_shown() -> None:
    assert masked("[" * 100_000 + '"token"' + "]" * 100_000) == json.dumps(TOO_DEEP)
