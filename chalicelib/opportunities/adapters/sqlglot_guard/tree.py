"""The guard's second wall: every node of the parsed tree is of a kind that is let through."""

from __future__ import annotations

import datetime
import math
import re

from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.rules import (
    ARGUMENTS,
    DEEPEST_TREE,
    JOIN_KINDS,
    JOIN_SIDES,
    LONGEST_PADDING,
    LONGEST_SEQUENCE,
    LONGEST_TYPE,
    MOST_NODES,
    MOST_OFFSET,
    MOST_RELATIONS,
    MOST_SEQUENCES,
    NODES,
    TYPES,
    WIDEST_FORMAT,
    WORDS_BEFORE_PARENTHESES,
    function_names,
)
from chalicelib.opportunities.errors import UnsafeQueryError

FUNCTIONS = function_names()

_NOT_TAKEN = {
    "Insert": "writes", "Update": "writes", "Delete": "writes", "Merge": "writes", "Create": "writes",
    "Drop": "writes", "Into": "writes", "Command": "no_query", "MatchRecognize": "not_taken",
    "TableSample": "not_taken", "Parameter": "parameter", "SessionParameter": "parameter",
}  # fmt: skip


def check_nodes(tree: exp.Expr, parameters: frozenset[str]) -> None:
    """Let a tree through whose every node is known.

    Raises:
        UnsafeQueryError: one is not; the message names it.
    """
    relations = sequences = padding = 0
    depths: dict[int, int] = {}
    for count, node in enumerate(tree.walk(), start=1):
        kind = type(node).__name__
        if count > MOST_NODES:
            raise UnsafeQueryError("too_long", f"has more than {MOST_NODES} parts")
        depths[id(node)] = depth = depths.get(id(node.parent), 0) + 1
        if depth > DEEPEST_TREE:
            raise UnsafeQueryError("too_deep", f"has more than {DEEPEST_TREE} parts within each other")
        if kind not in NODES:
            raise _stranger(node, kind)
        allowed = ARGUMENTS.get(kind)
        if allowed is not None:
            for name, value in node.args.items():
                if value and name not in allowed:
                    code = "writes" if name == "into" else "not_taken"
                    raise UnsafeQueryError(code, f"has {kind} with {name.strip('_')}, which is not taken")
        if kind in _MORE:
            _MORE[kind](node)
        elif kind == "Placeholder":
            _check_parameter(node, parameters)
        sequences += kind.startswith("Generate")
        padding += _padding(node) if kind == "Pad" else 0
        relations += kind in ("Table", "Unnest", "Values", "Lateral")
    if sequences > MOST_SEQUENCES:
        raise UnsafeQueryError("too_long", f"has {sequences} sequences; at most {MOST_SEQUENCES} is taken")
    if padding > LONGEST_PADDING:
        raise UnsafeQueryError(
            "too_long", f"pads to {padding} letters in all; at most {LONGEST_PADDING} are taken"
        )
    if relations > MOST_RELATIONS:
        raise UnsafeQueryError("too_long", f"reads from {relations} relations; at most {MOST_RELATIONS} are taken")


def check_calls(tree: exp.Expr, called: set[str]) -> None:
    """Let a query through whose every word before a parenthesis is a known function, a keyword or an own alias.

    Raises:
        UnsafeQueryError: another is called.
    """
    unknown = called - FUNCTIONS - WORDS_BEFORE_PARENTHESES
    if unknown:
        unknown -= {alias.name.lower() for alias in tree.find_all(exp.TableAlias) if alias.args.get("columns")}
    if unknown:
        raise UnsafeQueryError(
            "unknown_function", f"calls {', '.join(sorted(unknown))}; it is not among those known"
        )


def whole_number(node: object) -> int | None:
    """Return the value of a whole-number literal, None for anything else."""
    if isinstance(node, exp.Literal) and not node.is_string and str(node.this).isdigit():
        return int(node.this)
    return None


def numbers_of(node: exp.Expr) -> int | None:
    """Return how many elements ``sequence()`` has, of whole numbers or days; None where its ends are computed."""
    start, end, step = (_number(node.args.get(name)) for name in ("start", "end", "step"))
    if node.args.get("step") is None:
        step = 1
    if start is None or end is None or not step:
        return None
    return abs(end - start) // abs(step) + 1


def _stranger(node: exp.Expr, kind: str) -> UnsafeQueryError:
    if isinstance(node, exp.Func):
        return UnsafeQueryError(
            "unknown_function", f"calls {node.sql_name().lower()}; it is not among those known"
        )
    return UnsafeQueryError(_NOT_TAKEN.get(kind, "not_taken"), f"has {kind}, which is not taken")


def _check_parameter(node: exp.Expr, parameters: frozenset[str]) -> None:
    if not isinstance(node.this, str) or node.this not in parameters:
        raise UnsafeQueryError("parameter", f"has the parameter {str(node.this)[:40]!r}, which has no value")


def _check_anonymous(node: exp.Expr) -> None:
    if not isinstance(node.this, str) or node.this.lower() not in FUNCTIONS:
        raise UnsafeQueryError("unknown_function", f"calls {str(node.this)[:60]}; it is not among those known")


def _check_dot(node: exp.Expr) -> None:
    if not isinstance(node.expression, exp.Identifier):
        raise UnsafeQueryError("unknown_function", "calls a function of a schema; only Athena's own are known")


def _check_join(node: exp.Expr) -> None:
    side, kind = str(node.args.get("side") or "").upper(), str(node.args.get("kind") or "").upper()
    if side not in JOIN_SIDES or kind not in JOIN_KINDS:
        raise UnsafeQueryError("not_taken", f"has a {side} {kind} join, which is not taken".replace("  ", " "))


def _check_limit(node: exp.Expr) -> None:
    value = node.args.get("count") if isinstance(node, exp.Fetch) else node.expression
    unlimited = isinstance(node, exp.Fetch) if value is None else value.name.upper() == "ALL"
    if not unlimited and whole_number(value) is None:
        raise UnsafeQueryError("limit", "has a limit that is no whole number")


def _check_offset(node: exp.Expr) -> None:
    value = whole_number(node.expression)
    if value is None or value > MOST_OFFSET:
        raise UnsafeQueryError("limit", f"has an offset that is no whole number up to {MOST_OFFSET}")


def _padding(node: exp.Expr) -> int:
    value = whole_number(node.expression)
    if value is None:
        raise UnsafeQueryError("too_long", "pads to a length that is no whole number")
    return value


def _check_type(node: exp.Expr) -> None:
    kind = node.this
    name = str(getattr(kind, "value", kind))
    if name not in TYPES:
        raise UnsafeQueryError("not_taken", f"casts to {name.lower()[:40]}, which is not taken")


def _check_type_length(node: exp.Expr) -> None:
    value = whole_number(node.this)
    if value is None or value > LONGEST_TYPE:
        raise UnsafeQueryError(
            "too_long", f"has a type with a length that is no whole number up to {LONGEST_TYPE}"
        )


def _check_sequence(node: exp.Expr) -> None:
    """Bound a sequence where the query writes its ends; Athena bounds one of columns."""
    numbers = numbers_of(node)
    if numbers is not None:
        long = numbers > LONGEST_SEQUENCE
    else:
        ends = (node.args["start"], node.args["end"])
        written = [whole_number(one) or 0 for part in ends for one in part.find_all(exp.Literal)]
        long = math.prod(max(1, number) for number in written) > LONGEST_SEQUENCE
    if long:
        raise UnsafeQueryError("too_long", f"has a sequence of more than {LONGEST_SEQUENCE} numbers")


def _number(node: object) -> int | None:
    """Return a whole number, a date or a span of time that is written down; the latter two in days."""
    if isinstance(node, exp.Neg):
        value = _number(node.this)
        return None if value is None else -value
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal) and node.to.is_type("date"):
        try:
            return datetime.date.fromisoformat(node.this.name).toordinal()
        except ValueError:
            return None
    if isinstance(node, exp.Interval) and isinstance(node.this, exp.Literal):
        return _DAYS.get(node.text("unit").upper(), 0) * int(node.this.name) if node.this.name.isdigit() else None
    return whole_number(node)


_DAYS = {"DAY": 1, "WEEK": 7, "MONTH": 28, "QUARTER": 84, "YEAR": 365}


def _check_format(node: exp.Expr) -> None:
    text = node.this
    if not isinstance(text, exp.Literal) or _WIDE.search(str(text.this)):
        raise UnsafeQueryError("too_long", "formats with a text that is no literal, or fills too many places")


def _check_separator(node: exp.Expr) -> None:
    if not isinstance(node.args.get("separator"), exp.Literal | None):
        raise UnsafeQueryError("not_taken", "puts something between texts that is no text written down")


_WIDE = re.compile(rf"\d{{{WIDEST_FORMAT + 1},}}")

_MORE = {
    "Format": _check_format,
    "GroupConcat": _check_separator,
    "Anonymous": _check_anonymous,
    "Dot": _check_dot,
    "Join": _check_join,
    "Limit": _check_limit,
    "Fetch": _check_limit,
    "Offset": _check_offset,
    "DataType": _check_type,
    "DataTypeParam": _check_type_length,
    "GenerateSeries": _check_sequence,
}
