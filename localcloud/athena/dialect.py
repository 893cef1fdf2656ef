"""Athena's SQL, said to DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    from sqlglot import exp

_MACROS = (
    "map_agg(k, v) AS map_from_entries(list({'k': k, 'v': v}) FILTER (WHERE k IS NOT NULL))",
    "multimap_agg(k, v) AS map_from_entries(list({'k': k, 'v': [v]}))",
    "count_if(x) AS count(*) FILTER (WHERE x)",
    "geometric_mean(x) AS exp(avg(ln(x)))",
    "every(x) AS bool_and(x)",
    "is_finite(x) AS isfinite(x)",
    "is_infinite(x) AS isinf(x)",
    "infinity() AS 'inf'::DOUBLE",
    "nan() AS 'nan'::DOUBLE",
    "e() AS exp(1.0)",
    "hamming_distance(a, b) AS hamming(a, b)",
    "codepoint(x) AS unicode(x)",
    "yow(x) AS isoyear(x)",
    "year_of_week(x) AS isoyear(x)",
    "to_iso8601(x) AS strftime(x, '%Y-%m-%d')",
    "arrays_overlap(a, b) AS list_has_any(a, b)",
    "array_union(a, b) AS list_distinct(list_concat(a, b))",
    "last_day_of_month(x) AS last_day(x)",
    "format_datetime(x, f) AS strftime(x, replace(replace(replace(replace(replace(f, 'yyyy', '%Y'), 'MMM', '%b'), "
    "'MM', '%m'), 'dd', '%d'), 'EEE', '%a'))",
    "width_bucket(x, low, high, n) AS CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1 "
    "ELSE 1 + CAST(floor((x - low) / (high - low) * n) AS BIGINT) END",
    "at_timezone(x, zone) AS timezone(zone, x)",
    "array_remove(a, x) AS list_filter(a, lambda y: y <> x)",
    "regexp_count(x, y) AS len(regexp_extract_all(x, y))",
)
"""Functions of Athena's that DuckDB has under another name, or not."""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection Athena's functions."""
    for macro in _MACROS:
        connection.execute(f"CREATE OR REPLACE MACRO {macro}")


def to_duckdb(sql: str, parameters: list[str]) -> str:
    """Return a query as DuckDB takes it, its ``?`` filled with the parameters, each a literal.

    Raises:
        ValueError: it cannot be read, or a parameter is no literal.
    """
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError
    from sqlglot.optimizer.annotate_types import annotate_types

    try:
        tree = sqlglot.parse_one(sql, read="athena")
        values = [sqlglot.parse_one(text, read="athena") for text in parameters]
        if strangers := [one for one, value in zip(parameters, values, strict=True) if not _is_literal(value)]:
            raise ValueError(f"{strangers[0]} is no literal")
        places = [node for node in tree.find_all(exp.Placeholder) if not node.this]
        if len(places) != len(values):
            raise ValueError(f"Incorrect number of parameters: expected {len(places)} but found {len(values)}")
        for place, value in zip(_as_written(tree, places), values, strict=True):
            place.replace(value)
        for size in list(tree.find_all(exp.ArraySize)):  # of maps too
            size.replace(exp.Anonymous(this="cardinality", expressions=[size.this]))
        # Types, where they show, tell apart the division of whole numbers, which DuckDB writes otherwise.
        return annotate_types(tree, dialect="athena").sql(dialect="duckdb")
    except SqlglotError as error:
        raise ValueError(str(error).split("\n", 1)[0]) from error


def _is_literal(node: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Literal) or (isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal))


def _as_written(tree: exp.Expr, places: list[exp.Placeholder]) -> list[exp.Placeholder]:
    """Return the placeholders in the order in which the text has them, which need not be the tree's."""
    names = {f"p{number:06}": place for number, place in enumerate(places)}
    for name, place in names.items():
        place.set("this", name)
    text = tree.sql(dialect="athena")
    return [names[name] for name in sorted(names, key=lambda name: text.index(f":{name}"))]
