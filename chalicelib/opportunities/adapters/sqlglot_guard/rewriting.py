"""Writes a query that was let through: bounded in rows, in years and in columns."""

from __future__ import annotations

import functools

import sqlglot
from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.tree import whole_number
from chalicelib.opportunities.domain.catalogue import Catalogue, Table

DIALECT = "athena"


def bound_tables(base: list[exp.Table], catalogue: Catalogue, last_year: int) -> None:
    """Put in each table's place a query of its catalogued columns and of the years that may be read.

    So ``*`` means the catalogue's columns, an outer join keeps its rows, and every read of a divided table has a
    condition on what it is divided by.
    """
    for node in base:
        table = catalogue.table(node.name.lower())
        assert table is not None
        alias = node.args.get("alias")
        joins = node.args.get("joins")
        inner = _read(table, catalogue.years_read, last_year).copy()
        name = exp.TableAlias(this=exp.to_identifier(table.name)) if alias is None else alias.copy()
        node.replace(exp.Subquery(this=inner, alias=name, joins=joins))


def bound_rows(tree: exp.Expr, most: int) -> None:
    """Give a query a LIMIT of at most ``most``, and take LIMIT ALL away below it."""
    for each in list(tree.find_all(exp.Limit)):
        if each.expression.name.upper() == "ALL":
            each.pop()
    limit = tree.args.get("limit")
    wanted: int | None = None
    if isinstance(limit, exp.Fetch):
        count = limit.args.get("count")
        wanted = 1 if count is None else whole_number(count)
    elif limit is not None:
        wanted = whole_number(limit.expression)
    if wanted is None or wanted > most or isinstance(limit, exp.Fetch):
        rows = min(most, wanted if wanted is not None else most)
        tree.set("limit", exp.Limit(expression=exp.Literal.number(rows)))


@functools.lru_cache(maxsize=64)
def _read(table: Table, years: int, last_year: int) -> exp.Expr:
    text = f"SELECT {', '.join(table.column_names)} FROM {table.name}"
    if table.partition:
        text += f" WHERE {table.partition} BETWEEN {last_year - years + 1} AND {last_year}"
    return sqlglot.parse_one(text, read=DIALECT)
