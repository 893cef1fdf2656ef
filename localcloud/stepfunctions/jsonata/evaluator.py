"""The library's evaluator, where it differs from JSONata 2.0.6, the version AWS runs."""

from __future__ import annotations

import math
from typing import Any

from jsonata import Jsonata
from jsonata.jexception import JException
from jsonata.regex_engine import default_regex_engine
from jsonata.tokenizer import Tokenizer
from jsonata.utils import Utils

_LATER = ("??", "?:")
"""Operators of JSONata 2.1.0: AWS refuses a definition that has them."""


class Evaluator(Jsonata):  # type: ignore[misc]  # the library has no annotations
    """One compiled expression. Raises JException where the text is none."""

    def __init__(self, text: str) -> None:
        for operator in _LATER:
            if operator in text:
                _refuse_later_operators(text)
        super().__init__(text)

    def evaluate_numeric_expression(self, lhs: Any, rhs: Any, op: str | None) -> Any:
        """Remainders keep their fraction, which the library cuts; by zero, numbers divide as in JavaScript."""
        if op in ("/", "%") and Utils.is_numeric(lhs) and Utils.is_numeric(rhs):
            if rhs == 0:
                return math.copysign(math.inf, lhs) if op == "/" and lhs != 0 else math.nan
            if op == "%":
                return Utils.convert_number(math.fmod(lhs, rhs))
        return super().evaluate_numeric_expression(lhs, rhs, op)


def _refuse_later_operators(text: str) -> None:
    tokens = Tokenizer(text, default_regex_engine)
    after_value = False
    while (token := tokens.next(after_value)) is not None:
        if token.type == "operator" and token.value in _LATER:
            raise JException("S0204", token.position, token.value)
        after_value = token.type != "operator" or token.value in (")", "]", "}")
