"""Why an expert is recommended: past tickets, each cited by its id, and nothing that is not cited."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chalicelib.tickets.domain.recommendation import Evidence

CITED = 3
_LONGEST_SUBJECT = 80
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
NOTHING_KNOWN = "No solved ticket of theirs is near this one."


def plain_reasoning(evidence: Sequence[Evidence]) -> str:
    """Return the reasoning that needs no model.

    >>> plain_reasoning([Evidence("7", "Replica lags", 0.82, "2026-11-02T09:00:00+00:00")])
    'Solved 7 "Replica lags" on 2026-11-02 (similarity 0.82).'
    """
    if not evidence:
        return NOTHING_KNOWN
    return " ".join(
        f'Solved {one.ticket_id} "{_short(one.subject)}"'
        f"{f' on {one.solved_at[:10]}' if one.solved_at else ''} (similarity {one.similarity:.2f})."
        for one in evidence
    )


def verified(text: str, evidence: Sequence[Evidence]) -> str:
    """Return the sentences of ``text`` that cite a past ticket of ``evidence``; else the plain reasoning.

    A claim without a cited ticket is cut, whoever made it up: a model, or a ticket's author through it.
    """
    cited = {one.ticket_id for one in evidence}
    kept = [
        sentence
        for sentence in _SENTENCE_ENDS.split(" ".join(text.split()))
        if cited & set(re.findall(r"[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]|[A-Za-z0-9]", sentence))
    ]
    return " ".join(kept) or plain_reasoning(evidence)


def _short(subject: str) -> str:
    subject = subject.replace('"', "'")
    return subject if len(subject) <= _LONGEST_SUBJECT else subject[: _LONGEST_SUBJECT - 1].rstrip() + "…"
