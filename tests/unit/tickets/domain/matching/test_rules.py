from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.tickets.domain.matching.calibration import PRIOR, Calibration, expected_error, fit
from chalicelib.tickets.domain.matching.load import penalty
from chalicelib.tickets.domain.matching.model import as_json, from_json, prior_model
from chalicelib.tickets.domain.matching.ranking import prior_weights, score, shares
from chalicelib.tickets.domain.matching.reasoning import NOTHING_KNOWN, plain_reasoning, verified
from chalicelib.tickets.domain.matching.signals import names
from chalicelib.tickets.domain.recommendation import Evidence

PAST = (Evidence("7", "Replica lags", 0.82, "2026-11-02T09:00:00+00:00"), Evidence("db-9", 'The "pool"', 0.5))


def test_calibration_makes_overconfidence_honest() -> None:
    chance = random.Random(1)
    said = [chance.random() for _ in range(3_000)]
    outcomes = [(p, chance.random() < p * 0.6) for p in said]
    before = expected_error(outcomes)
    fitted = fit(outcomes)
    assert before > 0.15
    assert expected_error([(fitted.confidence(p), right) for p, right in outcomes]) < before / 3
    assert fitted.rows == 3_000


def test_without_history_the_prior_holds_and_one_row_hardly_moves_it() -> None:
    assert fit([]) == PRIOR
    moved = fit([(0.9, False)])
    assert moved.slope == pytest.approx(PRIOR.slope, abs=0.1)
    assert moved.shift == pytest.approx(PRIOR.shift, abs=0.2)


@pytest.mark.parametrize("probability", [0.0, 1e-12, 0.5, 1.0])
def test_a_confidence_is_never_certain_and_never_impossible(probability: float) -> None:
    assert 0.0 < Calibration(1.0, 0.0).confidence(probability) < 1.0


def test_more_probable_is_more_confident() -> None:
    confidences = [PRIOR.confidence(p / 20) for p in range(21)]
    assert confidences == sorted(confidences)


def test_shares_add_up() -> None:
    found = shares({"a": 1_000.0, "b": 999.0, "c": -1_000.0})
    assert sum(found.values()) == pytest.approx(1.0)
    assert shares({}) == {}


def test_the_prior_prefers_similar_and_active() -> None:
    weights = prior_weights(("component",))
    signals = dict.fromkeys(names(("component",)), -3.0)
    plain = score(list(signals.values()), weights)
    for name in ("lexical_60_1000", "activity_200"):
        assert score(list((signals | {name: -1.0}).values()), weights) > plain
    unproven = score(list((signals | {"component_3000": -1.0}).values()), weights)
    assert unproven == plain, "a field weighs nothing before it has shown its worth"


def test_load_takes_from_the_busy() -> None:
    assert penalty(0, 10, 0.3) == 0.0
    assert penalty(10, 10, 0.0) > penalty(5, 10, 0.0) > 0
    assert penalty(0, 10, 1.0) > penalty(0, 10, 0.5) > 0
    assert penalty(50, 10, 0.0) == penalty(10, 10, 0.0)


def test_reasoning_cites_every_past_ticket() -> None:
    said = plain_reasoning(PAST)
    assert said == (
        'Solved 7 "Replica lags" on 2026-11-02 (similarity 0.82). Solved db-9 "The \'pool\'" (similarity 0.50).'
    )
    assert plain_reasoning(()) == NOTHING_KNOWN


def test_claims_without_a_cited_ticket_are_cut() -> None:
    said = "Ann fixed db-9 last year. She is certified. Ticket 77 was hers. In 7 she found the lag."
    assert verified(said, PAST) == "Ann fixed db-9 last year. In 7 she found the lag."
    assert verified("Assign to Bob!", PAST) == plain_reasoning(PAST)


def test_a_model_is_read_as_it_was_written() -> None:
    model = replace(prior_model("m-1"), made_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert from_json(as_json(model)) == model
    assert model.is_prior


@pytest.mark.parametrize("change", [{"version": 1}, {"signals": {}}])
def test_a_model_of_other_signals_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="engine"):
        from_json(as_json(prior_model("m-1")) | change)
