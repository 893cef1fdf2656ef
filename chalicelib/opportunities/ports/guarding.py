"""Who decides whether a query may run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SafeQuery:
    """A query that may run, written anew from its parsed form: only this text is ever sent to an engine."""

    sql: str
    """In Athena's dialect, with a ``?`` for each parameter."""
    parameters: tuple[str, ...]
    """The parameters' names in the order of their ``?``."""
    columns: tuple[str, ...]
    """Names of the result's columns, in lower case; a column without a name is ``_col<place>``."""
    origins: tuple[str, ...]
    """For each column of the result the catalogue's column it is, unchanged, as ``table.column``; "" where it is
    computed, or where how an opportunity ended may have decided which value stands in its row."""
    tables: frozenset[str]
    """The catalogue's tables it reads."""


class QueryGuard:
    """Lets analytic queries over the catalogue through, and nothing else. A port."""

    def check(self, sql: str, parameters: frozenset[str] = frozenset()) -> SafeQuery:
        """Return the query as it may run.

        Args:
            sql: one statement in Athena's dialect; a value of a user is written ``:name``.
            parameters: the names that may be used so.

        Raises:
            UnsafeQueryError: it may not run; ``code`` and message say why.
        """
        raise NotImplementedError
