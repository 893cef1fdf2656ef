"""A parsed JSONPath, read against a value."""

from __future__ import annotations

from localcloud.stepfunctions.paths.steps import Child, Children, Index, Step
from localcloud.stepfunctions.task import JsonValue


class PathNotFoundError(Exception):
    """A definite path leads nowhere; the message is worded as AWS words it."""

    def __init__(self, message: str, *, past_end: bool = False) -> None:
        super().__init__(message)
        self.past_end = past_end
        """The path ends with an index past the end of an array that is there."""


class JsonPath:
    """A path such as `$.order.items[0]`; compiled once, read often.

    A definite path gives its one value or raises PathNotFoundError; any other gives the list of all matches,
    an empty one where there is none.
    """

    __slots__ = ("_names", "definite", "steps", "text")

    def __init__(self, text: str, steps: tuple[Step, ...]) -> None:
        self.text = text
        self.steps = steps
        inner = steps[:-1] if steps and isinstance(steps[-1], Children) else steps  # `$['a','b']` is one object
        self.definite = all(step.definite for step in inner)
        plain = all(isinstance(step, Child) for step in steps)
        self._names = tuple(step.name for step in steps if isinstance(step, Child)) if plain else None

    def read(self, root: JsonValue) -> JsonValue:
        """The value at the path. Raises PathNotFoundError."""
        if self._names is not None:  # the common case, without iterators
            value = root
            for name in self._names:
                if type(value) is not dict or name not in value:
                    raise self._not_found(root)
                value = value[name]
            return value
        values = [root]
        for step in self.steps:
            values = [found for value in values for found in step.select(value, root)]
        if not self.definite:
            return values
        if not values:
            raise self._not_found(root)
        return values[0]

    def _not_found(self, root: JsonValue) -> PathNotFoundError:
        """Say how far the path leads: AWS tells a missing leaf from a missing branch."""
        values, walked, past_end = [root], "$", False
        for number, step in enumerate(self.steps):
            past_end = isinstance(step, Index) and isinstance(values[0], list) and number + 1 == len(self.steps)
            values = [found for value in values for found in step.select(value, root)]
            walked += str(step)
            if not values and number + 1 < len(self.steps) and isinstance(step, Child):
                return PathNotFoundError(f"Missing property in path {walked}")
            if not values:
                break
        return PathNotFoundError("No results for path: $" + "".join(map(str, self.steps)), past_end=past_end)

    def __repr__(self) -> str:
        return f"JsonPath({self.text!r})"
