"""Checks that a text has no figure its facts do not have.

    >>> strangers("Sales fell 12.5 % to 1,300", [{"change": -0.125, "sales": 1300}])
    []
    >>> strangers("Sales fell 30 %", [{"change": -0.125}])
    ['30 %']

A figure in a text may be a fact rounded to the places it shows, a share as percent, cents as whole money, or a
thousand and a million as k and M. Signs are left out: "fell 12 %" is -0.12. Ordinals and figures inside names
(store-7, ABC-123, 2025-01-15) count as words and must stand in the facts' texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

_TOKEN = re.compile(r"[^\s,;:()\[\]\"'“”!?]*\d(?:[^\s;:()\[\]\"'“”!?]*[\w%])?(?:\s?%)?")
_NUMBER = re.compile(r"^[-+−$€£~≈]*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s?(%|k|K|M|m|bn|x|×)?$")
_SCALE = {"k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "bn": 1e9}


def strangers(text: str, facts: Any) -> list[str]:
    """Return the figures of ``text`` that ``facts`` (JSON values) do not have, in order.

    Numbers are compared by value, other words with digits by spelling.
    """
    numbers, words = _known(facts)
    return [token for token in _tokens(text) if not _stands_in(token, numbers, words)]


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        token = match.group().strip(".,-–—/")
        if any(character.isdigit() for character in token):
            yield token


def _stands_in(token: str, numbers: list[float], words: str) -> bool:
    parsed = _NUMBER.match(token)
    if parsed is None:
        return token.casefold() in words
    whole, decimals, unit = parsed.group(1).replace(",", ""), parsed.group(2) or "", parsed.group(3) or ""
    value = float(whole + decimals)
    half = 0.5 * 10.0 ** -max(0, len(decimals) - 1) * 1.000001
    if unit == "%":
        return any(abs(abs(n) * factor - value) <= half for n in numbers for factor in (100.0, 1.0))
    scale = _SCALE.get(unit, 1.0)
    return any(abs(abs(n) * factor / scale - value) <= half for n in numbers for factor in (1.0, 0.01))


def _known(facts: Any) -> tuple[list[float], str]:
    numbers: list[float] = []
    texts: list[str] = []
    for leaf in _leaves(facts):
        if isinstance(leaf, bool) or leaf is None:
            continue
        if isinstance(leaf, int | float):
            numbers.append(float(leaf))
        else:
            texts.append(str(leaf).casefold())
            numbers += [
                float((m.group(1) + (m.group(2) or "")).replace(",", ""))
                for token in _tokens(str(leaf))
                if (m := _NUMBER.match(token))
            ]
    return numbers, "\n".join(texts)


def _leaves(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value
