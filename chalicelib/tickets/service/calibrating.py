"""Calibrates the matching model's confidence on what people have said of its recommendations."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.core.log import logger
from chalicelib.tickets.domain.assignment import Label, week_of
from chalicelib.tickets.domain.matching.feedback import Outcome, calibrated, outcomes
from chalicelib.tickets.errors import TicketNotFoundError
from chalicelib.tickets.ports.models import ModelStore
from chalicelib.tickets.ports.tickets import TicketStore

WEEKS = 26
"""Older feedback is of another desk."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What calibrating needs of the world."""

    store: TicketStore
    models: ModelStore


def calibrate(ports: Ports, clock: Clock) -> dict[str, Any]:
    """Fit the model's confidence anew on the feedback of the last `WEEKS` weeks and keep it with date and figures.

    Run twice, it does the same twice. A model promoted meanwhile is not replaced: this run changes nothing then.

    Returns:
        ``{"model_id", "outcomes", "in_use", "calibration_error", "calibration_error_without"}``; ``in_use`` says
        whether feedback calibrates; the figures are None where it does not.
    """
    now = clock.now()
    stored = ports.models.current()
    known = _outcomes(ports.store, now)
    feedback = calibrated(known, stored.model.calibration, now)
    figures = (feedback.calibration_error, feedback.calibration_error_without) if feedback else (None, None)
    said: dict[str, Any] = {
        "model_id": stored.model.model_id,
        "outcomes": sum(one.rank == 1 for one in known),
        "in_use": feedback is not None,
        "calibration_error": figures[0],
        "calibration_error_without": figures[1],
    }
    changed = feedback is not None or stored.model.feedback is not None
    if changed and not ports.models.replace(stored, replace(stored.model, feedback=feedback)):
        said["in_use"] = False
    logger().info("confidence calibrated", **said)
    return said


def _outcomes(store: TicketStore, now: datetime) -> list[Outcome]:
    weeks = {week_of((now - timedelta(weeks=age)).date()) for age in range(WEEKS)}
    of_recommendation: dict[tuple[str, str], list[Label]] = defaultdict(list)
    for week in sorted(weeks):
        for one in store.labels_of(week):
            if one.recommendation_id:
                of_recommendation[one.ticket_id, one.recommendation_id].append(one)
    known: list[Outcome] = []
    for (ticket_id, recommendation_id), labels in of_recommendation.items():
        try:
            known += outcomes(store.recommendation(ticket_id, recommendation_id), labels)
        except TicketNotFoundError:
            continue  # deleted by hand: nothing is known of what was said
    return known
