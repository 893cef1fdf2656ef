"""Which fields of past tickets signals are made of, chosen by what the first of them say.

Later tickets are not looked at: in a replay they would tell of the future.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag_engine.corpus import Corpus
from rag_engine.replay import BLOCKS

_MOST_FIELDS = 6
_LEAST_TICKETS_A_VALUE = 1.2
"""A field whose values are rarer on average is a name of the ticket, and says nothing of the next."""
_TELLS_THE_SOLVER = 0.9
"""A field that is the solver's id as often is written by whoever solved the ticket, and unknown when it comes."""


def usable_fields(
    rows: Sequence[Mapping[str, str]], solvers: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields worth learning from, those given most often first, and a line on each field for people.

    Args:
        rows: the fields of the first tickets.
        solvers: who solved them.
    """
    given = {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}
    why_not = {name: next(_objections(values, solvers), "") for name, values in given.items()}
    count = {name: sum(value is not None for value in values) for name, values in given.items()}
    usable = sorted((name for name, why in why_not.items() if not why), key=lambda name: (-count[name], name))
    chosen = tuple(usable[:_MOST_FIELDS])
    said = []
    for name, values in given.items():
        why = why_not[name] or ("" if name in chosen else f"{_MOST_FIELDS} others are given more often")
        different = len(set(values) - {None})
        outcome = f"not used: {why}" if why else "used"
        said.append(
            f"field {name}: {different} values in {count[name]} of the first {len(rows)} tickets, {outcome}"
        )
    return chosen, tuple(said)


def usable_fields_of(corpus: Corpus) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the same of a corpus, chosen by its first block."""
    first = range(max(1, len(corpus) // BLOCKS))
    rows = [
        {name: corpus.values[name][codes[place]] for name, codes in corpus.fields.items() if codes[place] >= 0}
        for place in first
        if len(corpus)
    ]
    return usable_fields(rows, [corpus.solvers[corpus.solver[place]] for place in first[: len(rows)]])


def _objections(values: Sequence[str | None], solvers: Sequence[str]) -> Iterator[str]:
    known = [value for value in values if value is not None]
    different = len(set(known))
    if different == 1:
        yield "always the same"
    if different > len(known) / _LEAST_TICKETS_A_VALUE:
        yield "hardly a value comes twice"
    same = sum(value == solver for value, solver in zip(values, solvers, strict=True))
    if same >= _TELLS_THE_SOLVER * len(known):
        yield "it repeats the solver"
