"""The guard's rule on what grows by itself: few rows and a short text that become many without a large table.

A list that a query builds (of a sequence, of many rows) may be unfolded once and walked once: twice is a product
of the list with itself; and it is not built anew for each row out of all rows before it. What `reduce` carries
along may stand twice in its lambda only where nothing but numbers come out: a text that is put behind itself
doubles with every element. Groupings that multiply read the rows once for each.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.patterns import check_pattern
from chalicelib.opportunities.adapters.sqlglot_guard.rules import (
    LIST_BUILDERS,
    LONGEST_TEXT_BESIDE_A_SEQUENCE,
    MOST_GROUPINGS,
    NUMBERS_ONLY,
)
from chalicelib.opportunities.errors import UnsafeQueryError


def check_growth(tree: exp.Expr) -> None:
    """Let a tree through in which nothing grows by itself.

    Raises:
        UnsafeQueryError: something does.
    """
    unfolded, lambdas, builds, sequence = 0, list[exp.Lambda](), False, False
    for node in tree.walk():
        unfolded += isinstance(node, exp.Unnest)
        sequence = sequence or _is_sequence(node)
        builds = builds or _builds(node)
        check_pattern(node)
        if isinstance(node, exp.Lambda):
            lambdas.append(node)
        elif isinstance(node, exp.Window):
            _check_window(node)
        elif isinstance(node, exp.Group):
            _check_groupings(node)
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


def _is_sequence(node: exp.Expr) -> bool:
    return type(node).__name__.startswith("Generate")


def _builds(node: exp.Expr) -> bool:
    called = str(node.this).lower() if isinstance(node, exp.Anonymous) else type(node).__name__
    return called in LIST_BUILDERS


def _check_window(node: exp.Window) -> None:
    """Refuse a list of all rows, or of all before, for each row: half the square of the table."""
    if not any(_builds(part) and not _is_sequence(part) for part in node.this.walk()):
        return
    if not any(part.args.get("partition_by") or _short_frame(part) for part in _definitions(node)):
        raise UnsafeQueryError("too_long", "gathers a list for each row, neither partitioned nor of a few rows")


def _definitions(node: exp.Window) -> Iterator[exp.Expr]:
    """Yield a window and the named one that it refers to."""
    yield node
    around = node.find_ancestor(exp.Select)
    for named in (around.args.get("windows") if around is not None else None) or ():
        if named.name.lower() == node.alias.lower():
            yield named


def _short_frame(node: exp.Expr) -> bool:
    """Say whether a frame begins and ends a number of rows from the current one."""
    frame = node.args.get("spec")
    if frame is None or str(frame.args.get("kind")).upper() != "ROWS":
        return False
    ends = (frame.args.get("start"), frame.args.get("end") or "CURRENT ROW")
    return all(isinstance(end, exp.Literal) or end == "CURRENT ROW" for end in ends)


def _check_groupings(node: exp.Group) -> None:
    parts = [part for value in node.args.values() if isinstance(value, list) for part in value]
    groupings = math.prod(map(_groupings, parts))
    if groupings > MOST_GROUPINGS:
        raise UnsafeQueryError(
            "too_long", f"groups in {groupings} ways at once; at most {MOST_GROUPINGS} are taken"
        )


def _groupings(node: exp.Expr) -> int:
    """Return how many sets of columns an element of GROUP BY stands for."""
    if isinstance(node, exp.Cube):
        return 1 << len(node.expressions)
    if isinstance(node, exp.Rollup):
        return len(node.expressions) + 1
    if isinstance(node, exp.GroupingSets):
        return sum(map(_groupings, node.expressions))
    return 1


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
