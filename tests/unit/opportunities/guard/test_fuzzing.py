"""Whatever is let through is one query of listed parts that reads itself again; a forbidden piece never is."""

from __future__ import annotations

import re

import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from chalicelib.opportunities.adapters.data_files import catalogue
from chalicelib.opportunities.adapters.sqlglot_guard import SqlglotGuard
from chalicelib.opportunities.adapters.sqlglot_guard.rules import NODES, WORDS_BEFORE_PARENTHESES, function_names
from chalicelib.opportunities.adapters.sqlglot_guard.wording import called_words, read
from chalicelib.opportunities.errors import UnsafeQueryError
from chalicelib.opportunities.ports.guarding import SafeQuery
from tests.unit.opportunities.guard.analyst_queries import ANALYST_QUERIES
from tests.unit.opportunities.guard.good_queries import GOOD

GUARD = SqlglotGuard(catalogue(), last_year=2026)
TABLES = {table.name for table in catalogue().tables}
QUERIES = [*GOOD, *ANALYST_QUERIES]
FORBIDDEN = [
    "; DROP TABLE accounts", "; SELECT 1", " -- x", " /* x */", "`", "\\", " $1", " ?", " @x", "\u037e", "\u2018",
    "\u200b", " {{ x }}", " UNION SELECT name FROM secrets", " UNION ALL SELECT * FROM information_schema.tables",
    " INTO OUTFILE 'x'", " FOR UPDATE",
]  # fmt: skip
CALLS = ["sleep", "http_get", "read_csv", "current_setting", "query_to_xml", "random", "fail", "pg_sleep"]
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\w+|\s+|.")


def checked(sql: str) -> SafeQuery | None:
    try:
        return GUARD.check(sql)
    except UnsafeQueryError:
        return None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(QUERIES), st.sampled_from(FORBIDDEN), st.data())
def test_a_forbidden_piece_is_never_let_through(sql: str, piece: str, data: st.DataObject) -> None:
    assert checked(sql.rstrip("; ") + piece) is None
    if not piece.startswith(" "):  # anywhere outside of texts, too
        tokens = _TOKEN.findall(sql)
        place = data.draw(st.integers(0, len(tokens)))
        assert checked("".join([*tokens[:place], piece, *tokens[place:]])) is None


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(QUERIES), st.sampled_from(CALLS))
def test_a_strange_function_or_table_in_a_known_ones_place_is_refused(sql: str, call: str) -> None:
    for known in sorted(called_words(read(sql)) & function_names() - WORDS_BEFORE_PARENTHESES):
        changed = re.sub(rf"\b{re.escape(known)}\(", f"{call}(", sql, flags=re.IGNORECASE)
        assert changed == sql or checked(changed) is None, changed
    for table in TABLES:
        changed = re.sub(rf"\b(FROM|JOIN) {table}\b", r"\1 secrets", sql, flags=re.IGNORECASE)
        assert changed == sql or checked(changed) is None, changed


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(QUERIES), st.sampled_from(QUERIES), st.data())
def test_what_is_let_through_is_one_query_of_listed_parts(one: str, other: str, data: st.DataObject) -> None:
    """Two good queries are cut and joined, words are left out and doubled: most is refused, the rest is sound."""
    left, right = _TOKEN.findall(one), _TOKEN.findall(other)
    first, last = data.draw(st.integers(0, len(left))), data.draw(st.integers(0, len(right)))
    mixed = left[:first] + data.draw(st.sampled_from([right[last:], left[first + 1 :], left[max(0, first - 3) :]]))
    safe = checked("".join(mixed))
    if safe is not None:
        assert_sound(safe)


def test_every_good_query_is_sound() -> None:
    for sql in QUERIES:
        safe = checked(sql)
        assert safe is not None, sql
        assert_sound(safe)


def assert_sound(safe: SafeQuery) -> None:
    """Check the promises of the guard on its own output."""
    (tree,) = sqlglot.parse(safe.sql, read="athena")
    assert isinstance(tree, exp.Query)
    assert {type(node).__name__ for node in tree.walk()} <= NODES
    named = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    assert {table.name.lower() for table in tree.find_all(exp.Table)} <= TABLES | named
    assert safe.tables <= TABLES
    aliases = {alias.name.lower() for alias in tree.find_all(exp.TableAlias)}
    assert called_words(read(safe.sql)) <= function_names() | WORDS_BEFORE_PARENTHESES | aliases
    assert tree.args.get("limit") is not None
    assert tree.sql(dialect="athena").replace(" ", "") == safe.sql.replace(" ", "")
    again = GUARD.check(safe.sql)
    assert (again.columns, again.tables) == (safe.columns, safe.tables)
