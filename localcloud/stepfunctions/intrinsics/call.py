"""From the text of an intrinsic call to something that evaluates it."""

from __future__ import annotations

import inspect
import re
from typing import NoReturn

from localcloud.stepfunctions.expressions import Expression, parse_path_expression
from localcloud.stepfunctions.failures import RUNTIME, LocatedFailure
from localcloud.stepfunctions.intrinsics.functions import FUNCTIONS, FormatTemplate, IntrinsicError
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.paths import InvalidPathError, PathNotFoundError
from localcloud.stepfunctions.paths.parser import parse_steps
from localcloud.stepfunctions.paths.scanner import Scanner
from localcloud.stepfunctions.scope import Scope
from localcloud.stepfunctions.task import JsonValue

_FUNCTION = re.compile(r"States\.([A-Za-z0-9]+)\s*\(")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_WORD = re.compile(r"(true|false|null)\b")
_ROOT = re.compile(r"\$\$|\$(?:[A-Za-z_][A-Za-z0-9_]*)?")
_WORDS = {"true": True, "false": False, "null": None}


class Literal(Expression):
    """A number, text or word written in the call."""

    __slots__ = ("_value", "text")

    def __init__(self, text: str, value: JsonValue) -> None:
        self.text = text
        self._value = value

    def evaluate(self, scope: Scope) -> JsonValue:
        """See `Expression.evaluate`."""
        return self._value

    def subject(self, scope: Scope) -> str:
        """See `Expression.subject`."""
        return dumps(self._value)


class Call(Expression):
    """`States.Name(arguments)`."""

    __slots__ = ("_arguments", "_fits", "_name", "_whole", "text")

    def __init__(self, text: str, whole: str, name: str, arguments: tuple[Expression, ...]) -> None:
        self.text = text
        self._whole = whole
        """The field's expression as written: failures of nested calls name it, too."""
        self._name = name
        self._arguments = arguments
        self._fits = _takes(name, len(arguments))

    def evaluate(self, scope: Scope) -> JsonValue:
        """See `Expression.evaluate`; raises States.IntrinsicFailure where the function refuses."""
        if not self._fits:
            self._fail("States.IntrinsicFailure", f"Invalid number of arguments for States.{self._name}")
        values = []
        for argument in self._arguments:
            try:
                values.append(argument.evaluate(scope))
            except PathNotFoundError:
                path = argument.text.removeprefix("$") if argument.text.startswith("$$") else argument.text
                self._fail(
                    RUNTIME,
                    f"The JsonPath argument for the field '{path}' could not be found in the input "
                    f"'{dumps(scope.value)}'",
                )
        try:
            return FUNCTIONS[self._name](*values)
        except IntrinsicError as error:
            self._fail("States.IntrinsicFailure", str(error))

    def subject(self, scope: Scope) -> str:
        """See `Expression.subject`."""
        return dumps(scope.value)

    def _fail(self, error: str, reason: str) -> NoReturn:
        raise LocatedFailure(error, f"The function '{self._whole}' had the following error: {reason}")


def _takes(name: str, count: int) -> bool:
    """Whether a function can be called with so many arguments."""
    try:
        inspect.signature(FUNCTIONS[name]).bind(*range(count))
    except TypeError:
        return False
    return True


def parse_expression(text: str) -> Expression:
    """Parse a path or an intrinsic call. Raises InvalidPathError."""
    if not text.startswith("States."):
        return parse_path_expression(text)
    scanner = Scanner(text)
    call = _call(scanner)
    scanner.skip_blanks()
    if not scanner.done:
        raise InvalidPathError(f"unexpected {scanner.rest!r} after the call in {text!r}")
    return call


def _call(scanner: Scanner) -> Expression:
    start = scanner.position
    found = scanner.match(_FUNCTION)
    if found is None:
        raise InvalidPathError(f"{scanner.rest!r} is no call of an intrinsic function")
    name = found[1]
    if name not in FUNCTIONS:
        raise InvalidPathError(f"States.{name} is no intrinsic function")
    arguments: list[Expression] = []
    scanner.skip_blanks()
    if not scanner.take(")"):
        while True:
            arguments.append(_argument(scanner, is_template=name == "Format" and not arguments))
            scanner.skip_blanks()
            if scanner.take(")"):
                break
            scanner.expect(",")
    return Call(scanner.text[start : scanner.position], scanner.text, name, tuple(arguments))


def _argument(scanner: Scanner, *, is_template: bool) -> Expression:
    scanner.skip_blanks()
    start = scanner.position
    if scanner.peek == "'":
        raw = _quoted(scanner)
        return Literal(
            scanner.text[start : scanner.position], FormatTemplate(raw) if is_template else _unescape(raw)
        )
    if scanner.text.startswith("States.", start):
        return _call(scanner)
    word = scanner.match(_WORD)
    if word is not None:
        return Literal(word[0], _WORDS[word[0]])
    number = scanner.match(_NUMBER)
    if number is not None:
        return Literal(number[0], float(number[0]) if number[1] or number[2] else int(number[0]))
    if scanner.match(_ROOT) is None:
        raise InvalidPathError(f"cannot read the argument {scanner.rest!r} in {scanner.text!r}")
    parse_steps(scanner)
    return parse_path_expression(scanner.text[start : scanner.position])


def _quoted(scanner: Scanner) -> str:
    """The text between single quotes, escapes still in it."""
    end = scanner.position + 1
    text = scanner.text
    while end < len(text) and text[end] != "'":
        end += 2 if text[end] == "\\" else 1
    if end >= len(text):
        raise InvalidPathError(f"a quote is not closed in {text!r}")
    raw = text[scanner.position + 1 : end]
    scanner.position = end + 1
    return raw


def _unescape(raw: str) -> str:
    """Only quote, braces and backslash are escaped in an intrinsic's text; any other backslash stays."""
    return re.sub(r"\\(['{}\\])", r"\1", raw)
