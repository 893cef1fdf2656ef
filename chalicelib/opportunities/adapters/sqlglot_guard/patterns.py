"""The guard's rule on patterns: written down, and such that a backtracking engine comes to an end.

Athena's engine tries every way in which a pattern may fit. Where a part that may fit in several ways is itself
repeated, the ways multiply with every letter: ``(a+)+``, ``(a|aa)+``, ``(a?){50}``. So what is repeated is a
letter, a class, or a group that fits in one way only. A pattern that a column holds may be any, and is not taken.
"""

from __future__ import annotations

import re

from sqlglot import exp

from chalicelib.opportunities.adapters.sqlglot_guard.rules import (
    MOST_CHOICES,
    MOST_WILDCARDS,
    PATTERN_NODES,
)
from chalicelib.opportunities.errors import UnsafeQueryError

_PART = re.compile(
    r"""
      (?P<letter>\\.|\[\^?\]?(?:\\.|[^\]\\])*\])
    | (?P<flags>\(\?[a-zA-Z-]*\))
    | (?P<open>\((?:\?(?:<\w+>|<?[=!]|[a-zA-Z-]*:|>))?)
    | (?P<close>\))
    | (?P<or>\|)
    | (?P<times>\{(?P<least>\d{1,3})(?:(?P<to>,)(?P<most>\d{0,3}))?\}|[*+?])[?+]?
    | (?P<other>[^{}\[\]?*+])
    """,
    re.VERBOSE | re.DOTALL,
)


def check_pattern(node: exp.Expr) -> None:
    """Let a node through whose pattern, if it has one, comes to an end.

    Raises:
        UnsafeQueryError: it may not.
    """
    if isinstance(node, exp.Like):
        written = node.expression
        if isinstance(written, exp.Literal) and written.name.count("%") > MOST_WILDCARDS:
            raise UnsafeQueryError("pattern", f"has a LIKE with more than {MOST_WILDCARDS} wildcards")
    elif type(node).__name__ in PATTERN_NODES:
        written = node.args.get("expression")
        if not isinstance(written, exp.Literal) or not written.is_string:
            raise UnsafeQueryError("pattern", "has a pattern that is no text written down")
        _check_written(written.name)


def _check_written(pattern: str) -> None:
    place, choices = 0, 0
    varies = [False]
    """For each open group, the pattern around all first, whether it may fit in several ways."""
    before = False
    """Whether what stands before this place may."""
    while place < len(pattern):
        part = _PART.match(pattern, place)
        if part is None:
            raise UnsafeQueryError(
                "pattern", f"has a pattern that cannot be read at {pattern[place : place + 10]!r}"
            )
        kind, place = part.lastgroup, part.end()
        if kind == "open":
            varies.append(False)
        elif kind == "close":
            before = varies.pop()
            if not varies:
                raise UnsafeQueryError("pattern", "has a pattern that closes a group it did not open")
            varies[-1] |= before
        elif kind == "or":
            varies[-1] = True
        elif part["times"]:
            if before and part["times"] != "?":
                raise UnsafeQueryError(
                    "pattern",
                    "has a pattern that repeats what may fit in several ways: it may never come to an end",
                )
            if part["to"] or not part["least"]:
                varies[-1] = before = True
                choices += 1
        else:
            before = False
    if choices > MOST_CHOICES:
        raise UnsafeQueryError(
            "pattern", f"has a pattern with {choices} repeats; at most {MOST_CHOICES} are taken"
        )
