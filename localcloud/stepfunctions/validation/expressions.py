"""Syntax of paths, intrinsic calls, JSONata and timestamps: each function says what is wrong, or None."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from localcloud.stepfunctions.expressions import parse_path_expression
from localcloud.stepfunctions.intrinsics import parse_expression
from localcloud.stepfunctions.jsonata import InvalidQueryError, parse_query
from localcloud.stepfunctions.jsonata.references import names_without_context, reads
from localcloud.stepfunctions.paths import InvalidPathError, parse_reference

_UNSUPPORTED = "UNSUPPORTED_JSONATA_EXPRESSION"
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


def path_fault(text: str) -> str | None:
    """What is wrong with a JSONPath into the input, the context object ($$.) or a variable ($name)."""
    try:
        parse_path_expression(text)
    except InvalidPathError as error:
        return f"Value must be a valid JSONPath. ({error})"
    return None


def path_or_intrinsic_fault(text: str) -> str | None:
    """What is wrong with a JSONPath or with a call such as States.Format('{}', $.name)."""
    try:
        parse_expression(text)
    except InvalidPathError as error:
        return f"must be a valid JSONPath or a valid intrinsic function call ({error})"
    return None


def reference_path_fault(text: str) -> str | None:
    """What is wrong with a reference path, a JSONPath that names exactly one place in the input."""
    try:
        parse_reference(text)
    except InvalidPathError as error:
        return f"Value is not a Reference Path ({error})"
    return None


def jsonata_faults(text: str, *, in_catch: bool) -> Iterator[tuple[str, str]]:
    """AWS's (code, message) for each fault of a JSONata expression, given with its {% braces %}."""
    try:
        tree = parse_query(text, "").tree
    except InvalidQueryError as error:
        yield "INVALID_JSONATA_EXPRESSION", error.reason
        return
    for name in names_without_context(tree):
        yield _UNSUPPORTED, f"Reference to '{name}' at the top level is not supported."
    if reads(tree, "$"):
        yield _UNSUPPORTED, "Reference to '$$' is not supported."
    if not in_catch and reads(tree, "states", "errorOutput"):
        yield _UNSUPPORTED, "Reference to '$states.errorOutput' is not supported outside of Catch."


def is_timestamp(text: str) -> bool:
    """Whether a text is an ISO 8601 instant with its zone."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return _TIMESTAMP.fullmatch(text) is not None
