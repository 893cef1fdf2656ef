from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.tickets.domain.signature import refusal, sign

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
STAMP = "2026-11-21T09:30:00Z"
BODY = b'{"id": 1}'


def test_a_signed_call_is_taken() -> None:
    assert refusal("s3cret", STAMP, sign("s3cret", STAMP, BODY), BODY, NOW) is None


def test_the_documents_own_example() -> None:
    """https://developer.zendesk.com/documentation/webhooks/verifying/: HMAC-SHA256 in base64 has 44 characters."""
    assert len(sign("dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==", STAMP, BODY)) == 44


@pytest.mark.parametrize(
    ("stamp", "signature", "body", "why"),
    [
        ("", "x", BODY, "not signed"),
        (STAMP, "", BODY, "not signed"),
        (STAMP, "wrong", BODY, "wrong"),
        (STAMP, "wröng\u0131", BODY, "wrong"),
        (STAMP, sign("other", STAMP, BODY), BODY, "wrong"),
        (STAMP, sign("s3cret", STAMP, BODY), b'{"id": 2}', "wrong"),
        ("2026-11-21T09:31:00Z", sign("s3cret", STAMP, BODY), BODY, "wrong"),
        ("soon", sign("s3cret", "soon", BODY), BODY, "no time"),
    ],
)
def test_what_is_refused(stamp: str, signature: str, body: bytes, why: str) -> None:
    assert why in (refusal("s3cret", stamp, signature, body, NOW) or "")


@pytest.mark.parametrize(("seconds", "taken"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_a_call_overheard_is_soon_worth_nothing(seconds: int, taken: bool) -> None:
    signature = sign("s3cret", STAMP, BODY)
    assert (refusal("s3cret", STAMP, signature, BODY, NOW + timedelta(seconds=seconds)) is None) is taken
