"""What a SELECT gives: its columns, where they come from, and how many rows it has by its form."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.origins import Origin, Seen
from chalicelib.opportunities.adapters.sqlglot_guard.relations import Scope, Shape
from chalicelib.opportunities.adapters.sqlglot_guard.rules import FEW_ROWS, GROUPED_ROWS, MANY_ROWS
from chalicelib.opportunities.adapters.sqlglot_guard.tree import numbers_of, whole_number
from chalicelib.opportunities.errors import UnsafeQueryError


def shape_of(
    node: exp.Select, scope: Scope, made: Sequence[Origin], ids: frozenset[str], neutral: frozenset[str]
) -> Shape:
    """Return what a SELECT gives.

    Args:
        node: the SELECT.
        scope: what it reads from, with its conditions.
        made: where each of its expressions comes from if it is computed.
        ids: names of columns that tell rows apart.
        neutral: columns that a condition on the end may name beside it.
    """
    found: list[tuple[str, Origin]] = []
    for place, (part, computed) in enumerate(zip(node.expressions, made, strict=True)):
        if isinstance(part, exp.Star):
            found += scope.merged.items()
            for one in scope.relations.values():
                found += one.outputs(but=scope.merged)
        elif isinstance(part, exp.Column) and isinstance(part.this, exp.Star):
            found += scope.relations[part.table.lower()].outputs()
        else:
            plain = part.unnest()
            named = plain.alias_or_name if isinstance(plain, exp.Alias | exp.Column) else ""
            found.append((named.lower() or f"_col{place}", _origin(plain.unalias().unnest(), scope, computed)))
    if late := scope.blended(neutral):
        found = [(name, origin.computed(late)) for name, origin in found]
    return Shape(
        tuple(name for name, _ in found),
        tuple(origin for _, origin in found),
        _rows(node, scope, ids),
        any(one.knows_end for one in scope.relations.values()),
        Seen.union(condition.seen for condition in scope.conditions),
    )


def combined(node: exp.SetOperation, left: Shape, right: Shape) -> Shape:
    """Return what UNION, INTERSECT or EXCEPT gives; an origin is kept where both sides have it.

    Raises:
        UnsafeQueryError: the sides do not have as many columns.
    """
    if len(left.columns) != len(right.columns):
        raise UnsafeQueryError(
            "columns", f"puts {len(left.columns)} columns and {len(right.columns)} below each other"
        )
    # Which rows come from which side must not hang on how an opportunity ended.
    late = left.picked.late | right.picked.late
    if not isinstance(node, exp.Union):
        late |= left.seen.late | right.seen.late
    pairs = zip(left.origins, right.origins, strict=True)
    origins = tuple(
        one if one.column and one.column == other.column and not late else _both(one, other).computed(late)
        for one, other in pairs
    )
    return Shape(
        left.columns,
        origins,
        min(left.rows + right.rows, limit_of(node)),
        left.knows_end or right.knows_end,
        Seen.union([left.picked, right.picked]),
    )


def renamed(columns: tuple[str, ...], alias: exp.Expr | None) -> tuple[str, ...]:
    """Return columns by the names an alias gives them.

    Raises:
        UnsafeQueryError: it names more or fewer than there are.
    """
    given = (alias.args.get("columns") if alias is not None else None) or ()
    if given and len(given) != len(columns):
        raise UnsafeQueryError("columns", f"gives {len(columns)} columns {len(given)} names")
    return tuple(column.name.lower() for column in given) or columns


def limit_of(node: exp.Expr) -> int:
    """Return a query's limit, `MANY_ROWS` where it has none that leaves few rows."""
    limit = node.args.get("limit")
    if isinstance(limit, exp.Fetch):
        rows = whole_number(limit.args.get("count")) if limit.args.get("count") else 1
    else:
        rows = whole_number(limit.expression) if limit is not None else None
    return rows if rows is not None and rows <= FEW_ROWS else MANY_ROWS


def parts_of(clause: object) -> list[exp.Expr]:
    """Return a clause as a list of expressions; it is missing, one, or several."""
    if clause is None:
        return []
    return list(clause) if isinstance(clause, list) else [clause]  # type: ignore[list-item]


def demands(condition: exp.Expr) -> list[exp.Expr]:
    """Return the parts of a condition that must all hold."""
    if isinstance(condition, exp.Paren | exp.Where | exp.Having):
        return demands(condition.this)
    if isinstance(condition, exp.And):
        return [each for part in condition.flatten() for each in demands(part)]
    return [condition]


def _both(one: Origin, other: Origin) -> Origin:
    return Origin(Seen.union([one.seen, other.seen]), letters=max(one.letters, other.letters))


def _origin(node: exp.Expr, scope: Scope, computed: Origin) -> Origin:
    """Return where an output comes from; one of an outer query is taken for computed."""
    if isinstance(node, exp.Column):
        name, table = node.name.lower(), node.table.lower()
        holders = [scope.relations[table]] if table in scope.relations else [] if table else scope.holders(name)
        if holders:
            return dict(holders[0].outputs()).get(name, computed)
    return computed


def length_of(node: exp.Expr) -> int:
    """Return how many rows a list is unfolded to by its form; what is usual where that does not show."""
    if isinstance(node, exp.Array):
        return len(node.expressions)
    if isinstance(node, exp.GenerateSeries):
        return numbers_of(node) or GROUPED_ROWS
    return GROUPED_ROWS


def _rows(node: exp.Select, scope: Scope, ids: frozenset[str]) -> int:
    """Return how many rows a SELECT gives by its form.

    One per opportunity is many; one that reads a huge relation around it is tied to each of its rows.
    """
    if node.args.get("from_") is None:
        return 1
    rows = min(limit_of(node), MANY_ROWS, math.prod(one.rows for one in scope.relations.values()))
    if any(one.huge for one in scope.reached):
        rows = min(rows, GROUPED_ROWS)
    grouped = node.args.get("group") is not None or node.args.get("distinct") is not None
    whole = any(_aggregates(part) for part in node.expressions)
    if not grouped:
        return 1 if whole else rows
    plain = [part for part in node.expressions if not _aggregates(part)]
    plain += parts_of(node.args.get("group"))
    by_id = any(column.name.lower() in ids for part in plain for column in part.find_all(exp.Column))
    return rows if by_id else min(rows, GROUPED_ROWS)


def _aggregates(node: exp.Expr) -> bool:
    """Say whether an expression is made of many rows; a window function is not."""
    found = node.find(exp.AggFunc)
    return found is not None and found.find_ancestor(exp.Window) is None
