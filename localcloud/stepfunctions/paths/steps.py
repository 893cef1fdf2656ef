"""The steps of a JSONPath: each takes one value to the values it selects."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from localcloud.stepfunctions.task import JsonValue

Predicate = Callable[[JsonValue, JsonValue], bool]
"""A filter: (the item `@`, the root `$`) -> keep it?"""


class Step(ABC):
    """One part of a path between dots or brackets."""

    definite: bool = False
    """True when the step selects one value at most."""

    @abstractmethod
    def select(self, value: JsonValue, root: JsonValue) -> Iterator[JsonValue]:
        """The values selected from `value`; none where it has none."""


@dataclass(frozen=True, slots=True)
class Child(Step):
    """`.name` or `['name']`."""

    name: str
    definite = True

    def select(self, value: JsonValue, root: JsonValue) -> Iterator[JsonValue]:
        """See `Step.select`."""
        if isinstance(value, dict) and self.name in value:
            yield value[self.name]

    def __str__(self) -> str:
        return f"['{self.name}']"


@dataclass(frozen=True, slots=True)
class Index(Step):
    """`[3]` or `[-1]`."""

    index: int
    definite = True

    def select(self, value: JsonValue, root: JsonValue) -> Iterator[JsonValue]:
        """See `Step.select`."""
        if isinstance(value, list) and -len(value) <= self.index < len(value):
            yield value[self.index]

    def __str__(self) -> str:
        return f"[{self.index}]"


@dataclass(frozen=True, slots=True)
class Children(Step):
    """`['a','b']`: one object with these keys, as Jayway answers it."""

    names: tuple[str, ...]

    def select(self, value: JsonValue, root: JsonValue) -> Iterator[JsonValue]:
        """See `Step.select`."""
        if isinstance(value, dict):
            yield {name: value[name] for name in self.names if name in value}

    def __str__(self) -> str:
        return "[" + ",".join(f"'{name}'" for name in self.names) + "]"


@dataclass(frozen=True, slots=True)
class Indexes(Step):
    """`[0,2]`."""

    indexes: tuple[int, ...]

    def select(self, value: JsonValue, root: JsonValue) -> Iterator[JsonValue]:
        """See `Step.select`."""
        if isinstance(value, list):
            for index in self.indexes:
                if -len(value) <= index < len(value):
                    yield value[index]

    def __str__(self) -> str:
        return "[" + ",".join(map(str, self.indexes)) + "]"


@dataclass(frozen=True, slots=True)
class Slice(Step):
    """`[1:3]`, `[:2]`, `[-2:]`, `[::2]`."""

    start: int | None
    stop: int | None
    step: int | None = None

    def select(self, value: JsonValue, root: JsonValue) -> Iterator[JsonValue]:
        """See `Step.select`."""
        if isinstance(value, list):
            yield from value[self.start : self.stop : self.step]

    def __str__(self) -> str:
        return f"[{'' if self.start is None else self.start}:{'' if self.stop is None else self.stop}]"


@dataclass(frozen=True, slots=True)
class Wildcard(Step):
    """`.*` or `[*]`."""

    def select(self, value: JsonValue, root: JsonValue) -> Iterator[JsonValue]:
        """See `Step.select`."""
        if isinstance(value, list):
            yield from value
        elif isinstance(value, dict):
            yield from value.values()

    def __str__(self) -> str:
        return "[*]"


@dataclass(frozen=True, slots=True)
class Descend(Step):
    """`..`: the value itself and everything below it, outer before inner."""

    def select(self, value: JsonValue, root: JsonValue) -> Iterator[JsonValue]:
        """See `Step.select`."""
        waiting = [value]
        while waiting:
            current = waiting.pop()
            yield current
            below = current.values() if isinstance(current, dict) else current if isinstance(current, list) else ()
            waiting.extend(item for item in reversed(list(below)) if isinstance(item, (dict, list)))

    def __str__(self) -> str:
        return ".."


@dataclass(frozen=True, slots=True)
class Filter(Step):
    """`[?(@.price < 10)]`."""

    predicate: Predicate

    def select(self, value: JsonValue, root: JsonValue) -> Iterator[JsonValue]:
        """See `Step.select`."""
        items = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
        for item in items:  # `@` stands for objects and arrays: AWS documents that scalars never match
            if isinstance(item, (dict, list)) and self.predicate(item, root):
                yield item

    def __str__(self) -> str:
        return "[?]"
