"""Filters of a JSONPath: `?(@.price < 10 && @.tag in ['a', 'b'])`."""

from __future__ import annotations

import re
from collections.abc import Callable

from localcloud.stepfunctions.paths.path import JsonPath, PathNotFoundError
from localcloud.stepfunctions.paths.scanner import InvalidPathError, Scanner
from localcloud.stepfunctions.paths.steps import Predicate, Step
from localcloud.stepfunctions.task import JsonValue

Operand = Callable[[JsonValue, JsonValue], JsonValue]
StepParser = Callable[[Scanner], tuple[Step, ...]]

_MISSING = object()
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_WORD = re.compile(r"true|false|null")
_REGEX = re.compile(r"/((?:\\.|[^/\\])*)/(i?)")
_OPERATOR = re.compile(r"==|!=|<=|>=|=~|<|>|in\b|nin\b")


def parse_filter(scanner: Scanner, steps: StepParser) -> Predicate:
    """Parse the parenthesised condition after `?`. Raises InvalidPathError."""
    scanner.expect("(")
    predicate = _either(scanner, steps)
    scanner.skip_blanks()
    scanner.expect(")")
    return predicate


def _either(scanner: Scanner, steps: StepParser) -> Predicate:
    parts = [_both(scanner, steps)]
    while scanner.take_after_blanks("||"):
        parts.append(_both(scanner, steps))
    return parts[0] if len(parts) == 1 else lambda item, root: any(part(item, root) for part in parts)


def _both(scanner: Scanner, steps: StepParser) -> Predicate:
    parts = [_single(scanner, steps)]
    while scanner.take_after_blanks("&&"):
        parts.append(_single(scanner, steps))
    return parts[0] if len(parts) == 1 else lambda item, root: all(part(item, root) for part in parts)


def _single(scanner: Scanner, steps: StepParser) -> Predicate:
    scanner.skip_blanks()
    if scanner.peek == "!" and not scanner.text.startswith("!=", scanner.position):
        scanner.take("!")
        inner = _single(scanner, steps)
        return lambda item, root: not inner(item, root)
    if scanner.take("("):
        inner = _either(scanner, steps)
        scanner.skip_blanks()
        scanner.expect(")")
        return inner
    left = _operand(scanner, steps)
    scanner.skip_blanks()
    operator = scanner.match(_OPERATOR)
    if operator is None:
        return lambda item, root: left(item, root) is not _MISSING
    scanner.skip_blanks()
    if operator[0] == "=~":
        return _regex(scanner, left)
    right = _operand(scanner, steps)
    compare = _COMPARE[operator[0]]
    return lambda item, root: compare(left(item, root), right(item, root))


def _regex(scanner: Scanner, left: Operand) -> Predicate:
    found = scanner.match(_REGEX)
    if found is None:
        raise InvalidPathError(f"a regular expression is missing after =~ in {scanner.text!r}")
    pattern = re.compile(found[1], re.IGNORECASE if found[2] else 0)

    def matches(item: JsonValue, root: JsonValue) -> bool:
        value = left(item, root)
        return isinstance(value, str) and pattern.fullmatch(value) is not None

    return matches


def _operand(scanner: Scanner, steps: StepParser) -> Operand:
    scanner.skip_blanks()
    if scanner.peek in "'\"":
        return _constant(scanner.quoted())
    if scanner.take("["):
        return _list(scanner, steps)
    word = scanner.match(_WORD)
    if word is not None:
        return _constant({"true": True, "false": False, "null": None}[word[0]])
    number = scanner.match(_NUMBER)
    if number is not None:
        return _constant(float(number[0]) if number[1] or number[2] else int(number[0]))
    at_item = scanner.peek == "@"
    if not at_item and scanner.peek != "$":
        raise InvalidPathError(f"cannot read the filter at {scanner.rest!r} in {scanner.text!r}")
    start = scanner.position
    scanner.position += 1
    path = JsonPath(scanner.text[start : scanner.position], steps(scanner))

    def read(item: JsonValue, root: JsonValue) -> JsonValue:
        try:
            return path.read(item if at_item else root)
        except PathNotFoundError:
            return _MISSING

    return read


def _list(scanner: Scanner, steps: StepParser) -> Operand:
    members: list[Operand] = []
    while not scanner.take_after_blanks("]"):
        members.append(_operand(scanner, steps))
        scanner.take_after_blanks(",")
    return lambda item, root: [member(item, root) for member in members]


def _constant(value: JsonValue) -> Operand:
    return lambda item, root: value


def _equal(left: JsonValue, right: JsonValue) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def _ordered(test: Callable[[JsonValue, JsonValue], bool]) -> Callable[[JsonValue, JsonValue], bool]:
    def compare(left: JsonValue, right: JsonValue) -> bool:
        numbers = all(isinstance(side, (int, float)) and not isinstance(side, bool) for side in (left, right))
        texts = isinstance(left, str) and isinstance(right, str)
        return (numbers or texts) and test(left, right)

    return compare


_COMPARE: dict[str, Callable[[JsonValue, JsonValue], bool]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "in": lambda left, right: isinstance(right, list) and any(_equal(left, member) for member in right),
    "nin": lambda left, right: isinstance(right, list) and not any(_equal(left, member) for member in right),
}
