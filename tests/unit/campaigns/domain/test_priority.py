from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.domain import priority
from chalicelib.campaigns.domain.contact import Disposition
from chalicelib.campaigns.domain.priority import PRIOR, Binned, Levels, Model, Numeric, contributions, rank, score
from chalicelib.core.errors import InvalidInputError
from tests.unit.campaigns.domain.examples import contact

MODEL = Model(
    intercept=-1.0,
    terms=(
        Numeric("age", mean=40.0, scale=10.0, low=18.0, high=90.0, weight=0.5, missing=0.1),
        Binned("age", edges=(30.0, 60.0), weights=(0.3, 0.0, 0.4), missing=0.2),
        Levels("job", {"nurse": 0.7, "3": -0.2}, unknown=-0.1, missing=0.05),
    ),
    about={"rows": 3},
)


def test_each_feature_adds_its_share_and_all_terms_of_it() -> None:
    assert contributions(MODEL, {"age": 60.0, "job": "nurse"}) == {"intercept": -1.0, "age": 1.4, "job": 0.7}
    assert contributions(MODEL, {"age": 29.0, "job": 3.0})["job"] == -0.2
    assert contributions(MODEL, {"job": "pilot"}) == pytest.approx({"intercept": -1.0, "age": 0.3, "job": -0.1})
    assert contributions(MODEL, {"age": "old"})["job"] == 0.05


def test_a_number_far_outside_of_training_adds_what_the_outermost_one_did() -> None:
    assert score(MODEL, {"age": 1e9}) == score(MODEL, {"age": 90.0})


VALUES = st.one_of(st.text(max_size=5), st.floats(), st.sampled_from(["nurse", 3.0, 30.0, 60.0]))
FEATURES = st.dictionaries(st.sampled_from(["age", "job", "attempt", "last_disposition", "hour", "other"]), VALUES)


@given(FEATURES, st.sampled_from([MODEL, PRIOR]), st.one_of(st.none(), st.integers(0, 23)))
def test_the_shares_sum_to_the_logit_and_both_scorers_agree(
    features: dict[str, str | float], model: Model, hour: int | None
) -> None:
    logit = math.fsum(contributions(model, features, hour).values())
    found = score(model, features, hour)
    assert 0.0 < found < 1.0
    assert found == pytest.approx(1 / (1 + math.exp(-logit)))
    with_hour = features if hour is None else features | {"hour": float(hour)}
    assert priority.scorer(model)(with_hour) == pytest.approx(found)


def test_a_model_survives_json() -> None:
    for model in (MODEL, PRIOR):
        assert priority.from_json(json.loads(json.dumps(priority.to_json(model)))) == model


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({}, "format"),
        ({"format": 2}, "format"),
        ({"format": 1}, "intercept"),
        ({"format": 1, "intercept": math.inf}, "intercept"),
        ({"format": 1, "intercept": 0, "terms": [{"kind": "magic"}]}, "terms[0]"),
        ({"format": 1, "intercept": 0, "terms": [{"kind": "levels", "feature": "a"}]}, "terms[0]"),
        (
            {"format": 1, "intercept": 0, "terms": [{"kind": "levels", "feature": "a", "weights": {"x": "y"}}]},
            "terms[0]",
        ),
        (
            {
                "format": 1,
                "intercept": 0,
                "terms": [{"kind": "binned", "feature": "a", "edges": [2, 1], "weights": [0, 0, 0]}],
            },
            "terms[0]",
        ),
    ],
)
def test_what_is_no_model_is_refused_with_the_place(data: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        priority.from_json(data)
    assert [problem.path for problem in refused.value.problems] == [path]


@given(st.floats(0, 1), st.floats(0, 1))
def test_ranks_sort_the_best_first(one: float, other: float) -> None:
    assert len(rank(one)) == 6
    if one > other:
        assert rank(one) <= rank(other)
    if one > other + 1e-5:
        assert rank(one) < rank(other)


def test_the_prior_knows_attempts_outcomes_and_evenings() -> None:
    fresh = priority.known_of(contact())
    tried = priority.known_of(contact(attempt=2, last_disposition=Disposition.NO_ANSWER))
    busy = priority.known_of(contact(attempt=2, last_disposition=Disposition.BUSY))
    assert score(PRIOR, fresh) == pytest.approx(0.25)
    assert score(PRIOR, fresh) > score(PRIOR, busy) > score(PRIOR, tried)
    assert score(PRIOR, fresh, 19) > score(PRIOR, fresh, 14) > score(PRIOR, fresh, 9)


def test_a_column_of_the_upload_never_hides_what_the_desk_knows() -> None:
    assert priority.known_of(contact(attempt=1, features={"attempt": "x", "job": "nurse"})) == {
        "attempt": 1.0,
        "job": "nurse",
    }
