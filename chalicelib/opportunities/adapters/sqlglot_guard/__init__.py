"""The SQL guard, on sqlglot: one statement, a query, over the catalogue, with known functions, or nothing.

A query comes through four walls and is then written anew; only what was written anew runs.

    wording.py     the text itself: no comments, no look-alikes, nothing two parsers could read differently
    tree.py        every node of the parsed tree, every function and every option is on a list (rules.py)
    growth.py      nothing in it grows by itself
    patterns.py    every pattern is written down and comes to an end
    scopes.py      every table and column is the catalogue's, no name hides another's
    relations.py   what a SELECT reads from
    shapes.py      what a SELECT gives
    origins.py     which column of the catalogue each column of the result is, whatever it is called
    joins.py       large tables are joined by a condition, huge ones by an equality
    letters.py     no value becomes longer than a thousand stored ones
    rewriting.py   catalogued columns and years only, a LIMIT, user's values as parameters

Anything that is not known is refused: also what makes the parser fail, whatever it raises.
"""

from __future__ import annotations

import logging

import sqlglot
from sqlglot.errors import SqlglotError

from chalicelib.opportunities.adapters.sqlglot_guard import growth, rewriting, tree, wording
from chalicelib.opportunities.adapters.sqlglot_guard.scopes import Reader
from chalicelib.opportunities.domain.catalogue import Catalogue
from chalicelib.opportunities.errors import UnsafeQueryError
from chalicelib.opportunities.ports.guarding import QueryGuard, SafeQuery

logging.getLogger("sqlglot").setLevel(logging.ERROR)


class SqlglotGuard(QueryGuard):
    """See the module's docstring."""

    def __init__(self, catalogue: Catalogue, *, last_year: int) -> None:
        """``last_year``: the latest year that is read of tables divided by year, the current one."""
        self._catalogue = catalogue
        self._last_year = last_year

    def check(self, sql: str, parameters: frozenset[str] = frozenset()) -> SafeQuery:
        """See `QueryGuard.check`."""
        try:
            return self._check(sql, parameters)
        except UnsafeQueryError:
            raise
        except SqlglotError as error:
            message = str(error).split("\n", 1)[0][:200]
            raise UnsafeQueryError("unreadable", f"cannot be read: {message}") from None
        except RecursionError:
            raise UnsafeQueryError("too_deep", "is nested too deeply to be read") from None
        except Exception as error:  # fail closed: what the parser did not expect does not run
            raise UnsafeQueryError("unreadable", f"cannot be read ({type(error).__name__})") from error

    def _check(self, sql: str, parameters: frozenset[str]) -> SafeQuery:
        parts = wording.read(sql)
        statements = sqlglot.parse(sql, read=rewriting.DIALECT)
        if len(statements) != 1 or statements[0] is None:
            raise UnsafeQueryError("several_statements", f"has {len(statements)} statements; one is taken")
        query = statements[0]
        tree.check_nodes(query, parameters)
        tree.check_calls(query, wording.called_words(parts))
        growth.check_growth(query)
        reader = Reader(self._catalogue)
        shape = reader.query(query, {}, None)
        if not reader.base:
            raise UnsafeQueryError("no_table", "reads no table of the catalogue")
        tables = frozenset(node.name.lower() for node in reader.base)
        rewriting.bound_tables(reader.base, self._catalogue, self._last_year)
        rewriting.bound_rows(query, self._catalogue.most_rows)
        text, names = wording.bound(query.sql(dialect=rewriting.DIALECT))
        return SafeQuery(text, names, shape.columns, tuple(one.column for one in shape.origins), tables)
