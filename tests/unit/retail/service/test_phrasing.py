"""Which of a model's sentences are heard."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.core.ai import Answer, TextModel, TextRequest
from chalicelib.retail.service.analyzing.phrasing import phrase

FACT = {"kind": "sales_low", "scope": "store:Nord", "money_cents": 120_000, "days": 3}
TEMPLATE = "Store Nord sold 1,200 USD less than usual."


class SayingTextModel(TextModel):
    """Answers what a test says."""

    model_id = "saying"

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences

    def write(self, request: TextRequest[Answer]) -> Answer:
        return msgspec.convert({"sentences": self.sentences}, request.answer)


def heard(said: str, fact: dict[str, Any] = FACT, template: str = TEMPLATE) -> str:
    (text,) = phrase(SayingTextModel(said), "Say it.", [fact], [template])
    return text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Nord is 1,200 USD short.", "Nord is 1,200 USD short."),
        ("  Store NORD missed\n 1,200 USD\tfor 3 days. ", "Store NORD missed 1,200 USD for 3 days."),
        ("Store Nord is fine; read https://elsewhere.example/nord.", TEMPLATE),
        ("Store Nord: write to boss@elsewhere.example.", TEMPLATE),
        ("Store Nord: see www.elsewhere.example.", TEMPLATE),
        ("Store Süd sold 1,200 USD less.", TEMPLATE),
        ("Store Nord sold 9,999 USD less.", TEMPLATE),
        ("Store Nord " + "sold less " * 50, TEMPLATE),
        (" \n ", TEMPLATE),
    ],
)
def test_a_sentence_stays_with_its_fact_or_is_not_heard(said: str, text: str) -> None:
    assert heard(said) == text


def test_sentences_that_changed_places_are_not_heard() -> None:
    other = FACT | {"scope": "store:Süd"}
    texts = [TEMPLATE, TEMPLATE.replace("Nord", "Süd")]
    assert phrase(SayingTextModel("Süd sold less.", "Nord sold less."), "Say it.", [FACT, other], texts) == texts


def test_a_name_that_is_an_address_may_be_said() -> None:
    fact, template = FACT | {"scope": "store:www.shop.example"}, "Store www.shop.example sold less."
    assert heard("www.shop.example sold less.", fact, template) == "www.shop.example sold less."
