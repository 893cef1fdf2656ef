"""EventBridge: events come in by the API or from within, moto's rules match, targets get their input."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from localcloud.clock_text import iso_seconds
from localcloud.stepfunctions import Timeline
from localcloud.triggers.delivery import Delivery, Target
from localcloud.triggers.target_input import target_input


class Bus:
    """Publishes events and hands them to the targets of the rules they match."""

    def __init__(self, timeline: Timeline, delivery: Delivery, backend: Any) -> None:
        self._timeline = timeline
        self._delivery = delivery
        self._backend = backend

    def publish(
        self, source: str, detail_type: str, detail: Mapping[str, Any], resources: list[str] | None = None
    ) -> None:
        """Publish on the default bus, as AWS's own services do; never blocks."""
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": detail_type,
            "source": source,
            "account": self._backend.account_id,
            "time": iso_seconds(self._timeline.now()),
            "region": self._backend.region_name,
            "resources": list(resources or []),
            "detail": dict(detail),
        }
        for rule in list(self._backend.event_buses["default"].rules.values()):
            rule.send_to_targets(event)  # matches, then comes back to `matched`

    def matched(self, rule: Any, event: dict[str, Any]) -> None:
        """Hand ``event`` to each target of moto's ``rule``."""
        plain = {key: value for key, value in event.items() if key != "ingestion-time"}
        moment = plain.get("time")
        if isinstance(moment, int | float):
            plain["time"] = iso_seconds(float(moment))
        self.to_targets(rule, plain)

    def to_targets(self, rule: Any, event: dict[str, Any]) -> None:
        """Hand ``event`` to the targets, whether it matched or a schedule made it."""
        for entry in list(rule.targets):
            target = as_target(entry)
            payload = target_input({**entry, "RuleArn": rule.arn}, event)
            self._delivery.send(target, payload)


def as_target(entry: Mapping[str, Any]) -> Target:
    """Return the target of a rule's or schedule's entry."""
    policy = entry.get("RetryPolicy") or {}
    return Target(
        arn=entry["Arn"],
        parameters=dict(entry),
        dead_letter_arn=(entry.get("DeadLetterConfig") or {}).get("Arn"),
        max_retries=int(policy.get("MaximumRetryAttempts", 185)),
        max_age_seconds=float(policy.get("MaximumEventAgeInSeconds", 86_400)),
    )
