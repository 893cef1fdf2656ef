"""From the text of a JSONPath to its steps."""

from __future__ import annotations

import re

from localcloud.stepfunctions.paths.filters import parse_filter
from localcloud.stepfunctions.paths.path import JsonPath
from localcloud.stepfunctions.paths.scanner import InvalidPathError, Scanner
from localcloud.stepfunctions.paths.steps import (
    Child,
    Children,
    Descend,
    Filter,
    Index,
    Indexes,
    Slice,
    Step,
    Wildcard,
)

__all__ = ["InvalidPathError", "parse_path", "parse_steps"]

_NAME = re.compile(r"[^.\[\]()'\"\s,?@*:]+(?:\(\))?")
"""A name; `length()` is one too: AWS takes the path and finds nothing there."""
_NAME_IN_FILTER = re.compile(r"[^.\[\]()'\"\s,?@*:<>=!~&|]+")
_INTEGER = re.compile(r"-?\d+")
_SLICE = re.compile(r"(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?)?")


def parse_path(text: str) -> JsonPath:
    """Parse `$...`. Raises InvalidPathError.

    >>> parse_path("$.items[0]['unit price']").read({"items": [{"unit price": 3}]})
    3
    """
    scanner = Scanner(text)
    scanner.expect("$")
    steps = parse_steps(scanner)
    if not scanner.done:
        raise InvalidPathError(f"unexpected {scanner.rest!r} in path {text!r}")
    return JsonPath(text, steps)


def parse_steps(scanner: Scanner, name: re.Pattern[str] = _NAME) -> tuple[Step, ...]:
    """Parse what follows `$`, `@` or a variable's name, as far as it is path."""
    steps: list[Step] = []
    while True:
        if scanner.take(".."):
            steps.append(Descend())
            if scanner.peek != "[":
                steps.append(_member(scanner, name))
        elif scanner.take(".["):  # as in `$.[?(@.a)]`, which AWS takes
            steps.append(_bracket(scanner))
        elif scanner.take("."):
            steps.append(_member(scanner, name))
        elif scanner.take("["):
            steps.append(_bracket(scanner))
        else:
            return tuple(steps)


def _operand_steps(scanner: Scanner) -> tuple[Step, ...]:
    """The path of a filter's operand: it ends where a comparison starts, as in `@.price<10`."""
    return parse_steps(scanner, _NAME_IN_FILTER)


def _member(scanner: Scanner, name: re.Pattern[str]) -> Step:
    if scanner.take("*"):
        return Wildcard()
    found = scanner.match(name)
    if found is None:
        raise InvalidPathError(f"a name is missing in path {scanner.text!r} at {scanner.position}")
    return Child(found[0])


def _bracket(scanner: Scanner) -> Step:
    """Everything after an opening bracket, with the closing one."""
    scanner.skip_blanks()
    step: Step
    if scanner.take("*"):
        step = Wildcard()
    elif scanner.take("?"):
        scanner.skip_blanks()
        step = Filter(parse_filter(scanner, _operand_steps))
    elif scanner.peek in "'\"":
        names = [scanner.quoted()]
        while scanner.take_after_blanks(","):
            scanner.skip_blanks()
            names.append(scanner.quoted())
        step = Child(names[0]) if len(names) == 1 else Children(tuple(names))
    else:
        step = _numbers(scanner)
    scanner.skip_blanks()
    scanner.expect("]")
    return step


def _numbers(scanner: Scanner) -> Step:
    sliced = scanner.match(_SLICE)
    if sliced is not None:
        start, stop, stride = (None if part is None else int(part) for part in sliced.groups())
        if stride == 0:
            raise InvalidPathError(f"a slice steps by 0 in path {scanner.text!r}")
        return Slice(start, stop, stride)
    indexes: list[int] = []
    while True:
        number = scanner.match(_INTEGER)
        if number is None:
            raise InvalidPathError(f"an index is missing in path {scanner.text!r} at {scanner.position}")
        indexes.append(int(number[0]))
        if not scanner.take_after_blanks(","):
            return Index(indexes[0]) if len(indexes) == 1 else Indexes(tuple(indexes))
        scanner.skip_blanks()
