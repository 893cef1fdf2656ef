"""What a SELECT reads from, and who sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.opportunities.adapters.sqlglot_guard.rules import MANY_ROWS
from chalicelib.opportunities.errors import UnsafeQueryError


@dataclass(slots=True)
class Relation:
    """Something columns are read from."""

    name: str
    columns: tuple[str, ...]
    origins: tuple[str, ...]
    """For each column the catalogue's column it is, unchanged, as ``table.column``; "" for a computed one."""
    rows: int
    """How many rows it may have by its form: grouped, limited, written down, or taken from a row of another."""

    @property
    def few(self) -> bool:
        """Whether it may stand beside a large one without a condition."""
        return self.rows < MANY_ROWS


@dataclass(slots=True)
class Scope:
    """The relations one SELECT sees, and those around it."""

    outer: Scope | None
    relations: dict[str, Relation] = field(default_factory=dict)

    def holders(self, column: str) -> list[Relation]:
        """Return the relations of this very scope that have the column."""
        return [one for one in self.relations.values() if column in one.columns]

    def add(self, relation: Relation) -> None:
        """Take a relation in.

        Raises:
            UnsafeQueryError: there is one of this name.
        """
        if relation.name in self.relations:
            raise UnsafeQueryError("name", f"has two relations with the name {relation.name!r} side by side")
        self.relations[relation.name] = relation


@dataclass(frozen=True, slots=True)
class Shape:
    """What a query gives."""

    columns: tuple[str, ...]
    origins: tuple[str, ...]
    """See `Relation.origins`."""
    rows: int
    """See `Relation.rows`."""
