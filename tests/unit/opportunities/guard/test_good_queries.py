"""Good queries are let through, and give the same rows before and after they are written anew."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlglot

from chalicelib.opportunities.adapters.athena_engine import literal
from chalicelib.opportunities.adapters.data_files import catalogue
from chalicelib.opportunities.adapters.sqlglot_guard import SqlglotGuard
from localcloud.athena.lake import LakeError
from localcloud.demos.sales_history import sales_history
from tests.unit.opportunities.guard.analyst_queries import WHOLE_QUERIES
from tests.unit.opportunities.guard.fresh_queries import FRESH_QUERIES
from tests.unit.opportunities.guard.good_queries import GOOD, WITH_PARAMETERS
from tests.unit.opportunities.guard.third_queries import THIRD_QUERIES, THIRD_WITH_PARAMETERS
from tests.unit.opportunities.warehouse import Warehouse, warehouse

GUARD = SqlglotGuard(catalogue(), last_year=2026)
_OF_THE_MOMENT = re.compile(r"now\(|current_|localtime|any_value|arbitrary|approx_", re.IGNORECASE)
"""A second run may give something else, whatever the query."""
RUNNABLE = [*GOOD, *FRESH_QUERIES]
"""All of these run on DuckDB."""


@pytest.fixture(scope="module")
def here() -> Iterator[Warehouse]:
    with warehouse(sales_history(600)) as opened:
        yield opened


def test_there_are_enough() -> None:
    assert len(set(RUNNABLE)) == len(RUNNABLE) >= 150


@pytest.mark.parametrize("sql", RUNNABLE, ids=range(len(RUNNABLE)))
def test_the_rewritten_query_means_the_same(sql: str, here: Warehouse) -> None:
    safe = GUARD.check(sql)
    assert "LIMIT" in safe.sql
    names, before = here.rows(_local(sql))
    _, after = here.rows(safe.sql)
    assert len(after) <= catalogue().most_rows
    assert _comparable(before, sql) == _comparable(after, sql)
    assert len(safe.columns) == len(names)


@pytest.mark.parametrize(("sql", "values"), WITH_PARAMETERS)
def test_values_of_users_travel_beside_the_query(sql: str, values: dict[str, str], here: Warehouse) -> None:
    safe = GUARD.check(sql, frozenset(values))
    assert all(value not in safe.sql for value in values.values() if value != "x")
    assert safe.sql.count("?") == len(safe.parameters)
    written = sql
    for name, value in values.items():
        written = written.replace(f":{name}", literal(value))
    _, before = here.rows(written)
    _, after = here.rows(safe.sql, [literal(values[name]) for name in safe.parameters])
    assert _comparable(before, sql) == _comparable(after, sql)


@pytest.mark.parametrize("sql", RUNNABLE, ids=range(len(RUNNABLE)))
def test_what_was_written_anew_comes_through_again(sql: str) -> None:
    """The guard's own output is read by Athena as the guard reads it: written once more, it stays as it is."""
    once = GUARD.check(sql).sql
    again = sqlglot.parse_one(once, read="athena").sql(dialect="athena")
    assert again.replace(" ", "") == once.replace(" ", "")
    assert GUARD.check(once).tables == GUARD.check(sql).tables


@pytest.mark.parametrize("sql", THIRD_WITH_PARAMETERS)
def test_a_value_may_stand_in_any_query(sql: str) -> None:
    safe = GUARD.check(sql, frozenset({"account_name"}))
    assert set(safe.parameters) == {"account_name"}


def test_analysts_queries_mean_the_same_where_duckdb_has_their_functions(here: Warehouse) -> None:
    changed, ran = [], 0
    for sql in [*WHOLE_QUERIES, *THIRD_QUERIES]:
        safe = GUARD.check(sql)
        try:
            _, before = here.rows(_local(sql))
        except (LakeError, ValueError):
            continue
        _, after = here.rows(safe.sql)
        ran += 1
        if not _OF_THE_MOMENT.search(sql) and _comparable(before, sql) != _comparable(after, sql):
            changed.append(sql)
    assert changed == []
    assert ran > 180


def _local(sql: str) -> str:
    """Return a query without what only names Athena's own catalog, which DuckDB has not."""
    return (
        sql.replace("awsdatacatalog.", "")
        .replace('"sales".', "")
        .replace("sales.products", "products")
        .replace("sales.accounts", "accounts")
    )


def _comparable(rows: list[tuple[Any, ...]], sql: str) -> list[Any]:
    """Return rows with floats rounded, in their own order where the query asks for one."""
    rounded = [tuple(_rounded(value) for value in row) for row in rows]
    ordered = "ORDER BY" in sqlglot.parse_one(sql, read="athena").sql().rpartition(")")[2]
    return rounded if ordered else sorted(rounded, key=repr)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value) if math.isnan(value) else float(f"{value:.9g}")
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return value
