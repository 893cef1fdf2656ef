"""One match: from a ticket, an index and the experts to a recommendation. No I/O but the text model's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from chalicelib.tickets.domain.matching.eligibility import next_free, removed_by
from chalicelib.tickets.domain.matching.load import penalty
from chalicelib.tickets.domain.matching.model import MatchingModel
from chalicelib.tickets.domain.matching.reasoning import CITED
from chalicelib.tickets.domain.recommendation import Candidate, Evidence, Removed
from chalicelib.tickets.domain.sme import SmeProfile
from rag_engine import ranker
from rag_engine.asking import narrowed
from rag_engine.corpus import Floats, Query
from rag_engine.history import History
from rag_engine.index_file import Index
from rag_engine.measure import Measure

MOST = 10
_UNSEEN = 1e-3
"""Probability, beside the others', of an expert of whom no solved ticket is known."""
_WEEK = timedelta(days=7)
Nearness = Callable[[Query], Floats]
"""Each solved ticket's dense nearness to a query; see `similarity.dense`."""


@dataclass(frozen=True, slots=True)
class Recommended:
    """What is recommended; the reasoning is not yet written."""

    candidates: tuple[Candidate, ...]
    removed: tuple[Removed, ...]
    held_until: datetime | None


class Matcher:
    """An index ready to be asked: what does not depend on the ticket is worked out once."""

    def __init__(self, index: Index, model: MatchingModel, nearness: Nearness | None = None) -> None:
        """``nearness`` replaces the index's own vectors."""
        self._index, self._model = index, model
        self._history: History | None = index.history
        self._measure = (
            Measure(self._history, model.weights.fields, nearness) if self._history is not None else None
        )

    def recommend(
        self, query: Query, profiles: Sequence[SmeProfile], at: datetime, product: str = ""
    ) -> Recommended:
        """Return up to ten experts who may be asked now, the most probable first."""
        rules = {profile.cre_id: removed_by(profile, at, product) for profile in profiles}
        eligible = [profile for profile in profiles if rules[profile.cre_id] is None]
        removed = tuple(Removed(cre_id, rule) for cre_id, rule in sorted(rules.items()) if rule is not None)
        if not eligible:
            return Recommended((), removed, next_free(profiles, at, product))
        scores, evidence = self._scores(query, {profile.cre_id for profile in eligible})
        lowest = min(scores.values(), default=0.0)
        week = self._shares_of_week(at)
        final = {
            profile.cre_id: scores.get(profile.cre_id, lowest + float(np.log(_UNSEEN)))
            - penalty(profile.open_assignments, profile.capacity, week.get(profile.cre_id, 0.0))
            for profile in eligible
        }
        highest = max(final.values())
        powers = {cre_id: float(np.exp(score - highest)) for cre_id, score in final.items()}
        total = sum(powers.values())
        by_id = {profile.cre_id: profile for profile in eligible}
        best = sorted(final, key=lambda cre_id: (-final[cre_id], cre_id))[:MOST]
        probabilities = [powers[cre_id] / total for cre_id in best]
        confidences = self._model.in_use.confidences(probabilities)
        candidates = tuple(
            Candidate(
                cre_id=cre_id,
                name=by_id[cre_id].name,
                confidence=round(confidence, 4),
                reasoning="",
                slack_id=by_id[cre_id].slack_id,
                score=round(final[cre_id], 4),
                evidence=evidence(cre_id),
                probability=round(probability, 6),
            )
            for cre_id, probability, confidence in zip(best, probabilities, confidences, strict=True)
        )
        return Recommended(candidates, removed, None)

    def _scores(
        self, query: Query, eligible: set[str]
    ) -> tuple[dict[str, float], Callable[[str], tuple[Evidence, ...]]]:
        history = self._history
        if history is None or self._measure is None:
            return {}, lambda _cre_id: ()
        signals, by_words, by_vector = self._measure.signals(query)
        may = np.array([place for place, solver in enumerate(history.solvers) if solver in eligible], np.int64)
        if not len(may):
            return {}, lambda _cre_id: ()
        places = may[narrowed(signals[may], self._measure.names)]
        found = ranker.scores(signals[places], self._model.weights)
        place_of = {solver: place for place, solver in enumerate(history.solvers)}
        near: Floats = ((by_words + np.sqrt(by_vector)) / 2).astype(np.float32)

        def evidence(cre_id: str) -> tuple[Evidence, ...]:
            place = place_of.get(cre_id)
            return () if place is None else self._evidence(history, place, near)

        return {history.solvers[place]: float(score) for place, score in zip(places, found, strict=True)}, evidence

    def _evidence(self, history: History, expert: int, near: Floats) -> tuple[Evidence, ...]:
        solved = history.by_solver[history.solver_starts[expert] : history.solver_starts[expert + 1]]
        nearest = solved[np.argsort(-near[solved], kind="stable")[:CITED]]
        cited = []
        for place in nearest:
            if near[place] > 0:
                paper = self._index.papers[int(place)]
                similarity = round(float(min(1.0, near[place])), 4)
                cited.append(Evidence(paper.ticket_id, paper.subject, similarity, paper.solved_at.isoformat()))
        return tuple(cited)

    def _shares_of_week(self, at: datetime) -> Mapping[str, float]:
        """Return each expert's share of the tickets solved in the seven days before ``at``."""
        history = self._history
        if history is None:
            return {}
        solved = self._index.papers.solved
        first = int(np.searchsorted(solved, (at - _WEEK).timestamp()))
        last = int(np.searchsorted(solved, at.timestamp()))
        counts = Counter(history.solver[first:last].tolist())
        return {history.solvers[place]: count / (last - first) for place, count in counts.items()}
