"""The catalogue: which tables and columns a question may use, and what they mean.

One file says it to the model that writes SQL and to the guard that lets SQL through: the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CREATION = "creation"
"""A column's value is known when the opportunity is created; others are known only after it has closed."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: str
    """Athena's: varchar, integer, double, date."""
    known: str
    """``creation`` or ``closing``."""
    meaning: str
    samples: tuple[str, ...] = ()
    role: str = ""
    """``id``, ``created``, ``closed`` or ``partition`` where it has one."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table; ``partition`` names the column its files are divided by, None for a small table of one file."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    partition: str | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names, in the table's order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything a question may be asked about."""

    database: str
    tables: tuple[Table, ...]
    most_rows: int
    """A query returns at most so many rows."""
    years_read: int
    """A query reads at most so many of the last years of a table that is divided by year."""

    def table(self, name: str) -> Table | None:
        """Return the table of this name (lower case), or None."""
        return next((table for table in self.tables if table.name == name), None)

    def known_after_creation(self) -> frozenset[str]:
        """Return the columns that say how an opportunity ended: never a sign of how it will end."""
        return frozenset(c.name for table in self.tables for c in table.columns if c.known != CREATION)

    def for_people(self) -> list[dict[str, Any]]:
        """Return the tables as a model is told of them."""
        return [
            {
                "table": table.name,
                "meaning": table.meaning,
                "columns": [
                    {"name": c.name, "type": c.type, "meaning": c.meaning, "samples": list(c.samples)}
                    for c in table.columns
                ],
            }
            for table in self.tables
        ]


def catalogue_of(data: Mapping[str, Any]) -> Catalogue:
    """Return the catalogue of the parsed file.

    Raises:
        KeyError: the file lacks something.
    """
    tables = tuple(
        Table(
            name=str(table["name"]),
            meaning=str(table["meaning"]),
            columns=tuple(_column(column) for column in table["columns"]),
            partition=table.get("partition"),
        )
        for table in data["tables"]
    )
    return Catalogue(str(data["database"]), tables, int(data["most_rows"]), int(data["years_read"]))


def _column(data: Mapping[str, Any]) -> Column:
    return Column(
        name=str(data["name"]),
        type=str(data["type"]),
        known=str(data["known"]),
        meaning=str(data["meaning"]),
        samples=tuple(data.get("samples", ())),
        role=str(data.get("role", "")),
    )
