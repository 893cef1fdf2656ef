"""Lets a model say what the templates say, and keeps only sentences whose figures code has computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chalicelib.core.ai import TextModel, TextRequest
from chalicelib.core.ai.figures import strangers

LONGEST = 400
"""Characters; a longer sentence is not one."""


class Sentences(msgspec.Struct):
    """What a model answers: one sentence for each fact, in order."""

    sentences: list[str]


def phrase(model: TextModel, task: str, facts: Sequence[Mapping[str, Any]], templates: Sequence[str]) -> list[str]:
    """Return one text for each of ``facts``: the model's, or the template where its figures are not the facts'.

    Raises:
        ModelThrottledError, ModelUnavailableError, ModelRefusedError, ModelAnswerError: the model failed.
    """
    if not facts:
        return []
    given = [{**one, "template": text} for one, text in zip(facts, templates, strict=True)]
    answer = model.write(TextRequest(task, given, Sentences, Sentences(list(templates))))
    if len(answer.sentences) != len(templates):
        return list(templates)
    return [
        said if said.strip() and len(said) <= LONGEST and not strangers(said, one) else template
        for said, one, template in zip(answer.sentences, given, templates, strict=True)
    ]
