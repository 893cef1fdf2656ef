"""What a SELECT reads from, and who sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from chalicelib.opportunities.adapters.sqlglot_guard.origins import NOTHING, Condition, Origin, Seen
from chalicelib.opportunities.adapters.sqlglot_guard.rules import MANY_ROWS, TABLE_ROWS
from chalicelib.opportunities.errors import UnsafeQueryError


@dataclass(slots=True, eq=False)
class Relation:
    """Something columns are read from."""

    name: str
    columns: tuple[str, ...]
    origins: tuple[Origin, ...]
    """One for each column."""
    rows: int
    """How many rows it may have by its form: grouped, limited, written down, or taken from a row of another."""
    knows_end: bool = False
    """It reads a table that says how opportunities ended."""
    unfolds: frozenset[Relation] = frozenset()
    """The relations whose rows' lists it unfolds."""

    @property
    def few(self) -> bool:
        """Whether it may stand beside a large one without a condition."""
        return self.rows < TABLE_ROWS

    @property
    def huge(self) -> bool:
        """Whether only an equality ties it to another such."""
        return self.rows >= MANY_ROWS

    def seen(self, column: str | None) -> Seen:
        """Return what a column of this relation is made of; with None all of them together."""
        among = (o.seen for name, o in zip(self.columns, self.origins, strict=True) if column in (None, name))
        return Seen.union(among, relations=frozenset({self}))

    def tells(self, column: str) -> bool:
        """Say whether a column may tell rows apart: in a huge relation it is made of some column."""
        seen = self.seen(column)
        return not self.huge or bool(seen.early or seen.late)

    def outputs(self, *, but: Iterable[str] = ()) -> list[tuple[str, Origin]]:
        """Return what ``*`` shows of it."""
        left_out = set(but)
        return [(name, o) for name, o in zip(self.columns, self.origins, strict=True) if name not in left_out]


@dataclass(slots=True)
class Scope:
    """The relations one SELECT sees, and those around it."""

    outer: Scope | None
    relations: dict[str, Relation] = field(default_factory=dict)
    merged: dict[str, Origin] = field(default_factory=dict)
    """The columns of USING: ``*`` shows them once, and first."""
    conditions: list[Condition] = field(default_factory=list)
    """What decides which rows there are."""
    reached: set[Relation] = field(default_factory=set)
    """The relations of queries around it that it reads."""

    def holders(self, column: str) -> list[Relation]:
        """Return the relations of this very scope that have the column."""
        return [one for one in self.relations.values() if column in one.columns]

    def holder(self, table: str, column: str) -> Relation | None:
        """Return the relation, of this scope or of one around, that a name means; "" stands for any table."""
        around: Scope | None = self
        while around is not None:
            if table:
                if table in around.relations:
                    return around.relations[table]
            elif holders := around.holders(column):
                return holders[0]
            around = around.outer
        return None

    def add(self, relation: Relation) -> None:
        """Take a relation in.

        Raises:
            UnsafeQueryError: there is one of this name.
        """
        if relation.name in self.relations:
            raise UnsafeQueryError("name", f"has two relations with the name {relation.name!r} side by side")
        self.relations[relation.name] = relation

    def blended(self, neutral: frozenset[str]) -> frozenset[str]:
        """Return the columns of the end that may decide which values stand beside each other; most often none."""
        own = frozenset(self.relations.values())
        found = [c.seen.late for c in self.conditions if c.blends(own, neutral)]
        ended = [one for one in own if one.knows_end]
        if len(ended) > 1:
            found += [one.seen(None).late for one in ended]
        return frozenset[str]().union(*found)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a query gives."""

    columns: tuple[str, ...]
    origins: tuple[Origin, ...]
    """One for each column."""
    rows: int
    """See `Relation.rows`."""
    knows_end: bool = False
    """See `Relation.knows_end`."""
    picked: Seen = NOTHING
    """What decided which rows there are."""

    @property
    def seen(self) -> Seen:
        """All that went into it."""
        return Seen.union([self.picked, *(origin.seen for origin in self.origins)])
