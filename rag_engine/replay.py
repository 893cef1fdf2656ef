"""Replays history in the order of time, and measures what would have been recommended.

The tickets are cut into 11 blocks of the same size. Step i of 10 knows blocks 1 to i: from them it learns who
knows what, the ranking's weights (by questions asked of their own past) and the calibration (by what became of the
recommendations of the steps before). Then it recommends for every ticket of block i + 1, of which it sees nothing
else. Figures are the mean of the ten steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.tickets.domain.matching.calibration import Calibration, Calibrations, expected_error, fit
from chalicelib.tickets.domain.matching.ranking import Weights, prior_weights
from rag_engine import ranker
from rag_engine.asking import Asked, ask
from rag_engine.corpus import Corpus, Floats
from rag_engine.helping import helping

BLOCKS = 11
DEPTHS = (1, 3, 5, 10)
LEAST_TICKETS = 22
"""Fewer make blocks of less than two."""
_FADING = 0.6
"""What a step's outcomes weigh in the calibration beside those of the step after it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was recommended for one block, and what became of it."""

    place: NDArray[np.int64]
    """(q,): the rank of the expert who solved it, 0 the first; a large number: not among the candidates."""
    is_known: NDArray[np.bool_]
    """(q,)."""
    probability: Floats
    """(q, up to 3): the ranking's, of its first three."""
    confidence: Floats
    """(q, up to 3)."""
    confidence_if_known: Floats
    """(q, up to 3): the same, calibrated on tickets whose solver was known only."""
    first: tuple[str, ...]
    """(q,): who was recommended first."""

    def hits(self) -> tuple[float, ...]:
        """Return the share of known tickets solved by one of the first 1, 3, 5, 10."""
        place = self.place[self.is_known]
        return tuple(float((place < depth).mean()) if len(place) else 0.0 for depth in DEPTHS)

    def outcomes(self, values: Floats, ranks: range, *, known_only: bool = False) -> list[tuple[float, bool]]:
        """Return (value, whether right) of the experts at ``ranks``, 0 the first, of every ticket."""
        return [
            (float(values[row, rank]), bool(self.place[row] == rank))
            for row in range(len(values))
            if self.is_known[row] or not known_only
            for rank in ranks[: values.shape[1] - ranks.start]
        ]


@dataclass(frozen=True, slots=True)
class Replayed:
    """The ten steps, and the model that all of history teaches."""

    steps: tuple[Step, ...]
    weights: Weights
    calibration: Calibrations

    def shares(self) -> Counter[str]:
        """Return how often each expert was recommended first."""
        return Counter(expert for step in self.steps for expert in step.first)


def replay(
    corpus: Corpus, fields: Sequence[str] = (), *, told: Callable[[str], None] = lambda _line: None
) -> Replayed:
    """Replay the corpus, which is in the order of time; see the module's docstring.

    Args:
        corpus: at least `LEAST_TICKETS`.
        fields: the fields that signals are made of.
        told: gets a line after each step.
    """
    size = len(corpus) // BLOCKS
    names = tuple(fields)
    asked: list[Asked] = []
    steps: list[Step] = []
    for step in range(1, BLOCKS):
        known_until = step * size
        middle = known_until - size // 2
        asked.append(ask(corpus, middle, middle + size, names))
        weights = _weights(asked, known_until, names)
        calibrations = (_calibration(steps), _calibration(steps, known_only=True))
        now = ask(corpus, known_until, known_until + size, names)
        steps.append(_recommend(now, weights, *calibrations))
        asked.append(now)
        told(f"step {step:2}: top-3 of known {steps[-1].hits()[1]:.3f}")
    return Replayed(tuple(steps), _weights(asked, BLOCKS * size, names), _calibration(steps))


def judged(corpus: Corpus, weights: Weights, calibration: Calibrations, *, steps: int) -> tuple[Step, ...]:
    """Return what a finished model recommends in the last ``steps``: experts are learnt, it is not."""
    size = len(corpus) // BLOCKS
    return tuple(
        _recommend(ask(corpus, step * size, (step + 1) * size, weights.fields), weights, calibration, calibration)
        for step in range(BLOCKS - steps, BLOCKS)
    )


def mean_hits(steps: Sequence[Step]) -> tuple[float, ...]:
    """Return the mean over the steps of the share of known tickets solved by one of the first 1, 3, 5, 10."""
    return tuple(float(x) for x in np.mean([step.hits() for step in steps], 0))


def calibration_error(steps: Sequence[Step], depth: int = 1, *, known_only: bool = False) -> float:
    """Return the expected calibration error of the first ``depth`` confidences of all the steps' tickets."""
    rows: list[tuple[float, bool]] = []
    for step in steps:
        said = step.confidence_if_known if known_only else step.confidence
        rows += step.outcomes(said, range(depth), known_only=known_only)
    return expected_error(rows)


def _weights(asked: Sequence[Asked], known_until: int, fields: tuple[str, ...]) -> Weights:
    past = [one.questions.until(known_until) for one in asked]
    return ranker.learn(past, fields, helping(past, fields)) or prior_weights(fields)


def _calibration(steps: Sequence[Step], *, known_only: bool = False) -> Calibrations:
    def fitted(ranks: range) -> Calibration:
        rows: list[tuple[float, bool]] = []
        weights: list[float] = []
        for age, step in enumerate(reversed(steps)):
            known = step.outcomes(step.probability, ranks, known_only=known_only)
            rows += known
            weights += [_FADING**age] * len(known)
        return fit(rows, weights)

    return Calibrations(first=fitted(range(1)), others=fitted(range(1, 3)))


def _recommend(asked: Asked, weights: Weights, of_all: Calibrations, of_known: Calibrations) -> Step:
    scores = ranker.scores(asked.questions.signals, weights)
    powers = np.exp(scores - scores.max(1, keepdims=True))
    chance = powers / powers.sum(1, keepdims=True)
    order = np.argsort(-scores, axis=1, kind="stable")
    answer = asked.questions.answer
    place = np.where(answer >= 0, np.argmax(order == answer[:, None], axis=1), 10**6)
    probability = np.take_along_axis(chance, order[:, :3], 1)
    confidence, if_known = (
        np.array([one.confidences(row) for row in probability.tolist()], np.float32).reshape(probability.shape)
        for one in (of_all, of_known)
    )
    first = tuple(asked.solvers[code] for code in np.take_along_axis(asked.candidate, order[:, :1], 1)[:, 0])
    return Step(place, asked.is_known, probability, confidence, if_known, first)
