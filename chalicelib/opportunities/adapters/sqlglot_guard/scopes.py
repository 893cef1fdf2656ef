"""The guard's third wall: every table and column is the catalogue's, or made by the query of the catalogue's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.joins import check_joined
from chalicelib.opportunities.adapters.sqlglot_guard.relations import Relation, Scope, Shape
from chalicelib.opportunities.adapters.sqlglot_guard.rules import FEW_ROWS, GROUPED_ROWS, MANY_ROWS
from chalicelib.opportunities.adapters.sqlglot_guard.tree import whole_number
from chalicelib.opportunities.domain.catalogue import Catalogue
from chalicelib.opportunities.errors import UnsafeQueryError

QUERY = (exp.Select, exp.SetOperation)
CATALOG = "awsdatacatalog"
"""How Athena calls its own catalog."""


class Reader:
    """Reads a tree once; afterwards ``base`` has the Table nodes that stand for the catalogue's tables."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._tables = {table.name: table for table in catalogue.tables}
        self._database = catalogue.database.lower()
        self._ids = {c.name for table in catalogue.tables for c in table.columns if c.role == "id"}
        self.base: list[exp.Table] = []

    def query(self, node: exp.Expr, ctes: Mapping[str, Shape], outer: Scope | None) -> Shape:
        """Read a query with all within it.

        Raises:
            UnsafeQueryError: it names what it may not.
        """
        ctes = self._with(node, ctes)
        if isinstance(node, exp.Select):
            return self._select(node, ctes, outer)
        if isinstance(node, exp.SetOperation):
            left, right = self.query(node.left, ctes, outer), self.query(node.right, ctes, outer)
            self._ordered_by_output(node, left, ctes, outer)
            same = zip(left.origins, right.origins, strict=False)
            origins = tuple(one if one == other else "" for one, other in same)
            return Shape(left.columns, origins, min(left.rows + right.rows, _limit(node)))
        if isinstance(node, exp.Subquery) and _is_query(node.this):
            inner = self.query(node.this, ctes, outer)
            self._ordered_by_output(node, inner, ctes, outer)
            return Shape(inner.columns, inner.origins, min(inner.rows, _limit(node)))
        if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Values):
            for part in node.this.expressions:
                self._expression(part, Scope(outer), ctes)
            return Shape((), (), len(node.this.expressions))
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
            known[name] = Shape(_renamed(shape.columns, cte.args.get("alias")), shape.origins, shape.rows)
        return known

    def _select(self, node: exp.Select, ctes: Mapping[str, Shape], outer: Scope | None) -> Shape:
        if not node.expressions:
            raise UnsafeQueryError("unreadable", "has a SELECT of nothing")
        scope = Scope(outer)
        if (source := node.args.get("from_")) is not None:
            self._source(source.this, scope, ctes)
        for join in node.args.get("joins") or ():
            self._join(join, scope, ctes)
        outputs = {e.alias.lower(): e.this for e in node.expressions if isinstance(e, exp.Alias)}
        for part in node.expressions:
            self._expression(part, scope, ctes)
        if (where := node.args.get("where")) is not None:
            self._expression(where, scope, ctes)
        for clause in ("group", "having", "windows"):
            for part in _parts(node.args.get(clause)):
                self._expression(part, scope, ctes, replaced_by=outputs if clause != "windows" else None)
        for part in _parts(node.args.get("order")):
            self._expression(part, scope, ctes, also=outputs)
        check_joined(node, scope, limited=_limit(node) < MANY_ROWS)
        return Shape(*self._outputs(node, scope), self._rows(node))

    def _source(self, node: exp.Expr, scope: Scope, ctes: Mapping[str, Shape]) -> None:
        alias = node.args.get("alias")
        name = alias.name.lower() if alias is not None and alias.name else ""
        if isinstance(node, exp.Table):
            scope.add(self._table(node, name, ctes))
        elif isinstance(node, exp.Subquery) and _is_query(node.this):
            shape = self.query(node, ctes, scope.outer)
            columns = _renamed(shape.columns, alias)
            scope.add(Relation(name or f" {id(node)}", columns, shape.origins, shape.rows))
        elif isinstance(node, exp.Subquery):  # a join in parentheses
            if name:
                raise UnsafeQueryError("not_taken", "gives a join in parentheses a name")
            self._source(node.this, scope, ctes)
        elif isinstance(node, exp.Unnest | exp.Values):
            for part in node.expressions:
                self._expression(part, scope, ctes)
            columns = _renamed((), alias)
            if isinstance(offset := node.args.get("offset"), exp.Identifier):
                columns += (offset.name.lower(),)
            rows = len(node.expressions) if isinstance(node, exp.Values) else GROUPED_ROWS
            scope.add(Relation(name or f" {id(node)}", columns, ("",) * len(columns), rows))
        elif isinstance(node, exp.Lateral) and isinstance(node.this, exp.Subquery):
            shape = self.query(node.this, ctes, scope)
            rows = min(shape.rows, GROUPED_ROWS)
            scope.add(Relation(name or f" {id(node)}", _renamed(shape.columns, alias), shape.origins, rows))
        else:
            raise UnsafeQueryError("unknown_table", f"reads from {type(node).__name__}, which is no table")
        for join in node.args.get("joins") or ():
            self._join(join, scope, ctes)

    def _join(self, join: exp.Join, scope: Scope, ctes: Mapping[str, Shape]) -> None:
        before = list(scope.relations.values())
        self._source(join.this, scope, ctes)
        added = list(scope.relations.values())[len(before) :]
        if (condition := join.args.get("on")) is not None:
            self._expression(condition, scope, ctes)
        for column in join.args.get("using") or ():
            name = column.name.lower()
            if not all(any(name in one.columns for one in side) for side in (before, added)):
                raise UnsafeQueryError("unknown_column", f"joins by {name!r}, which both sides do not have")

    def _table(self, node: exp.Table, alias: str, ctes: Mapping[str, Shape]) -> Relation:
        if not isinstance(node.this, exp.Identifier):
            raise UnsafeQueryError("unknown_table", "reads from a table function")
        name, database, catalog = node.name.lower(), node.db.lower(), node.catalog.lower()
        renamed = node.args.get("alias")
        if not database and name in ctes:
            shape = ctes[name]
            return Relation(alias or name, _renamed(shape.columns, renamed), shape.origins, shape.rows)
        if (database and database != self._database) or (catalog and catalog != CATALOG):
            full = ".".join(part for part in (catalog, database, name) if part)
            raise UnsafeQueryError("other_database", f"reads from {full[:80]}; only {self._database} is open")
        if (table := self._tables.get(name)) is None:
            raise UnsafeQueryError("unknown_table", f"reads from {name[:80]!r}, which is not in the catalogue")
        self.base.append(node)
        origins = tuple(f"{name}.{column}" for column in table.column_names)
        return Relation(alias or name, _renamed(table.column_names, renamed), origins, MANY_ROWS)

    def _expression(
        self,
        root: exp.Expr,
        scope: Scope,
        ctes: Mapping[str, Shape],
        *,
        also: Mapping[str, exp.Expr] | None = None,
        replaced_by: Mapping[str, exp.Expr] | None = None,
    ) -> None:
        """Read an expression: its columns, and the queries within it.

        Args:
            root: the expression.
            scope: what it sees.
            ctes: the named queries around it.
            also: output names it may use beside columns (ORDER BY).
            replaced_by: output names that Athena does not know there; the expression takes the name's place.
        """
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, QUERY) or (
                isinstance(node, exp.Subquery) and not isinstance(node.this, exp.Table)
            ):
                self.query(node, ctes, scope)
            elif isinstance(node, exp.Column):
                self._column(node, scope, also or {}, replaced_by or {})
            else:
                waiting += node.iter_expressions()

    def _column(
        self,
        node: exp.Column,
        scope: Scope,
        also: Mapping[str, exp.Expr],
        replaced_by: Mapping[str, exp.Expr],
    ) -> None:
        name, table, database = node.name.lower(), node.table.lower(), node.text("db").lower()
        if database:
            if database != self._database or node.text("catalog").lower() not in ("", CATALOG):
                raise UnsafeQueryError("unknown_column", f"names {node.sql()[:80]}, which is not in the catalogue")
            node.set("db", None)
            node.set("catalog", None)
        is_star = isinstance(node.this, exp.Star)
        around: Scope | None = scope
        while around is not None:
            if table:
                relation = around.relations.get(table)
                if relation is not None:
                    if is_star or name in relation.columns:
                        return
                    raise UnsafeQueryError("unknown_column", f"names {table}.{name}, which is no column there")
            elif around.holders(name):
                return
            around = around.outer
        if not table and name in also:
            return
        if not table and name in replaced_by:
            node.replace(replaced_by[name].copy())
            return
        shown = f"{table}.{name}" if table else name
        raise UnsafeQueryError("unknown_column", f"names {shown[:80]!r}, which is no column of its tables")

    def _ordered_by_output(
        self, node: exp.Expr, shape: Shape, ctes: Mapping[str, Shape], outer: Scope | None
    ) -> None:
        scope = Scope(outer, {"": Relation("", shape.columns, shape.origins, shape.rows)})
        for part in _parts(node.args.get("order")):
            self._expression(part, scope, ctes)

    def _outputs(self, node: exp.Select, scope: Scope) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns' names, and where each comes from."""
        found: list[tuple[str, str]] = []
        for place, part in enumerate(node.expressions):
            if isinstance(part, exp.Star):
                for one in scope.relations.values():
                    found += _with_origins(one)
            elif isinstance(part, exp.Column) and isinstance(part.this, exp.Star):
                found += _with_origins(scope.relations[part.table.lower()])
            else:
                named = part.alias_or_name if isinstance(part, exp.Alias | exp.Column) else ""
                found.append((named.lower() or f"_col{place}", _origin(part.unalias(), scope)))
        return tuple(name for name, _ in found), tuple(origin for _, origin in found)

    def _rows(self, node: exp.Select) -> int:
        """Return how many rows a SELECT gives by its form; one per opportunity is many."""
        if node.args.get("from_") is None:
            return 1
        grouped = node.args.get("group") is not None or node.args.get("distinct") is not None
        whole = any(_aggregates(part) for part in node.expressions)
        if not grouped:
            return 1 if whole else _limit(node)
        plain = [part for part in node.expressions if not _aggregates(part)]
        plain += _parts(node.args.get("group"))
        by_id = any(column.name.lower() in self._ids for part in plain for column in part.find_all(exp.Column))
        return min(MANY_ROWS if by_id else GROUPED_ROWS, _limit(node))


def _origin(node: exp.Expr, scope: Scope) -> str:
    """Return the catalogue's column that an output is, unchanged; "" for anything computed."""
    if not isinstance(node, exp.Column):
        return ""
    name, table = node.name.lower(), node.table.lower()
    holders = [scope.relations[table]] if table in scope.relations else [] if table else scope.holders(name)
    return dict(_with_origins(holders[0])).get(name, "") if holders else ""


def _with_origins(relation: Relation) -> list[tuple[str, str]]:
    return list(zip(relation.columns, relation.origins, strict=False))


def _is_query(node: exp.Expr) -> bool:
    """Say whether what stands in parentheses is a query; with a name or joins of its own it is a relation."""
    if isinstance(node, exp.Subquery):
        return not node.args.get("alias") and not node.args.get("joins") and _is_query(node.this)
    return isinstance(node, QUERY)


def _aggregates(node: exp.Expr) -> bool:
    """Say whether an expression is made of many rows; a window function is not."""
    found = node.find(exp.AggFunc)
    return found is not None and found.find_ancestor(exp.Window) is None


def _limit(node: exp.Expr) -> int:
    """Return a query's limit, `MANY_ROWS` where it has none that leaves few rows."""
    limit = node.args.get("limit")
    if isinstance(limit, exp.Fetch):
        rows = whole_number(limit.args.get("count")) if limit.args.get("count") else 1
    else:
        rows = whole_number(limit.expression) if limit is not None else None
    return rows if rows is not None and rows <= FEW_ROWS else MANY_ROWS


def _renamed(columns: tuple[str, ...], alias: exp.Expr | None) -> tuple[str, ...]:
    given = (alias.args.get("columns") if alias is not None else None) or ()
    return tuple(column.name.lower() for column in given) or columns


def _parts(clause: object) -> Iterable[exp.Expr]:
    """Return a clause as a list of expressions; it is missing, one, or several."""
    if clause is None:
        return []
    return list(clause) if isinstance(clause, list) else [clause]  # type: ignore[list-item]
