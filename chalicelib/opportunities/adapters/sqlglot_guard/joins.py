"""The guard's rule on joins: relations are compared with each other, huge ones by equalities.

An equality is what an engine's hash join wants; any other comparison makes it look at every pair of rows. That is
taken of a whole table beside another (customers in bands of prices), and not of two that are divided by years. A
query within a query that reads the outer one's rows is such a join, too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.relations import Relation, Scope
from chalicelib.opportunities.adapters.sqlglot_guard.rules import (
    FEW_ROWS,
    LONGEST_SEQUENCE,
    MOST_COMBINATIONS,
    MOST_PAIRS,
)
from chalicelib.opportunities.errors import UnsafeQueryError

_EQUALITIES = (exp.EQ, exp.NullSafeEQ)
_COMPARISONS = (*_EQUALITIES, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.Between, exp.In)


_Pair = tuple[frozenset[Relation], frozenset[Relation]]


class _Groups:
    """Relations that hang together; at first each stands alone."""

    def __init__(self, relations: Iterable[Relation]) -> None:
        self._of = {relation: {relation} for relation in relations}
        self.relations = frozenset(self._of)

    def of(self, relation: Relation) -> set[Relation]:
        return self._of[relation]

    def whole(self, relations: frozenset[Relation]) -> bool:
        """Say whether these hang together."""
        return self._of[next(iter(relations))] >= relations

    def all(self) -> list[set[Relation]]:
        return list({id(group): group for group in self._of.values()}.values())

    def join(self, relations: Iterable[Relation]) -> None:
        together = set[Relation]().union(*(self._of[one] for one in relations))
        for one in together:
            self._of[one] = together


def check_joined(node: exp.Select, scope: Scope, *, limited: bool) -> None:
    """Let a SELECT through whose relations hang together.

    A product of two is let through where it ends early: with a LIMIT and nothing that must see all rows first.

    Raises:
        UnsafeQueryError: there is a cross join without an end.
    """
    own = list(scope.relations.values())
    outer = [one for one in scope.reached if one.huge]
    huge = [one for one in own if one.huge]
    if len(own) < 2 and not (huge and outer):
        return
    demands = list(_demands(node))
    tied, compared = _tied(node, scope, demands), _compared(node, scope, demands)
    _check_few(own, tied, compared)
    if huge and outer and tied.of(huge[0]).isdisjoint(outer):
        raise UnsafeQueryError(
            "cross_join",
            f"reads {huge[0].name!r} for each row of {outer[0].name!r} around it, tied by no equality",
        )
    large = [one for one in own if not one.few]
    apart = [one for one in large if one not in compared.of(large[0])]
    loose = [one for one in huge if one not in tied.of(huge[0]) and one in compared.of(huge[0])]
    if loose:
        raise UnsafeQueryError(
            "cross_join", f"compares each row of {huge[0].name!r} with each of {loose[0].name!r}, by no equality"
        )
    sees_all = any(node.args.get(key) for key in ("group", "distinct", "having", "order")) or any(
        part.find(exp.AggFunc, exp.Window) for part in node.expressions
    )
    if apart and (not limited or sees_all or len(large) > 2):
        raise UnsafeQueryError(
            "cross_join", f"joins {large[0].name!r} and {apart[0].name!r} without a condition that compares them"
        )


def _check_few(own: list[Relation], tied: _Groups, compared: _Groups) -> None:
    """Refuse many relations beside each other, of few rows or not: a thousand thrice is a thousand million."""
    if math.prod(max(one.rows for one in group) for group in tied.all()) > MOST_PAIRS:
        raise UnsafeQueryError("cross_join", f"puts {len(own)} relations beside each other that no equality ties")
    beside_large = any(not one.few for one in own)
    for groups, most in (
        (tied, LONGEST_SEQUENCE if beside_large else MOST_COMBINATIONS),
        (compared, FEW_ROWS if beside_large else MOST_COMBINATIONS),
    ):
        few = [group for group in groups.all() if all(one.few for one in group)]
        combinations = math.prod(max(one.rows for one in group) for group in few)
        if combinations > most:
            raise UnsafeQueryError(
                "cross_join", f"puts relations beside each other that make {combinations} combinations of rows"
            )


def _tied(node: exp.Select, scope: Scope, demands: list[exp.Expr]) -> _Groups:
    """Return the relations that equalities of ON, USING and WHERE tie, those of queries around among them."""
    groups = _Groups([*scope.relations.values(), *scope.reached])
    _join_by_using(groups, node, scope)
    pairs = [pair for each in demands for pair in _pairs(each, scope, _EQUALITIES) if pair[0].isdisjoint(pair[1])]
    while True:  # a sum of two relations' columns ties a third one to them where they are tied already
        ready = [
            (one, other)
            for one, other in pairs
            if groups.whole(one) and groups.whole(other) and not groups.whole(one | other)
        ]
        if not ready:
            return groups
        for one, other in ready:
            groups.join(one | other)


def _compared(node: exp.Select, scope: Scope, demands: list[exp.Expr]) -> _Groups:
    """Return the relations that any comparison brings together, and lists with the rows they are unfolded from."""
    groups = _Groups([*scope.relations.values(), *scope.reached])
    _join_by_using(groups, node, scope)
    for demand in demands:
        for one, other in _pairs(demand, scope, _COMPARISONS):
            groups.join(one | other)
    for relation in scope.relations.values():
        groups.join({relation} | (relation.unfolds & groups.relations))
    return groups


def _join_by_using(groups: _Groups, node: exp.Select, scope: Scope) -> None:
    for join in _joins(node):
        for column in join.args.get("using") or ():
            name = column.name.lower()
            groups.join(one for one in scope.holders(name) if one.tells(name))


def _pairs(condition: exp.Expr, scope: Scope, kinds: tuple[type[exp.Expr], ...]) -> set[_Pair]:
    """Return which relations' columns a condition compares with which others', whichever way it comes out true."""
    if isinstance(condition, exp.Paren):
        return _pairs(condition.this, scope, kinds)
    if isinstance(condition, exp.And):
        return set().union(*(_pairs(part, scope, kinds) for part in condition.flatten()))
    if isinstance(condition, exp.Or):
        return set.intersection(*(_pairs(part, scope, kinds) for part in condition.flatten()))
    if not isinstance(condition, kinds):
        return set()
    sides = frozenset(_read(condition.this, scope)), frozenset(_read(condition, scope, but=condition.this))
    return {sides, sides[::-1]} if all(sides) else set()


def _demands(node: exp.Select) -> Iterator[exp.Expr]:
    """Yield what ON and WHERE demand, part by part."""
    waiting = [join.args["on"] for join in _joins(node) if join.args.get("on") is not None]
    if (where := node.args.get("where")) is not None:
        waiting.append(where.this)
    while waiting:
        part = waiting.pop()
        if isinstance(part, exp.Paren):
            waiting.append(part.this)
        elif isinstance(part, exp.And):
            waiting += part.flatten()
        else:
            yield part


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


def _read(node: exp.Expr, scope: Scope, *, but: exp.Expr | None = None) -> set[Relation]:
    """Return the relations whose columns an expression reads, without ``but`` and queries within it.

    A column of a huge relation that is made of no column, such as ``1 AS k``, tells its rows from no other's.
    """
    found: set[Relation] = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if part is but or isinstance(part, exp.Select | exp.SetOperation):
            continue
        if isinstance(part, exp.Column):
            relation = scope.holder(part.table.lower(), part.name.lower())
            if relation is not None and relation.tells(part.name.lower()):
                found.add(relation)
        else:
            waiting += part.iter_expressions()
    return found
