"""Lets a model say what the templates say, and keeps only sentences that stay with the facts.

A sentence has no figure that code has not computed, names what its template names, and leads nowhere else: names
of stores and products come from files, and a model may do what they say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chalicelib.core.ai import TextModel, TextRequest
from chalicelib.core.ai.figures import strangers

LONGEST = 400
"""Characters; a longer sentence is not one."""


_LEADS_AWAY = re.compile(r"://|\bwww\.|@[\w-]+\.\w")
"""Addresses of pages and mailboxes."""


class Sentences(msgspec.Struct):
    """What a model answers: one sentence for each fact, in order."""

    sentences: list[str]


def phrase(model: TextModel, task: str, facts: Sequence[Mapping[str, Any]], templates: Sequence[str]) -> list[str]:
    """Return one text for each of ``facts``: the model's, or the template where that does not stay with the facts.

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
        said if _stays(said, one, template) else template
        for said, one, template in zip(map(_one_line, answer.sentences), given, templates, strict=True)
    ]


def _one_line(sentence: str) -> str:
    return " ".join(sentence.split())


def _stays(said: str, fact: Mapping[str, Any], template: str) -> bool:
    """Say whether a sentence may stand for the template."""
    if not said or len(said) > LONGEST or strangers(said, fact):
        return False
    name = str(fact.get("scope", "")).partition(":")[2]
    named = name not in template or name.casefold() in said.casefold()
    return named and not (_LEADS_AWAY.search(said) and not _LEADS_AWAY.search(template))
