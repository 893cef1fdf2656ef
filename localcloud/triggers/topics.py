"""SNS to functions: a message as a subscribed function sees it."""

from __future__ import annotations

from typing import Any

_FUNCTION_KEYS = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}
"""Spelled otherwise for functions than for queues and HTTP."""


def sns_event(subscription: Any, message: dict[str, Any]) -> dict[str, Any]:
    """Return the event for moto's subscription and the message it would post."""
    notification = {_FUNCTION_KEYS.get(key, key): value for key, value in message.items()}
    notification.setdefault("Subject", None)
    notification.setdefault("MessageAttributes", {})
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": subscription.arn,
                "Sns": notification,
            }
        ]
    }
