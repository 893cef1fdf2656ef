"""The guard's rule on joins: large relations are joined by a condition that compares them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.rules import MANY_ROWS, MOST_COMBINATIONS
from chalicelib.opportunities.errors import UnsafeQueryError

if TYPE_CHECKING:
    from chalicelib.opportunities.adapters.sqlglot_guard.relations import Scope

Pairs = set[frozenset[str]]

_COMPARISONS = (exp.EQ, exp.NullSafeEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.Between, exp.In)


def check_joined(node: exp.Select, scope: Scope, *, limited: bool) -> None:
    """Let a SELECT through whose large relations hang together.

    A product of two is let through where it ends early: with a LIMIT, and nothing that must see all rows first.

    Raises:
        UnsafeQueryError: there is a cross join without an end.
    """
    if len(scope.relations) < 2:
        return
    groups = {name: {name} for name in scope.relations}
    for pair in _pairs(node, scope):
        together = set[str]().union(*(groups[name] for name in pair))
        for name in together:
            groups[name] = together
    _check_few(scope, groups)
    large = [one.name for one in scope.relations.values() if not one.few]
    if len(large) < 2:
        return
    apart = [name for name in large if name not in groups[large[0]]]
    if not apart:
        return
    sees_all = any(node.args.get(key) for key in ("group", "distinct", "having", "order")) or any(
        part.find(exp.AggFunc, exp.Window) for part in node.expressions
    )
    if not limited or sees_all or len(large) > 2:
        raise UnsafeQueryError(
            "cross_join", f"joins {large[0]!r} and {apart[0]!r} without a condition that compares them"
        )


def _check_few(scope: Scope, groups: dict[str, set[str]]) -> None:
    """Refuse many relations of few rows each beside each other: a thousand thrice is a thousand million."""
    apart = {id(names): names for names in groups.values()}.values()
    few = [max(scope.relations[name].rows for name in names) for names in apart]
    combinations = math.prod(rows for rows in few if rows < MANY_ROWS)
    if combinations > MOST_COMBINATIONS:
        raise UnsafeQueryError(
            "cross_join", f"puts relations beside each other that make {combinations} combinations of rows"
        )


def _pairs(node: exp.Select, scope: Scope) -> Pairs:
    """Return the pairs of relations that ON, USING and WHERE compare."""
    found: Pairs = set()
    for join in _joins(node):
        if (condition := join.args.get("on")) is not None:
            found |= _compared(condition, scope)
        for column in join.args.get("using") or ():
            holders = [one.name for one in scope.holders(column.name.lower())]
            found |= {frozenset((holders[0], other)) for other in holders[1:]}
    if (where := node.args.get("where")) is not None:
        found |= _compared(where.this, scope)
    return found


def _joins(node: exp.Select) -> list[exp.Join]:
    """Return a SELECT's own joins, those in parentheses too."""
    joins: list[exp.Join] = []
    waiting = [node.args["from_"].this] if node.args.get("from_") else []
    own = list(node.args.get("joins") or ())
    while waiting or own:
        if own:
            join = own.pop()
            joins.append(join)
            waiting.append(join.this)
            continue
        source = waiting.pop()
        own += source.args.get("joins") or ()
        if isinstance(source, exp.Subquery) and isinstance(source.this, exp.Table | exp.Subquery):
            waiting.append(source.this)
    return joins


def _compared(condition: exp.Expr, scope: Scope) -> Pairs:
    """Return the pairs of relations that a condition compares, whichever way it comes out true."""
    if isinstance(condition, exp.Paren):
        return _compared(condition.this, scope)
    if isinstance(condition, exp.And):
        return set[frozenset[str]]().union(*(_compared(part, scope) for part in condition.flatten()))
    if isinstance(condition, exp.Or):
        parts = [_compared(part, scope) for part in condition.flatten()]
        return set.intersection(*parts)
    if not isinstance(condition, _COMPARISONS):
        return set()
    left = _names(condition.this, scope)
    right = set[str]()
    for key, value in condition.args.items():
        if key != "this":
            for part in value if isinstance(value, list) else [value]:
                right |= _names(part, scope) if isinstance(part, exp.Expr) else set()
    return {frozenset((one, other)) for one in left for other in right if one != other}


def _names(node: exp.Expr, scope: Scope) -> set[str]:
    """Return the relations of this scope whose columns an expression reads, not looking into queries within it."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, exp.Select | exp.SetOperation):
            continue
        if isinstance(part, exp.Column):
            table = part.table.lower()
            if table in scope.relations:
                found.add(table)
            elif not table:
                found |= {one.name for one in scope.holders(part.name.lower())[:1]}
        else:
            waiting += part.iter_expressions()
    return found
