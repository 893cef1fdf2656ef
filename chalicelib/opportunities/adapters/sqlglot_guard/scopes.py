"""The guard's third wall: every table and column is the catalogue's, or made by the query of the catalogue's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.joins import check_joined
from chalicelib.opportunities.adapters.sqlglot_guard.letters import letters_of
from chalicelib.opportunities.adapters.sqlglot_guard.origins import NOTHING, Condition, Origin, Seen
from chalicelib.opportunities.adapters.sqlglot_guard.relations import Relation, Scope, Shape
from chalicelib.opportunities.adapters.sqlglot_guard.rules import MANY_ROWS, TABLE_ROWS
from chalicelib.opportunities.adapters.sqlglot_guard.shapes import (
    combined,
    demands,
    length_of,
    limit_of,
    parts_of,
    renamed,
    shape_of,
)
from chalicelib.opportunities.domain.catalogue import CREATION, Catalogue, Column, Table
from chalicelib.opportunities.errors import UnsafeQueryError

QUERY = (exp.Select, exp.SetOperation)
CATALOG = "awsdatacatalog"
"""How Athena calls its own catalog."""
_NEUTRAL_ROLES = ("id", "partition")
"""Columns that may stand beside how an opportunity ended in one condition; in ORDER BY its creation may, too."""

Named = Mapping[str, tuple[exp.Expr, Seen]]
"""The outputs of a SELECT that have a name, with what they are made of."""


class Reader:
    """Reads a tree once; afterwards ``base`` has the Table nodes that stand for the catalogue's tables."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._tables = {table.name: table for table in catalogue.tables}
        self._database = catalogue.database.lower()
        columns = [(table, column) for table in catalogue.tables for column in table.columns]
        self._ids = frozenset(column.name for _, column in columns if column.role == "id")
        self._neutral = frozenset(f"{t.name}.{c.name}" for t, c in columns if c.role in _NEUTRAL_ROLES)
        self._created = frozenset(f"{t.name}.{c.name}" for t, c in columns if c.role == "created")
        self._letters: dict[int, int] = {}
        self.base: list[exp.Table] = []

    def query(self, node: exp.Expr, ctes: Mapping[str, Shape], outer: Scope | None) -> Shape:
        """Read a query with all within it.

        Raises:
            UnsafeQueryError: it names what it may not.
        """
        shape = self._query(node, self._with(node, ctes), outer)
        self._letters[id(node)] = max((one.letters for one in shape.origins), default=0)
        return shape

    def _query(self, node: exp.Expr, ctes: Mapping[str, Shape], outer: Scope | None) -> Shape:
        if isinstance(node, exp.Select):
            return self._select(node, ctes, outer)
        if isinstance(node, exp.SetOperation):
            left, right = self.query(node.left, ctes, outer), self.query(node.right, ctes, outer)
            return self._ordered_by_output(node, combined(node, left, right), ctes, outer)
        if isinstance(node, exp.Subquery) and _is_query(node.this):
            inner = self.query(node.this, ctes, outer)
            return self._ordered_by_output(node, inner, ctes, outer)
        if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Values):
            return self._values(node.this, Scope(outer), ctes)
        raise UnsafeQueryError("no_query", f"has {type(node).__name__} where a SELECT should stand")

    def _with(self, node: exp.Expr, ctes: Mapping[str, Shape]) -> Mapping[str, Shape]:
        clause = node.args.get("with_")
        if clause is None:
            return ctes
        known = dict(ctes)
        named: set[str] = set()
        for cte in clause.expressions:
            name = cte.alias.lower()
            if name in self._tables:
                raise UnsafeQueryError("shadow", f"calls a query {name!r}, which is the name of a table")
            if not name or name in named:
                raise UnsafeQueryError("name", f"has two queries with the name {name!r}")
            named.add(name)
            shape = self.query(cte.this, known, None)
            known[name] = replace(shape, columns=renamed(shape.columns, cte.args.get("alias")))
        return known

    def _select(self, node: exp.Select, ctes: Mapping[str, Shape], outer: Scope | None) -> Shape:
        if not node.expressions:
            raise UnsafeQueryError("unreadable", "has a SELECT of nothing")
        scope = Scope(outer)
        if (source := node.args.get("from_")) is not None:
            self._source(source.this, scope, ctes)
        for join in node.args.get("joins") or ():
            self._join(join, scope, ctes)
        made = [self._made(part, scope, ctes) for part in node.expressions]
        outputs = {
            part.alias.lower(): (part.this, computed.seen)
            for part, computed in zip(node.expressions, made, strict=True)
            if isinstance(part, exp.Alias)
        }
        for part in parts_of(node.args.get("where")):
            for demand in demands(part):
                scope.conditions.append(Condition(self._expression(demand, scope, ctes)))
        for part in parts_of(node.args.get("group")):
            self._expression(part, scope, ctes, replaced_by=outputs)
        for part in parts_of(node.args.get("having")):
            for demand in demands(part):
                scope.conditions.append(Condition(self._expression(demand, scope, ctes, replaced_by=outputs)))
        for part in parts_of(node.args.get("windows")):
            self._expression(part, scope, ctes)
        order = [self._expression(part, scope, ctes, also=outputs) for part in parts_of(node.args.get("order"))]
        scope.conditions += self._ordering(order)
        check_joined(node, scope, limited=limit_of(node) < MANY_ROWS)
        return shape_of(node, scope, made, self._ids, self._neutral)

    def _ordering(self, keys: list[Seen]) -> list[Condition]:
        """Return what an order decides: which rows are left by a LIMIT, and every query has one in the end."""
        seen = Seen.union(keys)
        return [Condition(replace(seen, early=seen.early - self._created))]

    def _source(self, node: exp.Expr, scope: Scope, ctes: Mapping[str, Shape]) -> None:
        alias = node.args.get("alias")
        name = alias.name.lower() if alias is not None and alias.name else ""
        if isinstance(node, exp.Table):
            scope.add(self._table(node, name, ctes))
        elif isinstance(node, exp.Subquery) and _is_query(node.this):
            shape = self.query(node, ctes, scope.outer)
            scope.add(_relation(name or f" {id(node)}", shape, alias))
        elif isinstance(node, exp.Subquery):  # a join in parentheses
            if name:
                raise UnsafeQueryError("not_taken", "gives a join in parentheses a name")
            self._source(node.this, scope, ctes)
        elif isinstance(node, exp.Values):
            scope.add(_relation(name or f" {id(node)}", self._values(node, scope, ctes), alias))
        elif isinstance(node, exp.Unnest):
            made = [self._made(part, scope, ctes) for part in node.expressions]
            seen = Seen.union(one.seen for one in made)
            scope.conditions.append(Condition(seen))
            columns = tuple(column.name.lower() for column in (alias.args.get("columns") if alias else None) or ())
            if isinstance(offset := node.args.get("offset"), exp.Identifier):
                columns += (offset.name.lower(),)
            origins = (Origin(seen, letters=max(one.letters for one in made)),) * len(columns)
            rows = max(map(length_of, node.expressions))
            scope.add(Relation(name or f" {id(node)}", columns, origins, rows, unfolds=seen.relations))
        elif isinstance(node, exp.Lateral) and isinstance(node.this, exp.Subquery):
            shape = self.query(node.this, ctes, scope)
            scope.conditions.append(Condition(shape.picked))
            scope.add(_relation(name or f" {id(node)}", shape, alias))
        else:
            raise UnsafeQueryError("unknown_table", f"reads from {type(node).__name__}, which is no table")
        for join in node.args.get("joins") or ():
            self._join(join, scope, ctes)

    def _join(self, join: exp.Join, scope: Scope, ctes: Mapping[str, Shape]) -> None:
        before = list(scope.relations.values())
        self._source(join.this, scope, ctes)
        added = list(scope.relations.values())[len(before) :]
        fills_up = bool(join.args.get("side"))
        for part in parts_of(join.args.get("on")):
            for demand in demands(part):
                scope.conditions.append(Condition(self._expression(demand, scope, ctes), fills_up))
        for column in join.args.get("using") or ():
            name = column.name.lower()
            sides = [[one for one in side if name in one.columns] for side in (before, added)]
            if not all(sides):
                raise UnsafeQueryError("unknown_column", f"joins by {name!r}, which both sides do not have")
            both = [one for side in sides for one in side]
            seen = Seen.union((one.seen(name) for one in both), relations=frozenset(both))
            scope.conditions.append(Condition(seen, fills_up))
            scope.merged.setdefault(name, dict(sides[0][0].outputs())[name])

    def _table(self, node: exp.Table, alias: str, ctes: Mapping[str, Shape]) -> Relation:
        if not isinstance(node.this, exp.Identifier):
            raise UnsafeQueryError("unknown_table", "reads from a table function")
        name, database, catalog = node.name.lower(), node.db.lower(), node.catalog.lower()
        if not database and name in ctes:
            return _relation(alias or name, ctes[name], node.args.get("alias"))
        if (database and database != self._database) or (catalog and catalog != CATALOG):
            full = ".".join(part for part in (catalog, database, name) if part)
            raise UnsafeQueryError("other_database", f"reads from {full[:80]}; only {self._database} is open")
        if (table := self._tables.get(name)) is None:
            raise UnsafeQueryError("unknown_table", f"reads from {name[:80]!r}, which is not in the catalogue")
        self.base.append(node)
        return _relation(alias or name, _shape_of_table(table), node.args.get("alias"))

    def _values(self, node: exp.Values, scope: Scope, ctes: Mapping[str, Shape]) -> Shape:
        """Read rows that are written down."""
        made = [self._made(part, scope, ctes) for part in node.expressions]
        seen = Seen.union(one.seen for one in made)
        widths = {len(row.expressions) if isinstance(row, exp.Tuple) else 1 for row in node.expressions}
        if len(widths) != 1:
            raise UnsafeQueryError("columns", "writes down rows of several widths")
        columns = tuple(f"_col{place}" for place in range(widths.pop()))
        origin = Origin(seen, letters=max(one.letters for one in made))
        return Shape(columns, (origin,) * len(columns), len(node.expressions), picked=seen)

    def _made(self, root: exp.Expr, scope: Scope, ctes: Mapping[str, Shape]) -> Origin:
        """Read an expression that others can read."""
        seen = self._expression(root, scope, ctes)
        return Origin(seen, letters=letters_of(root, scope, self._letters))

    def _expression(
        self,
        root: exp.Expr,
        scope: Scope,
        ctes: Mapping[str, Shape],
        *,
        also: Named | None = None,
        replaced_by: Named | None = None,
    ) -> Seen:
        """Read an expression, its columns and the queries within it, and return what it is made of.

        Args:
            root: the expression.
            scope: what it sees.
            ctes: the named queries around it.
            also: output names it may use beside columns (ORDER BY).
            replaced_by: output names that Athena does not know there; the expression takes the name's place.
        """
        waiting, seen = [root], [NOTHING]
        while waiting:
            node = waiting.pop()
            if isinstance(node, QUERY) or (
                isinstance(node, exp.Subquery) and not isinstance(node.this, exp.Table)
            ):
                seen.append(self.query(node, ctes, scope).seen)
            elif isinstance(node, exp.Column):
                seen.append(self._column(node, scope, also or {}, replaced_by or {}))
            else:
                waiting += node.iter_expressions()
        letters_of(root, scope, self._letters)
        return Seen.union(seen) if len(seen) > 2 else seen[-1]

    def _column(self, node: exp.Column, scope: Scope, also: Named, replaced_by: Named) -> Seen:
        name, table, database = node.name.lower(), node.table.lower(), node.text("db").lower()
        if database:
            if database != self._database or node.text("catalog").lower() not in ("", CATALOG):
                raise UnsafeQueryError("unknown_column", f"names {node.sql()[:80]}, which is not in the catalogue")
            node.set("db", None)
            node.set("catalog", None)
        is_star = isinstance(node.this, exp.Star)
        if (relation := scope.holder(table, name)) is not None:
            if not is_star and name not in relation.columns:
                raise UnsafeQueryError("unknown_column", f"names {table}.{name}, which is no column there")
            if relation not in scope.relations.values():
                scope.reached.add(relation)
            return relation.seen(None if is_star else name)
        if not table and name in also:
            return also[name][1]
        if not table and name in replaced_by:
            output, seen = replaced_by[name]
            if output.find(*QUERY):
                raise UnsafeQueryError("not_taken", f"groups by {name!r}, which is a query")
            node.replace(output.copy())
            return seen
        shown = f"{table}.{name}" if table else name
        raise UnsafeQueryError("unknown_column", f"names {shown[:80]!r}, which is no column of its tables")

    def _ordered_by_output(
        self, node: exp.Expr, shape: Shape, ctes: Mapping[str, Shape], outer: Scope | None
    ) -> Shape:
        """Read the order of a query in parentheses or of a UNION; return what is left by it and by its limit."""
        rows = min(shape.rows, limit_of(node))
        scope = Scope(outer, {"": _relation("", shape, None)})
        order = [self._expression(part, scope, ctes) for part in parts_of(node.args.get("order"))]
        if not order:
            return replace(shape, rows=rows)
        scope.conditions += self._ordering(order)
        late = scope.blended(self._neutral)
        origins = tuple(origin.computed(late) for origin in shape.origins) if late else shape.origins
        return replace(shape, rows=rows, origins=origins, picked=Seen.union([shape.picked, *order]))


def _relation(name: str, shape: Shape, alias: exp.Expr | None) -> Relation:
    return Relation(name, renamed(shape.columns, alias), shape.origins, shape.rows, shape.knows_end)


def _shape_of_table(table: Table) -> Shape:
    origins = tuple(_catalogued(table, column) for column in table.columns)
    knows_end = any(column.known != CREATION for column in table.columns)
    return Shape(table.column_names, origins, MANY_ROWS if table.partition else TABLE_ROWS, knows_end)


def _catalogued(table: Table, column: Column) -> Origin:
    name = f"{table.name}.{column.name}"
    known = frozenset({name})
    return Origin(Seen(early=known) if column.known == CREATION else Seen(late=known), name)


def _is_query(node: exp.Expr) -> bool:
    """Say whether what stands in parentheses is a query; with a name or joins of its own it is a relation."""
    if isinstance(node, exp.Subquery):
        return not node.args.get("alias") and not node.args.get("joins") and _is_query(node.this)
    return isinstance(node, QUERY)
