"""What an expression refers to that AWS does not offer, read from its syntax tree.

An expression has no context item: it starts from `$states` or from a variable. AWS refuses a definition in which
one starts from a bare name, which would always be nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_PARTS = (
    "lhs",
    "rhs",
    "expression",
    "expressions",
    "arguments",
    "condition",
    "then",
    "_else",
    "body",
    "lhs_object",
)
"""The parts of a node that are evaluated where the node is; steps and filters have a context of their own."""
_EVERYWHERE = (
    *_PARTS,
    "procedure",
    "steps",
    "stages",
    "predicate",
    "expr",
    "terms",
    "group",
    "pattern",
    "update",
    "delete",
)


def names_without_context(tree: Any) -> list[str]:
    """Each bare name an evaluation starts from, once: `phone` in `{'p': phone.home}`."""
    return list(dict.fromkeys(_bare_names(tree)))


def reads(tree: Any, *path: str) -> bool:
    """Whether `path` is read anywhere: ("$",) for `$$`, ("states", "errorOutput") for `$states.errorOutput`."""
    return any(tuple(names[: len(path)]) == path for names in _paths(tree))


def _bare_names(node: Any) -> Iterator[str]:
    if isinstance(node, (list, tuple)):
        for item in node:
            yield from _bare_names(item)
        return
    kind = getattr(node, "type", None)
    if kind == "path":
        first = node.steps[0]
        if first.type == "name":
            yield str(first.value)
        else:
            yield from _bare_names(first)
        return
    if kind is not None:
        for part in _PARTS:
            yield from _bare_names(getattr(node, part, None))


def _paths(node: Any) -> Iterator[list[str]]:
    """The names of each path that starts from a variable, and of each variable that stands alone."""
    if isinstance(node, (list, tuple)):
        for item in node:
            yield from _paths(item)
        return
    if not hasattr(node, "type"):
        return
    if node.type == "variable":
        yield [str(node.value)]
    if node.type == "path" and node.steps[0].type == "variable":
        yield [str(step.value) for step in node.steps]
    for part in _EVERYWHERE:
        yield from _paths(getattr(node, part, None))
