"""Emergencies: adapters for the parts. Made anew for each invocation, adapters hold no state."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.core.config import optional_setting, setting
from chalicelib.core.errors import ConfigurationError, InvalidInputError

if TYPE_CHECKING:
    from chalicelib.fleet.domain.incidents.escalation import Stage
    from chalicelib.fleet.ports.incidents import (
        Channels,
        EmergencyQueue,
        EmergencyRuns,
        IncidentStore,
        VideoRecorder,
    )
    from chalicelib.fleet.service.incidents import (
        acknowledging,
        completing,
        ending,
        escalating,
        notifying,
        reporting,
    )


def store() -> IncidentStore:
    """Return the incidents."""
    from chalicelib.fleet.adapters.dynamo_incidents import DynamoIncidentStore

    return DynamoIncidentStore(setting("INCIDENTS_TABLE"))


def channels() -> Channels:
    """Return the ways to reach people."""
    from chalicelib.fleet.adapters.incident_channels import SnsAndSlackChannels

    topics = {
        "authorities": setting("AUTHORITIES_TOPIC_ARN"),
        "owner": setting("OWNER_TOPIC_ARN"),
        "operations": setting("FLEET_OPERATIONS_TOPIC_ARN"),
    }
    return SnsAndSlackChannels(topics, optional_setting("INCIDENT_SLACK_CHANNEL"))


def recorder() -> VideoRecorder:
    """Return the device platform."""
    from chalicelib.fleet.adapters.http_video_recorder import HttpVideoRecorder

    return HttpVideoRecorder(setting("VIDEO_URL"))


def runs() -> EmergencyRuns:
    """Return the executions."""
    from chalicelib.fleet.adapters.emergency_runs import StepFunctionsEmergencyRuns

    return StepFunctionsEmergencyRuns(setting("EMERGENCY_MACHINE_ARN"))


def queue() -> EmergencyQueue:
    """Return the queue of reports."""
    from chalicelib.fleet.adapters.emergency_runs import SqsEmergencyQueue

    return SqsEmergencyQueue(setting("EMERGENCY_QUEUE_URL"))


def stages() -> Sequence[Stage]:
    """Return the escalation's plan: ``ESCALATION_STAGES``, or the default.

    Raises:
        ConfigurationError: the setting cannot be read; every problem is named.
    """
    from chalicelib.fleet.domain.incidents import escalation

    text = optional_setting("ESCALATION_STAGES")
    if not text:
        return escalation.DEFAULT_STAGES
    try:
        return escalation.read_stages(json.loads(text))
    except (ValueError, InvalidInputError) as error:
        raise ConfigurationError(f"environment variable ESCALATION_STAGES: {error}") from None


def report() -> reporting.Ports:
    """Return what reporting needs."""
    from chalicelib.fleet.service.incidents import reporting

    return reporting.Ports(runs(), store())


def notify() -> notifying.Ports:
    """Return what notifying needs."""
    from chalicelib.fleet.service.incidents import notifying

    return notifying.Ports(store(), channels())


def complete() -> completing.Ports:
    """Return what completing needs."""
    from chalicelib.fleet.service.incidents import completing

    return completing.Ports(store(), stages())


def escalate() -> escalating.Ports:
    """Return what escalating needs."""
    from chalicelib.fleet.service.incidents import escalating

    return escalating.Ports(store(), channels(), runs())


def acknowledge() -> acknowledging.Ports:
    """Return what acknowledging needs."""
    from chalicelib.fleet.service.incidents import acknowledging

    return acknowledging.Ports(store(), channels(), runs())


def end() -> ending.Ports:
    """Return what ending needs."""
    from chalicelib.fleet.service.incidents import ending

    return ending.Ports(store(), channels(), runs())
