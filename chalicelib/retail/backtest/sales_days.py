"""Sales of a day, as a replay judges and changes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from chalicelib.retail.domain.facts import ProductSheet, StoreDay


@dataclass(slots=True)
class Line:
    """One product in one store on one day."""

    category: str = ""
    units: float = 0
    returned: float = 0
    gross: float = 0
    """Cents; whole ones as they were read, parts of them where a drop was planted."""
    returns: float = 0


@dataclass(slots=True)
class SalesDay:
    """One day: store -> product -> line."""

    stores: dict[str, dict[str, Line]] = field(default_factory=lambda: defaultdict(dict))
    tickets: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def store_days(self, day: date) -> Iterator[StoreDay]:
        """Yield the day's facts a store, as an upload would have made them."""
        for store, lines in self.stores.items():
            yield StoreDay(
                store, day,
                round(sum(line.units for line in lines.values())),
                round(sum(line.returned for line in lines.values())),
                round(sum(line.gross for line in lines.values())),
                round(sum(line.returns for line in lines.values())),
                0, 0, 0, len(self.tickets[store]) or None, len(lines), True, 1, 0, (),
            )  # fmt: skip

    def sheets(self, day: date) -> Iterator[ProductSheet]:
        """Yield the day's products a store."""
        for store, lines in self.stores.items():
            values, nothing = list(lines.values()), [0] * len(lines)
            yield ProductSheet(
                store, day, "file", 1, 0, list(lines), [line.category or None for line in values],
                [line.units for line in values], [line.returned for line in values],  # type: ignore[misc]
                [round(line.gross) for line in values], [round(line.returns) for line in values],
                nothing, nothing, nothing,
            )  # fmt: skip
