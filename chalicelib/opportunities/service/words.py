"""The model's words on claims: kept when every figure in them is one of the claims', else the template stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.core.ai import TextModel, TextRequest, figures
from chalicelib.core.log import logger
from chalicelib.opportunities.domain.claims import Claim, figures_of

_TASK = (
    "Write a summary of the claims for a sales person, in at most six sentences of plain English, the win "
    "probability first, and one to five next steps that follow from the claims. Say nothing that no claim says."
)
_LONGEST_SUMMARY, _MOST_STEPS, _LONGEST_STEP = 3_000, 8, 400


class Words(msgspec.Struct, rename="camel"):
    """What a model answers."""

    summary: str
    next_steps: list[str]


def words(claims: Sequence[Claim], summary: str, steps: Sequence[str], model: TextModel) -> dict[str, Any]:
    """Return ``summary, nextSteps, writtenBy``: the model's, or the template's where the model brought a figure.

    Which figures may stand there is decided by the claims' own figures alone: a number in a customer's text or in
    a row's text makes no figure right.

    Raises:
        ModelThrottledError, ModelUnavailableError, ModelRefusedError, ModelAnswerError: see there.
    """
    template = Words(summary, list(steps))
    facts = {"claims": [claim.as_dict() for claim in claims], "nextSteps": list(steps)}
    said = model.write(TextRequest(_TASK, facts, Words, template, most_tokens=1_500))
    if said == template:
        return {"summary": summary, "nextSteps": list(steps), "writtenBy": model.model_id}
    known = [*figures_of(claims), {"steps": list(steps)}]
    found = figures.strangers(" ".join([said.summary, *said.next_steps]), known)
    fits = len(said.summary) <= _LONGEST_SUMMARY and len(said.next_steps) <= _MOST_STEPS
    fits = fits and said.summary.strip() != "" and all(len(step) <= _LONGEST_STEP for step in said.next_steps)
    if found or not fits:
        logger().warning("the model's words were replaced", strangers=found[:10], fits=fits, model=model.model_id)
        return {"summary": summary, "nextSteps": list(steps), "writtenBy": "template"}
    return {"summary": said.summary, "nextSteps": said.next_steps, "writtenBy": model.model_id}
