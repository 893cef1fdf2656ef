"""JSONPath-language expressions: `$.path`, `$$.Context`, `$variable.path` and `States.Function(...)`."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.paths import InvalidPathError, JsonPath, PathNotFoundError, parse_path
from localcloud.stepfunctions.scope import Scope
from localcloud.stepfunctions.task import JsonValue

_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


class Expression(ABC):
    """Compiled once with the machine, evaluated in each visit."""

    text: str

    @abstractmethod
    def evaluate(self, scope: Scope) -> JsonValue:
        """The value in `scope`. Raises PathNotFoundError; States.* functions also raise StateFailure."""

    @abstractmethod
    def subject(self, scope: Scope) -> str:
        """The JSON text of what a path is read from, for error messages."""


class InputPath(Expression):
    """`$` and below: the state's data."""

    __slots__ = ("_path", "text")

    def __init__(self, path: JsonPath) -> None:
        self.text = path.text
        self._path = path

    def evaluate(self, scope: Scope) -> JsonValue:
        """See `Expression.evaluate`."""
        return self._path.read(scope.value)

    def subject(self, scope: Scope) -> str:
        """See `Expression.subject`."""
        return dumps(scope.value)


class ContextPath(Expression):
    """`$$` and below: the context object."""

    __slots__ = ("_path", "text")

    def __init__(self, text: str, path: JsonPath) -> None:
        self.text = text
        self._path = path

    def evaluate(self, scope: Scope) -> JsonValue:
        """See `Expression.evaluate`."""
        return self._path.read(scope.context)

    def subject(self, scope: Scope) -> str:
        """See `Expression.subject`."""
        return dumps(scope.context)


class VariablePath(Expression):
    """`$name` and below: a variable set by Assign."""

    __slots__ = ("_name", "_path", "text")

    def __init__(self, text: str, name: str, path: JsonPath) -> None:
        self.text = text
        self._name = name
        self._path = path

    def evaluate(self, scope: Scope) -> JsonValue:
        """See `Expression.evaluate`."""
        if self._name not in scope.variables:
            raise PathNotFoundError(f"Variable ${self._name} is not defined")
        return self._path.read(scope.variables[self._name])

    def subject(self, scope: Scope) -> str:
        """See `Expression.subject`."""
        return dumps(scope.variables.get(self._name))


def parse_path_expression(text: str) -> Expression:
    """Parse a path of any of the three kinds. Raises InvalidPathError."""
    if text.startswith("$$"):
        return ContextPath(text, parse_path(text[1:]))
    variable = _VARIABLE.match(text)
    if variable is not None:
        return VariablePath(text, variable[1], parse_path("$" + text[variable.end() :]))
    if not text.startswith("$"):
        raise InvalidPathError(f"{text!r} is no path: it must start with '$'")
    return InputPath(parse_path(text))
