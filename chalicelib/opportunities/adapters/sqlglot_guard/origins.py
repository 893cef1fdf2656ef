"""Where columns come from, whatever they are called on the way.

``close_value AS revenue`` is close_value; through subqueries, named queries, UNION and ``*`` an origin goes on.
It is a column of the catalogue only while it is that very column of that very row: a SELECT whose joins and
conditions could sort values by how an opportunity ended has no origins to show. So a condition on what is known
only after the end (the catalogue's ``known``) must be on that alone, of one relation, outside of outer joins, and
the tables that say the end are read once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.opportunities.adapters.sqlglot_guard.rules import VALUE_LETTERS

if TYPE_CHECKING:
    from chalicelib.opportunities.adapters.sqlglot_guard.relations import Relation


@dataclass(frozen=True, slots=True)
class Seen:
    """The catalogue's columns, as ``table.column``, that something is made of, and the relations that had them."""

    early: frozenset[str] = frozenset()
    """Known when an opportunity is created."""
    late: frozenset[str] = frozenset()
    """Known only after its end."""
    relations: frozenset[Relation] = frozenset()

    @classmethod
    def union(cls, parts: Iterable[Seen], relations: frozenset[Relation] | None = None) -> Seen:
        """Return all of some together; ``relations`` takes the place of theirs."""
        among = list(parts)
        return cls(
            frozenset[str]().union(*(one.early for one in among)),
            frozenset[str]().union(*(one.late for one in among)),
            frozenset["Relation"]().union(*(one.relations for one in among)) if relations is None else relations,
        )


NOTHING = Seen()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one column comes from."""

    seen: Seen = NOTHING
    column: str = ""
    """The catalogue's column that it is, unchanged, as ``table.column``; "" for anything computed."""
    letters: int = VALUE_LETTERS
    """How many it may have by its form."""

    def computed(self, late: frozenset[str] = frozenset()) -> Origin:
        """Return it as something that is no longer the catalogue's column."""
        return replace(self, seen=replace(self.seen, late=self.seen.late | late), column="")


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that decides which rows there are."""

    seen: Seen
    fills_up: bool = False
    """It stands in an outer join: where it does not hold, columns are empty instead."""

    def blends(self, own: frozenset[Relation], neutral: frozenset[str]) -> bool:
        """Say whether it may tie the end of opportunities to other columns of a SELECT that reads ``own``.

        ``neutral`` are the columns that it may have beside: ids, and what tables are divided by.
        """
        if not self.seen.late:
            return False
        of_one = len(self.seen.relations) <= 1 and self.seen.relations <= own
        return self.fills_up or not of_one or bool(self.seen.early - neutral)
