"""What makes moto read DynamoDB's expressions fast: they were half of the time of an update.

moto parses an update's expression twice a request and its condition up to three times, copies the tree for each
look at it, and walks it ten times, asking at each node for abstract classes in the way that is slow in Python.
Here a text is parsed once a process, a tree is copied without `copy`'s ceremony, and a node's class is looked up.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

Replacement = tuple[Any, str, Any]
"""Owner, name, what stands there instead."""

_TEXTS = 1024
"""As many texts are remembered; a program has dozens."""
_PLAIN = (str, bool)


def replacements() -> Iterator[Replacement]:
    """Yield what is replaced in moto."""
    from moto.dynamodb.comparisons import ConditionExpressionParser

    nodes = import_module("moto.dynamodb.parsing.ast_nodes")  # has no types
    parser = import_module("moto.dynamodb.parsing.expressions").UpdateExpressionParser
    # Whoever changes a tree takes a copy of it (`Validator`), so one tree does for all.
    yield parser, "make", staticmethod(functools.lru_cache(_TEXTS)(parser.make))
    yield nodes.Node, "__deepcopy__", copy_tree
    yield nodes.Node, "find_clauses", find_clauses
    yield nodes.DepthFirstTraverser, "traverse", traverse
    yield ConditionExpressionParser, "parse", parse(ConditionExpressionParser)


def copy_tree(node: Any, memo: dict[int, Any]) -> Any:
    """Stand in for `copy.deepcopy` of a node, whose twin is the root of its own tree."""
    twin = object.__new__(type(node))
    vars(twin).update(vars(node))
    twin.parent = None
    if node.children is not None:
        twin.children = [_copy_child(child, twin, memo) for child in node.children]
    return twin


def _copy_child(child: Any, parent: Any, memo: dict[int, Any]) -> Any:
    kind: Any = type(child)
    if _is_node(kind):
        twin = copy_tree(child, memo)
        twin.parent = parent
        return twin
    return child if isinstance(child, str | int) else copy.deepcopy(child, memo)


def find_clauses(node: Any, clause_types: list[type]) -> list[Any]:
    """Stand in for the node's method of this name."""
    clauses = []
    for child in node.children or ():
        kind: Any = type(child)
        if kind in clause_types:
            clauses.append(child)
        elif _holds_clauses(kind):
            clauses += find_clauses(child, clause_types)
    return clauses


def traverse(traverser: Any, root: Any) -> Any:
    """Stand in for the traverser's method of this name: each node, children first, goes where it maps to."""
    processors = tuple(traverser._processing_map().items())

    def visit(node: Any, place: int) -> Any:
        kind: Any = type(node)
        if not _is_node(kind):
            return node
        parent = node.parent
        if node.children is not None:
            for number, child in enumerate(node.children):
                traverser.pre_processing_of_child(node, number)
                visit(child, number)
        for wanted, process in processors:
            if wanted in kind.__mro__:
                node = process(node)
                node.parent = parent
                if parent:
                    parent.children[place] = node
                break
        return node

    return visit(root, -1)


def parse(parser_type: Any) -> Callable[[Any], Any]:
    """Wrap the condition parser's method of this name: a text is parsed once for the same names and values.

    Values that the text does not name play no part. Lists and maps are not remembered, as what they hold may be
    changed in the table later.
    """

    original = parser_type.parse

    @functools.lru_cache(_TEXTS)
    def parsed(
        text: str,
        names: tuple[tuple[str, str], ...] | None,
        values: tuple[tuple[str, str, Any], ...] | None,
    ) -> tuple[Any, list[str], list[str]]:
        parser = parser_type(
            text,
            None if names is None else dict(names),
            None if values is None else {name: {sort: value} for name, sort, value in values},
        )
        return original(parser), parser.expr_attr_names_found, parser.expr_attr_values_found

    def wrapped(parser: Any) -> Any:
        text, names, values = (
            parser.condition_expression,
            parser.expression_attribute_names,
            parser.expression_attribute_values,
        )
        if not text:
            return original(parser)
        used = None if values is None else _plain(text, values)
        if values is not None and used is None:
            return original(parser)
        known = None if names is None else tuple(names.items())
        condition, names_found, values_found = parsed(text, known, used)
        parser.expr_attr_names_found.extend(names_found)
        parser.expr_attr_values_found.extend(values_found)
        return condition

    return wrapped


def _plain(text: str, values: dict[str, Any]) -> tuple[tuple[str, str, Any], ...] | None:
    """Return (name, type, value) of the values that the text may name; None where one of them is no plain one."""
    used = []
    for name, value in values.items():
        if name in text:
            if len(value) != 1:
                return None
            ((sort, content),) = value.items()
            if not isinstance(content, _PLAIN):
                return None
            used.append((name, sort, content))
    return tuple(used)


@functools.cache
def _is_node(kind: Any) -> bool:
    return issubclass(kind, import_module("moto.dynamodb.parsing.ast_nodes").Node)


@functools.cache
def _holds_clauses(kind: Any) -> bool:
    nodes = import_module("moto.dynamodb.parsing.ast_nodes")
    return issubclass(kind, nodes.Expression | nodes.UpdateExpressionFunction)
