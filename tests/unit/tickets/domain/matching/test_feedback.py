"""Confidence calibrated on labels made up with a known bias."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.tickets.domain.assignment import Label, LabelKind
from chalicelib.tickets.domain.matching.calibration import Calibration, Calibrations
from chalicelib.tickets.domain.matching.feedback import Outcome, calibrated, foretold, outcomes
from chalicelib.tickets.domain.recommendation import Recommendation
from tests.fakes.tickets.samples import MONDAY_NOON, recommendation

REPLAYED = Calibrations(Calibration(1.0, 0.0, 1_000), Calibration(1.0, 0.0, 1_000))
NOW = MONDAY_NOON + timedelta(days=100)


def at(hours: float) -> datetime:
    return MONDAY_NOON + timedelta(hours=hours)


def said(kind: LabelKind, cre_id: str, hours: float = 1.0, of: str = "run-1") -> Label:
    return Label("12345", f"{hours:06.1f}-{kind}-{cre_id}", kind, cre_id, "U1", at(hours), of)


def asked() -> Recommendation:
    whole = recommendation(0.9, 0.5, 0.2, 0.1)
    return replace(whole, candidates=tuple(replace(one, probability=one.confidence) for one in whole.candidates))


def too_sure(count: int, seed: int = 1) -> list[Outcome]:
    """First experts who are right half as often as the ranking says; known a day after they were recommended."""
    chance = random.Random(seed)
    made = []
    for n in range(count):
        probability = chance.uniform(0.2, 0.95)
        made.append(Outcome(probability, 1, chance.random() < probability / 2, at(n), at(n + 24)))
    return made


@pytest.mark.parametrize(
    ("labels", "right"),
    [
        ([], {}),
        ([said(LabelKind.OFFERED, "cre001")], {}),
        ([said(LabelKind.BUSY, "cre001")], {}),
        ([said(LabelKind.NOT_ME, "cre001")], {1: False}),
        ([said(LabelKind.ACCEPTED, "cre001")], {1: True, 2: False, 3: False}),
        ([said(LabelKind.NOT_ME, "cre001"), said(LabelKind.ACCEPTED, "cre002", 2)], {1: False, 2: True, 3: False}),
        ([said(LabelKind.CHOSEN, "cre003")], {1: False, 2: False, 3: True}),
        ([said(LabelKind.ACCEPTED, "cre001"), said(LabelKind.SOLVED, "cre002", 9)], {1: False, 2: True, 3: False}),
        ([said(LabelKind.SOLVED, "cre777", 9)], {1: False, 2: False, 3: False}),
        ([said(LabelKind.ACCEPTED, "cre001", of="run-0")], {}),
    ],
)
def test_who_solved_it_is_the_truth_and_before_that_who_has_it(
    labels: list[Label], right: dict[int, bool]
) -> None:
    assert {one.rank: one.right for one in outcomes(asked(), labels)} == right


def test_when_it_was_known_is_kept_and_what_has_no_probability_is_left_out() -> None:
    (first, *_) = outcomes(asked(), [said(LabelKind.ACCEPTED, "cre001", 1), said(LabelKind.SOLVED, "cre001", 9)])
    assert (first.probability, first.made_at, first.known_at) == (0.9, MONDAY_NOON, at(9))
    assert outcomes(recommendation(), [said(LabelKind.ACCEPTED, "cre001")]) == []


def test_feedback_corrects_a_ranking_that_is_too_sure() -> None:
    feedback = calibrated(too_sure(600), REPLAYED, NOW)
    assert feedback is not None
    assert (feedback.tickets, feedback.made_at) == (600, NOW)
    assert feedback.calibration_error < 0.07 < 0.2 < feedback.calibration_error_without
    assert feedback.calibration.first.confidence(0.8) == pytest.approx(0.4, abs=0.08)


def test_few_outcomes_move_nothing_and_some_move_a_little() -> None:
    assert calibrated(too_sure(49), REPLAYED, NOW) is None
    some, many = calibrated(too_sure(60), REPLAYED, NOW), calibrated(too_sure(2_000), REPLAYED, NOW)
    assert some is not None
    assert many is not None
    assert 0.8 > some.calibration.first.confidence(0.8) > many.calibration.first.confidence(0.8)


def test_feedback_that_foretells_worse_does_not_come_into_use() -> None:
    chance = random.Random(5)
    early = [Outcome(0.8, 1, False, at(n), at(n)) for n in range(100)]
    late = [Outcome(0.8, 1, chance.random() < 0.8, at(200 + n), at(900)) for n in range(400)]
    assert calibrated([*early, *late], REPLAYED, NOW) is None


def test_no_confidence_is_foretold_from_what_was_known_later() -> None:
    """Everything that became known after the last fold began is turned around; what it was told stays."""
    known = too_sure(500)
    last = known[400].made_at
    otherwise = [one if one.known_at < last else replace(one, right=not one.right) for one in known]
    assert foretold(known, REPLAYED) == foretold(otherwise, REPLAYED)
    early = known[300].made_at
    other_past = [replace(one, right=not one.right) if one.known_at < early else one for one in known]
    assert foretold(known, REPLAYED) != foretold(other_past, REPLAYED), "the test would see a look ahead"


def test_what_is_known_after_today_is_not_looked_at() -> None:
    known = too_sure(600)
    today = at(300)
    past = [one for one in known if one.known_at <= today]
    assert calibrated(known, REPLAYED, today) == calibrated(past, REPLAYED, today)
