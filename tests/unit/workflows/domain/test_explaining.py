"""Errors in plain words."""

from __future__ import annotations

import pytest

from chalicelib.workflows.domain.explaining import explain


@pytest.mark.parametrize(
    ("error", "cause", "what", "said"),
    [
        ("States.Timeout", None, "It took longer than it is allowed to.", ""),
        (
            "VehicleTakenError",
            '{"errorMessage": "MX-1 is leased", "errorType": "VehicleTakenError", "requestId": "r"}',
            "What went wrong: vehicle taken.",
            "MX-1 is leased",
        ),
        (
            "ValidationFailed",
            '["a is missing", "b is 3"]',
            "What went wrong: validation failed.",
            "a is missing\nb is 3",
        ),
        (
            "DynamoDB.ThrottlingException",
            "slow down",
            "DynamoDB refused what was asked: throttling exception.",
            "slow down",
        ),
        (
            "ValidationFailed",
            '{"Error": "TicketError", "Cause": "{\\"errorMessage\\": \\"no id\\"}"}',
            "What went wrong: validation failed.",
            "no id",
        ),
        (
            "KeyError",
            '{"errorMessage": "\'input\'"}',
            "The code broke in a way it does not name: KeyError.",
            "'input'",
        ),
        ("Lambda.ServiceException", "", "AWS could not run the function just then.", ""),
        ("StoppedByPerson", "wrong list", "Somebody stopped it.", "wrong list"),
        ("RAGPipelineFailed", "", "What went wrong: RAG pipeline failed.", ""),
        ("<b>no.name", "", "What went wrong: <b>no.name.", ""),
        ("Odd", "[" * 20_000, "What went wrong: odd.", "[" * 20_000),
        (None, None, "It ended without naming an error.", ""),
    ],
)
def test_an_error_is_told_in_plain_words(error: str | None, cause: str | None, what: str, said: str) -> None:
    explanation = explain(error, cause)
    assert (explanation.what, explanation.said) == (what, said)
