"""Who is called first, and why: a logistic model, scored without numpy.

The logit of "a call reaches the person" is an intercept plus what each term adds. A term reads one
feature: a column of the upload, or something the desk knows itself (`known_of`: the attempt, how the last one
ended; and the hour). What a feature adds can be shown to a person (`contributions`).

Models are made by ``python -m chalicelib.campaigns.training`` and kept as JSON; without one, `PRIOR` is used.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from chalicelib.campaigns.domain.contact import Contact
from chalicelib.core.errors import InvalidInputError, Problem

Features = Mapping[str, str | float]

FORMAT = 1
INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number that adds ``weight`` per ``scale`` above ``mean``, and no more beyond ``low`` and ``high``."""

    feature: str
    mean: float
    scale: float
    low: float
    high: float
    weight: float
    missing: float = 0.0
    """What it adds when the contact has no such number."""

    def logit(self, value: str | float | None) -> float:
        """Return what ``value`` adds."""
        if isinstance(value, str) or value is None or value != value:
            return self.missing
        return self.weight * (min(max(value, self.low), self.high) - self.mean) / self.scale


@dataclass(frozen=True, slots=True)
class Binned:
    """A number that adds ``weights[i]`` between ``edges[i - 1]`` (included) and ``edges[i]``."""

    feature: str
    edges: tuple[float, ...]
    weights: tuple[float, ...]
    """One more than edges."""
    missing: float = 0.0

    def logit(self, value: str | float | None) -> float:
        """Return what ``value`` adds."""
        if isinstance(value, str) or value is None or value != value:
            return self.missing
        return self.weights[bisect_right(self.edges, value)]


@dataclass(frozen=True, slots=True)
class Levels:
    """A word that adds the weight of its level."""

    feature: str
    weights: dict[str, float]
    unknown: float = 0.0
    """What a level adds that training did not see, or seldom."""
    missing: float = 0.0

    def logit(self, value: str | float | None) -> float:
        """Return what ``value`` adds; a number is the level that is written like it."""
        if value is None:
            return self.missing
        return self.weights.get(level_of(value), self.unknown)


Term = Numeric | Binned | Levels
_KINDS: dict[str, type[Numeric] | type[Binned] | type[Levels]] = {
    "numeric": Numeric,
    "binned": Binned,
    "levels": Levels,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model; a feature may have several terms."""

    intercept: float
    terms: tuple[Term, ...]
    about: dict[str, Any] = field(default_factory=dict)
    """What the trainer says of it: rows, settings, validation; read by people."""


PRIOR = Model(
    intercept=math.log(0.25 / 0.75),
    terms=(
        Numeric("attempt", mean=0.0, scale=1.0, low=0.0, high=5.0, weight=-0.35),
        Levels("last_disposition", {"busy": 0.5, "failed": 0.0, "no_answer": -0.2, "voicemail": -0.3}),
        Binned("hour", edges=(12.0, 17.0), weights=(-0.1, 0.0, 0.25)),
    ),
    about={"source": "a prior by judgement, not measured: it orders contacts until the campaign has a history"},
)
"""One call in four is answered; each attempt in vain makes the next less likely; a busy line has somebody at it;
more people are home in the evening. Judgement, no measurement: train a model as soon as there is a history."""


def score(model: Model, features: Features, hour: int | None = None) -> float:
    """Return the probability, 0 to 1, that a call reaches the contact; ``hour`` is of its wall clock, 0 to 23."""
    return probability(sum(contributions(model, features, hour).values()))


def contributions(model: Model, features: Features, hour: int | None = None) -> dict[str, float]:
    """Return what each feature adds to the logit, the intercept among them; the sum is the logit."""
    known = _with_hour(features, hour)
    shares = {INTERCEPT: model.intercept}
    for term in model.terms:
        shares[term.feature] = shares.get(term.feature, 0.0) + term.logit(known.get(term.feature))
    return shares


def scorer(model: Model) -> Callable[[Features], float]:
    """Return a function that scores as `score` does, several times as fast; for many contacts of one model."""
    levels = [(t.feature, dict(t.weights), t.unknown, t.missing) for t in model.terms if isinstance(t, Levels)]
    binned = [(t.feature, t.edges, t.weights, t.missing) for t in model.terms if isinstance(t, Binned)]
    numeric = [(t.feature, t.logit) for t in model.terms if isinstance(t, Numeric)]
    intercept = model.intercept

    def fast(features: Features) -> float:
        logit = intercept
        read = features.get
        for name, by_level, unknown, missing in levels:
            value = read(name)
            if value is None:
                logit += missing
            else:
                logit += by_level.get(value if isinstance(value, str) else level_of(value), unknown)
        for name, edges, by_bin, missing in binned:
            value = read(name)
            if value is None or isinstance(value, str) or value != value:
                logit += missing
            else:
                logit += by_bin[bisect_right(edges, value)]
        for name, adds in numeric:
            logit += adds(read(name))
        return probability(logit)

    return fast


def probability(logit: float) -> float:
    """Return 1 / (1 + e^-logit) without overflow."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    odds = math.exp(logit)
    return odds / (1.0 + odds)


def rank(score: float) -> str:
    """Return a text that sorts the best score first: six digits, for the key of an index.

    >>> rank(0.75), rank(0.25)
    ('250000', '750000')
    """
    return f"{999_999 - min(999_999, max(0, int(score * 1_000_000))):06d}"


def known_of(contact: Contact) -> dict[str, str | float]:
    """Return the contact's features with those the desk knows itself; an upload's column never hides one."""
    known: dict[str, str | float] = {**contact.features, "attempt": float(contact.attempt)}
    if contact.last_disposition is not None:
        known["last_disposition"] = contact.last_disposition.value
    return known


def level_of(value: str | float) -> str:
    """Return a categorical value as the text of its level: ``3.0`` is ``"3"``."""
    if isinstance(value, str):
        return value
    return str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else repr(float(value))


def to_json(model: Model) -> dict[str, Any]:
    """Return the model as JSON's types."""
    terms = [{"kind": _NAMES[type(term)], **asdict(term)} for term in model.terms]
    return {"format": FORMAT, "intercept": model.intercept, "terms": terms, "about": model.about}


def from_json(data: Mapping[str, Any]) -> Model:
    """Return the model that `to_json` wrote.

    Raises:
        InvalidInputError: it is no model of this format; every term at fault is named.
    """
    if data.get("format") != FORMAT:
        message = f"is {data.get('format')!r}; this program reads {FORMAT}"
        raise InvalidInputError([Problem("format", "unknown_format", message)])
    terms: list[Term] = []
    found: list[Problem] = []
    for i, fields in enumerate(data.get("terms", ())):
        try:
            terms.append(_term(fields))
        except (KeyError, TypeError, ValueError) as error:
            found.append(Problem(f"terms[{i}]", "invalid_term", f"{type(error).__name__}: {error}"))
    intercept = data.get("intercept")
    if isinstance(intercept, bool) or not isinstance(intercept, int | float) or not math.isfinite(intercept):
        found.append(Problem("intercept", "not_finite", f"{intercept!r} is no finite number"))
    if found:
        raise InvalidInputError(found)
    return Model(float(data["intercept"]), tuple(terms), dict(data.get("about", {})))


def _term(fields: Mapping[str, Any]) -> Term:
    kind = _KINDS[fields["kind"]]
    values = {name: value for name, value in fields.items() if name != "kind"}
    if kind is Binned:
        values["edges"], values["weights"] = tuple(values["edges"]), tuple(values["weights"])
        if len(values["weights"]) != len(values["edges"]) + 1 or list(values["edges"]) != sorted(values["edges"]):
            raise ValueError("edges must ascend, and there is one weight more than edges")
    term = kind(**values)
    if isinstance(term, Numeric) and term.scale == 0:
        raise ValueError("scale must not be 0")
    if not all(math.isfinite(number) for number in _numbers(values)):
        raise ValueError("every weight must be a finite number")
    return term


def _numbers(values: Mapping[str, Any]) -> list[float]:
    found: list[float] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            found.extend(value.values())
        elif isinstance(value, tuple):
            found.extend(value)
        elif name != "feature":
            found.append(value)
    return found


def _with_hour(features: Features, hour: int | None) -> Features:
    return features if hour is None else {**features, "hour": float(hour)}
