"""What an expression can see: the value `$`, the context object `$$` and the variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from localcloud.stepfunctions.task import JsonValue


class Scope:
    """The surroundings one expression is evaluated in; made per evaluation, never kept."""

    __slots__ = ("_context", "value", "variables")

    def __init__(
        self, value: JsonValue, variables: Mapping[str, JsonValue], context: Callable[[], JsonValue]
    ) -> None:
        self.value = value
        self.variables = variables
        self._context = context

    @property
    def context(self) -> JsonValue:
        """The context object, built when asked for: few expressions do."""
        return self._context()

    def on(self, value: JsonValue) -> Scope:
        """The same surroundings with another `$`."""
        return Scope(value, self.variables, self._context)
