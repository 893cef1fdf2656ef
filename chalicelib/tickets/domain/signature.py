"""Whether a webhook's call comes from the ticket system, and from now.

Zendesk signs base64(HMAC-SHA256(secret, time stamp + raw body)) and sends both in headers:
https://developer.zendesk.com/documentation/webhooks/verifying/
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

WINDOW_SECONDS = 300
"""How far a call's time stamp may lie from now, before or after: a call overheard is soon worth nothing."""


def sign(secret: str, stamp: str, body: bytes) -> str:
    """Return the signature of a body sent at ``stamp`` (ISO time)."""
    digest = hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def refusal(secret: str, stamp: str, signature: str, body: bytes, now: datetime) -> str | None:
    """Return why a call is not taken, in words that help nobody to forge one; None: it is taken.

    Args:
        secret: the webhook's signing secret.
        stamp: ``X-Zendesk-Webhook-Signature-Timestamp``, such as ``2026-11-21T09:30:00Z``.
        signature: ``X-Zendesk-Webhook-Signature``.
        body: the body as it came, before any decoding but base64 of the gateway.
        now: aware.
    """
    if not stamp or not signature:
        return "the call is not signed"
    # Constant time, and bytes: comparing texts refuses what is not ASCII by an exception.
    if not hmac.compare_digest(sign(secret, stamp, body).encode(), signature.encode()):
        return "the signature is wrong"
    try:
        sent = datetime.fromisoformat(stamp)
    except ValueError:
        return "the time stamp is no time"
    sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    if abs((now - sent).total_seconds()) > WINDOW_SECONDS:
        return f"the call was signed more than {WINDOW_SECONDS} seconds from now"
    return None
