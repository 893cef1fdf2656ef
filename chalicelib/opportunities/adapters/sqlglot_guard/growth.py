"""The guard's rule on what grows by itself: few rows and a short text that become many without a large table.

A list that a query builds (of a sequence, of many rows) may be unfolded once and walked once: twice is a product
of the list with itself. What `reduce` carries along may stand twice in its lambda only where nothing but numbers
come out: a text that is put behind itself doubles with every element. And a pattern that repeats what repeats
takes a backtracking engine longer than the world is old.
"""

from __future__ import annotations

import re

from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.rules import (
    LIST_BUILDERS,
    LONGEST_TEXT_BESIDE_A_SEQUENCE,
    NUMBERS_ONLY,
    PATTERN_NODES,
)
from chalicelib.opportunities.errors import UnsafeQueryError

_REPEATS = r"(?:[*+]|\{\d+,\d*\}|\{\d{2,}\})"
_REPEATED_TWICE = re.compile(rf"\((?:[^()\\]|\\.)*{_REPEATS}(?:[^()\\]|\\.)*\)\)*{_REPEATS}")
_ESCAPED = re.compile(r"\\[()]|\[[^\]]*\]")


def check_growth(tree: exp.Expr) -> None:
    """Let a tree through in which nothing grows by itself.

    Raises:
        UnsafeQueryError: something does.
    """
    unfolded, lambdas, builds, sequence = 0, list[exp.Lambda](), False, False
    for node in tree.walk():
        kind = type(node).__name__
        unfolded += kind == "Unnest"
        sequence = sequence or kind.startswith("Generate")
        builds = (
            builds or kind in LIST_BUILDERS or (kind == "Anonymous" and str(node.this).lower() in LIST_BUILDERS)
        )
        if isinstance(node, exp.Lambda):
            lambdas.append(node)
        if kind in PATTERN_NODES:
            _check_pattern(node.args.get("expression"))
        elif sequence and isinstance(node, exp.Literal) and len(str(node.this)) > LONGEST_TEXT_BESIDE_A_SEQUENCE:
            raise UnsafeQueryError("too_long", "has a long text beside a sequence, which could repeat it")
    if builds and unfolded > 1:
        raise UnsafeQueryError("cross_join", f"builds a list and unfolds {unfolded}; one is taken")
    for each in lambdas:
        if builds and each.find_ancestor(exp.Lambda) is not None:
            raise UnsafeQueryError(
                "cross_join", "builds a list and has a lambda within a lambda, as a product has"
            )
        _check_carried(each)


def _check_carried(node: exp.Lambda) -> None:
    """Refuse to carry along more than once what is no number."""
    reduces = isinstance(node.parent, exp.Reduce) or (
        isinstance(node.parent, exp.Anonymous) and str(node.parent.this).lower() == "reduce_agg"
    )
    if not reduces:
        return
    names = [one.name.lower() for one in node.expressions]
    used = [one.name.lower() for one in node.this.find_all(exp.Identifier)]
    if not any(used.count(name) > 1 for name in names):
        return
    strange = {type(part).__name__ for part in node.this.walk()} - NUMBERS_ONLY
    if strange:
        raise UnsafeQueryError(
            "too_long",
            f"carries a value along that it uses twice, with {', '.join(sorted(strange))}: it may double",
        )


def _check_pattern(node: object) -> None:
    if isinstance(node, exp.Literal) and _REPEATED_TWICE.search(_ESCAPED.sub("x", str(node.this))):
        raise UnsafeQueryError(
            "pattern", "has a pattern that repeats what repeats, which may never come to an end"
        )
