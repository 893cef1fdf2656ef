"""A desk whose engine is too sure of itself learns it from what people say in Slack."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.clock import FixedClock
from chalicelib.tickets.domain.assignment import Assignment, AssignmentState, LabelKind, label
from chalicelib.tickets.domain.matching.model import MatchingModel, as_json, from_json, prior_model
from chalicelib.tickets.ports.models import ModelStore, StoredModel
from chalicelib.tickets.service import calibrating
from tests.fakes.tickets.samples import MONDAY_NOON, recommendation
from tests.fakes.tickets.stores import FakeSmeDirectory, FakeTicketStore


class FakeModelStore(ModelStore):
    def __init__(self) -> None:
        self.stored = StoredModel(prior_model("m"), "e1")
        self.is_promoted_meanwhile = False

    def current(self) -> StoredModel:
        return self.stored

    def replace(self, stored: StoredModel, model: MatchingModel) -> bool:
        if self.is_promoted_meanwhile or stored != self.stored:
            return False
        self.stored = replace(stored, model=model)
        return True


def feedback(store: FakeTicketStore, count: int) -> None:
    """Tickets whose first expert was given 0.9 and accepted every third; the others went to the second."""
    chance = random.Random(7)
    for n in range(count):
        at = MONDAY_NOON - timedelta(hours=count - n)
        whole = recommendation(0.9, 0.5, ticket_id=f"t{n}", recommendation_id=f"r{n}", made_at=at)
        candidates = tuple(replace(one, probability=one.confidence) for one in whole.candidates)
        store.save_recommendation(replace(whole, candidates=candidates))
        taken_by = "cre001" if chance.random() < 1 / 3 else "cre002"
        given = {"ticket_id": f"t{n}", "by": "U1", "at": at, "recommendation": whole, "revision": 0}
        row = label(LabelKind.ACCEPTED, taken_by, **given)  # type: ignore[arg-type]
        store.move(None, Assignment(f"t{n}", taken_by, AssignmentState.ACCEPTED, f"r{n}", at), row)


@pytest.fixture
def ports() -> calibrating.Ports:
    return calibrating.Ports(FakeTicketStore(FakeSmeDirectory()), FakeModelStore())


CLOCK = FixedClock(MONDAY_NOON)


def test_presses_calibrate_the_model_in_use_with_date_and_figures(ports: calibrating.Ports) -> None:
    assert isinstance(ports.store, FakeTicketStore)
    feedback(ports.store, 200)
    before = ports.models.current().model.in_use.confidences([0.9])[0]
    said = calibrating.calibrate(ports, CLOCK)
    assert (said["outcomes"], said["in_use"]) == (200, True)
    assert said["calibration_error"] < 0.2 < 0.4 < said["calibration_error_without"]
    model = ports.models.current().model
    assert model.in_use.confidences([0.9])[0] == pytest.approx(1 / 3, abs=0.15)
    assert before > 0.7
    assert (model.calibrated_at, model.calibration_error) == (MONDAY_NOON, said["calibration_error"])
    assert from_json(as_json(model)) == model
    assert calibrating.calibrate(ports, CLOCK) == said, "run twice, it does the same"
    assert ports.models.current().model == model


def test_a_few_presses_and_none_leave_the_model_as_it_is(ports: calibrating.Ports) -> None:
    assert isinstance(ports.store, FakeTicketStore)
    assert calibrating.calibrate(ports, CLOCK)["in_use"] is False
    feedback(ports.store, 20)
    assert calibrating.calibrate(ports, CLOCK)["in_use"] is False
    assert ports.models.current().model == prior_model("m")


def test_a_model_promoted_meanwhile_is_not_replaced(ports: calibrating.Ports) -> None:
    assert isinstance(ports.store, FakeTicketStore)
    assert isinstance(ports.models, FakeModelStore)
    feedback(ports.store, 200)
    ports.models.is_promoted_meanwhile = True
    assert calibrating.calibrate(ports, CLOCK)["in_use"] is False


def test_feedback_of_long_ago_is_not_asked_for(ports: calibrating.Ports) -> None:
    assert isinstance(ports.store, FakeTicketStore)
    feedback(ports.store, 200)
    later = FixedClock(MONDAY_NOON + timedelta(weeks=calibrating.WEEKS + 2))
    assert calibrating.calibrate(ports, later)["outcomes"] == 0
