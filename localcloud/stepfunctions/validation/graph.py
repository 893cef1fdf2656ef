"""The states of one scope as a graph: transitions to nowhere, states nobody reaches, loops without an end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from localcloud.stepfunctions.validation.problem import Findings, child

States = dict[str, Any]


def check_graph(machine: dict[str, Any], place: str, findings: Findings) -> None:
    """Check the transitions within one scope: a machine, a branch or an item processor."""
    states: States = {name: state for name, state in machine["States"].items() if isinstance(state, dict)}
    start = machine.get("StartAt")
    if isinstance(start, str) and start not in states and not findings.is_open(start):
        findings.error("MISSING_TRANSITION_TARGET", f"Missing 'StartAt' target: {start}", child(place, "StartAt"))
    targets: dict[str, set[str]] = {}
    dangling = False
    for name, state in states.items():
        targets[name] = set()
        for target, where in _transitions(state, child(place, "States", name)):
            if findings.is_open(target):
                continue
            if target in states:
                targets[name].add(target)
            else:
                dangling = True
                field = where.rpartition("/")[2]
                findings.error("MISSING_TRANSITION_TARGET", f"Missing '{field}' target: {target}", where)
    reached = _closure(targets, [start] if isinstance(start, str) and start in states else [])
    for name in states if reached else ():
        if name not in reached:
            findings.error(
                "MISSING_TRANSITION_TARGET", f'State "{name}" is not reachable.', child(place, "States", name)
            )
    if not dangling:
        _check_ends(states, targets, reached, place, findings)


def _check_ends(
    states: States, targets: dict[str, set[str]], reached: set[str], place: str, findings: Findings
) -> None:
    """A state that has no way on is told elsewhere, so it counts as an end here."""
    ends = [name for name, state in states.items() if _is_end(state) or not targets[name]]
    if not ends:
        findings.error("MISSING_END_STATE", "The workflow does not have a terminal state", child(place, "States"))
        return
    sources: dict[str, set[str]] = {name: set() for name in states}
    for name, following in targets.items():
        for target in following:
            sources[target].add(name)
    ending = _closure(sources, ends)
    for name in states:
        if name in reached and name not in ending:
            findings.warning(
                "ENDLESS_STATE", f'No way leads from state "{name}" to an end', child(place, "States", name)
            )


def _transitions(state: dict[str, Any], place: str) -> Iterable[tuple[str, str]]:
    """Each (target, place of its field) of a state."""
    for field in ("Next", "Default"):
        if isinstance(state.get(field), str):
            yield state[field], child(place, field)
    for field in ("Choices", "Catch"):
        entries = state.get(field)
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict) and isinstance(entry.get("Next"), str):
                yield entry["Next"], child(place, field, index, "Next")


def _is_end(state: dict[str, Any]) -> bool:
    return state.get("End") is True or state.get("Type") in ("Succeed", "Fail")


def _closure(edges: dict[str, set[str]], starts: list[str]) -> set[str]:
    found, waiting = set(starts), list(starts)
    while waiting:
        for name in edges[waiting.pop()] - found:
            found.add(name)
            waiting.append(name)
    return found
