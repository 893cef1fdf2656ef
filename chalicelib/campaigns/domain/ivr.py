"""The graph a call walks through, and everything that can be wrong with it.

A flow is sound when every call ends: the entry exists, every ``goto`` leads to a node, no node is left
over, and from every node there is a way to one that ends the call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from chalicelib.campaigns.domain.campaign import IvrFlow, IvrNode
from chalicelib.core.errors import Problem

PLAY, MENU = "play", "menu"
ENDING = frozenset({"transfer", "opt_out", "hangup"})
"""Actions after which the flow has nothing more to say."""
ACTIONS = frozenset({PLAY, MENU}) | ENDING

KEYS = frozenset("0123456789*#")


def flow_problems(flow: IvrFlow, at: str = "ivr") -> list[Problem]:
    """Return every problem of ``flow``; ``at`` is its place in the campaign."""
    return [
        *_entry_problems(flow, at),
        *_duplicate_ids(flow, at),
        *(p for i, node in enumerate(flow.nodes) for p in _node_problems(node, _ids(flow), f"{at}.nodes[{i}]")),
        *_left_over(flow, at),
        *_endless(flow, at),
    ]


def _entry_problems(flow: IvrFlow, at: str) -> Iterator[Problem]:
    if not flow.nodes:
        yield Problem(f"{at}.nodes", "no_nodes", "a flow needs at least one node")
    elif flow.entry not in _ids(flow):
        yield Problem(f"{at}.entry", "unknown_node", f"there is no node {flow.entry!r}; {_known(_ids(flow))}")


def _duplicate_ids(flow: IvrFlow, at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, node in enumerate(flow.nodes):
        if node.id in seen:
            yield Problem(f"{at}.nodes[{i}].id", "duplicate_node", f"another node is called {node.id!r} already")
        seen.add(node.id)


def _node_problems(node: IvrNode, ids: set[str], at: str) -> Iterator[Problem]:
    if node.action not in ACTIONS:
        yield Problem(
            f"{at}.action", "unknown_action", f"{node.action!r} is not one of {', '.join(sorted(ACTIONS))}"
        )
        return
    if node.action in (PLAY, MENU) and not node.audio:
        yield Problem(f"{at}.audio", "audio_required", f"a {node.action} node needs the S3 key of its audio")
    if node.action == PLAY and node.goto is None:
        yield Problem(f"{at}.goto", "goto_required", "a play node needs the node that follows, such as a hangup")
    if node.action in ENDING and node.goto is not None:
        yield Problem(f"{at}.goto", "never_followed", f"a {node.action} node ends the call: nothing follows it")
    elif node.goto is not None and node.goto not in ids:
        yield Problem(f"{at}.goto", "unknown_node", f"there is no node {node.goto!r}; {_known(ids)}")
    if node.action == MENU and not node.options:
        yield Problem(f"{at}.options", "no_options", "a menu needs at least one key")
    if node.action != MENU and node.options:
        yield Problem(f"{at}.options", "options_outside_menu", f"a {node.action} node listens to no key")
    yield from _option_problems(node, ids, at)


def _option_problems(node: IvrNode, ids: set[str], at: str) -> Iterator[Problem]:
    taken = Counter[str]()
    for i, option in enumerate(node.options):
        taken[option.key] += 1
        if option.key not in KEYS:
            yield Problem(f"{at}.options[{i}].key", "unknown_key", f"{option.key!r} is not one of 0 to 9, * and #")
        elif taken[option.key] > 1:
            yield Problem(
                f"{at}.options[{i}].key", "duplicate_key", f"key {option.key} is taken by another option"
            )
        if option.goto not in ids:
            message = f"there is no node {option.goto!r}; {_known(ids)}"
            yield Problem(f"{at}.options[{i}].goto", "unknown_node", message)


def _left_over(flow: IvrFlow, at: str) -> Iterator[Problem]:
    """Yield the nodes no call comes to; nothing when the entry is unknown, for then it would be all of them."""
    if flow.entry not in _ids(flow):
        return
    reached = _reachable({flow.entry}, _edges(flow))
    for i, node in enumerate(flow.nodes):
        if node.id not in reached:
            yield Problem(f"{at}.nodes[{i}]", "unreachable_node", f"no call comes to node {node.id!r}")


def _endless(flow: IvrFlow, at: str) -> Iterator[Problem]:
    """Yield the nodes from which no call ends; a node without its next one is a problem of its own, not this."""
    ids = _ids(flow)
    ends = {node.id for node in flow.nodes if not _next(node) or not ids.issuperset(_next(node))}
    leading: dict[str, set[str]] = {}
    for before, following in _edges(flow).items():
        for after in following:
            leading.setdefault(after, set()).add(before)
    ending = _reachable(ends, leading)
    for i, node in enumerate(flow.nodes):
        if node.id not in ending:
            yield Problem(f"{at}.nodes[{i}]", "endless", f"a call that comes to node {node.id!r} can never end")


def _edges(flow: IvrFlow) -> dict[str, set[str]]:
    """Return node id -> the ids that may follow it; nodes of the same id count as one."""
    edges: dict[str, set[str]] = {}
    for node in flow.nodes:
        edges.setdefault(node.id, set()).update(_next(node))
    return edges


def _reachable(starts: Iterable[str], edges: Mapping[str, set[str]]) -> set[str]:
    """Return ``starts`` and all that can be come to from them along ``edges``."""
    reached, waiting = set[str](), list(starts)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(edges.get(name, ()))
    return reached


def _next(node: IvrNode) -> set[str]:
    """Return the ids of the nodes a call may come to after ``node``."""
    if node.action in ENDING:
        return set()
    return {option.goto for option in node.options} | ({node.goto} if node.goto is not None else set())


def _ids(flow: IvrFlow) -> set[str]:
    return {node.id for node in flow.nodes}


def _known(ids: Iterable[str]) -> str:
    return f"there are {', '.join(sorted(ids))}"
