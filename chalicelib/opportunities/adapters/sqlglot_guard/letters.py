"""The guard's rule on long values: how many letters an expression may come to, by its form.

A stored value is reckoned to have a hundred. What is put together has as many as its parts; what is put in the
place of each letter multiplies. So a text doubled from named query to named query is seen for what it is, and
refused at the place where it grows too long. What an aggregate gathers from many rows counts as one of its values:
all of them together are no longer than the table.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.relations import Scope
from chalicelib.opportunities.adapters.sqlglot_guard.rules import (
    GROUPED_ROWS,
    LARGEST,
    MOST_LETTERS,
    NUMBER_LETTERS,
    NUMBERS,
    VALUE_LETTERS,
    WIDEST_FORMAT,
)
from chalicelib.opportunities.adapters.sqlglot_guard.tree import numbers_of, whole_number
from chalicelib.opportunities.errors import UnsafeQueryError

_REFERENCE = re.compile(r"\$(?:\d|\{\w+\})")
_QUERY = (exp.Select, exp.SetOperation)


def letters_of(node: exp.Expr, scope: Scope, of_queries: Mapping[int, int]) -> int:
    """Return how many letters an expression comes to at most, its stored values being of `VALUE_LETTERS`.

    Args:
        node: the expression.
        scope: what its columns mean.
        of_queries: the letters of queries within it, by the identity of their nodes.

    Raises:
        UnsafeQueryError: it, or a part of it, comes to more than `MOST_LETTERS`.
    """
    if id(node) in of_queries or isinstance(node, _QUERY):
        return of_queries.get(id(node), VALUE_LETTERS)
    if isinstance(node, exp.Column):
        return _of_column(node, scope)
    if isinstance(node, exp.Literal):
        return len(node.name)
    parts: dict[str, list[int]] = {}
    for key, value in node.args.items():
        several = value if isinstance(value, list) else [value]
        parts[key] = [letters_of(one, scope, of_queries) for one in several if isinstance(one, exp.Expr)]
    letters = _together(node, parts)
    if letters > MOST_LETTERS:
        raise UnsafeQueryError(
            "too_long", f"makes texts or lists of some {letters} letters of stored ones; {MOST_LETTERS} are taken"
        )
    return letters


def _of_column(node: exp.Column, scope: Scope) -> int:
    relation = scope.holder(node.table.lower(), node.name.lower())
    if relation is None:
        return VALUE_LETTERS
    found = [one.letters for name, one in relation.outputs() if name == node.name.lower()]
    return max(found, default=VALUE_LETTERS)


def _together(node: exp.Expr, parts: dict[str, list[int]]) -> int:
    """Return the letters of an expression out of those of its parts."""
    kind = type(node).__name__
    every = [letters for several in parts.values() for letters in several]
    if kind in NUMBERS:
        return NUMBER_LETTERS
    if kind == "Identifier":  # a name that a lambda gives: its list is counted beside
        return 1
    if kind in ("Window", "Filter", "WithinGroup", "Order", "Lambda", "Cast", "TryCast"):
        return sum(parts.get("this", []))
    if kind in LARGEST:
        return max(every, default=0)
    if kind == "GenerateSeries":
        return numbers_of(node) or GROUPED_ROWS
    if kind == "Pad":
        return max(sum(parts["this"]), whole_number(node.expression) or 0)
    if kind in ("Replace", "RegexpReplace"):
        return sum(parts["this"]) * _replacement(node, parts)
    if kind in ("JSONFormat", "Hex"):  # quotes get a backslash each, bytes two letters
        return 2 * sum(every)
    if kind == "Format":
        text = str(node.this.name)
        widest = max(10**WIDEST_FORMAT if re.search(r"\d", text) else 1, *parts["expressions"])
        return len(text) + text.count("%") * widest
    if kind == "ConcatWs":  # the first one stands between each of the others' elements
        return max(1, every[0]) * sum(every[1:])
    if kind == "ArrayToString":
        return math.prod(max(1, letters) for letters in every)
    among = zip(node.iter_expressions(), every, strict=True)
    if lambdas := [letters for part, letters in among if isinstance(part, exp.Lambda)]:
        return (sum(every) - sum(lambdas)) * max(1, *lambdas)
    return sum(every)


def _replacement(node: exp.Expr, parts: dict[str, list[int]]) -> int:
    """Return how many letters may stand where one was."""
    written = node.args.get("replacement")
    if isinstance(written, exp.Literal) and isinstance(node, exp.RegexpReplace):
        return max(1, len(_REFERENCE.sub("x", written.name)))
    return max(1, sum(parts.get("replacement", [])))
