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
    if isinstance(start, str) and start not in machine["States"] and not findings.is_open(start):
        _missing(start, child(place, "StartAt"), findings)
    targets: dict[str, set[str]] = {}
    ends = {name for name, state in states.items() if _is_end(state)}
    for name, state in states.items():
        targets[name] = set()
        for target, where in _transitions(state, child(place, "States", name)):
            if findings.is_open(target):
                continue
            if target in states:
                targets[name].add(target)
            elif target not in machine["States"]:
                _missing(target, where, findings)
    if not states:
        return
    if not ends:  # AWS looks no further
        findings.error("MISSING_END_STATE", "Workflow has no terminal state", place)
        return
    reached = _closure(targets, [start] if isinstance(start, str) and start in states else [])
    for name in states if isinstance(start, str) else ():
        if name not in reached:
            findings.error(
                "MISSING_TRANSITION_TARGET", f'State "{name}" is not reachable.', child(place, "States", name)
            )
    _warn_of_loops(targets, {*ends, *(name for name in states if not targets[name])}, reached, place, findings)


def _missing(target: str, place: str, findings: Findings) -> None:
    """AWS says 'Next' wherever the target is named: in StartAt, Default, a rule or a catcher."""
    findings.error("MISSING_TRANSITION_TARGET", f"Missing 'Next' target: {target}", place)


def _warn_of_loops(
    targets: dict[str, set[str]], ends: set[str], reached: set[str], place: str, findings: Findings
) -> None:
    """A state whose way on leads nowhere is told elsewhere, and is among the ends here."""
    sources: dict[str, set[str]] = {name: set() for name in targets}
    for name, following in targets.items():
        for target in following:
            sources[target].add(name)
    ending = _closure(sources, ends)
    for name in targets:
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
    """One that names no way on at all is told elsewhere, and may become an end."""
    return state.get("End") is True or state.get("Type") in ("Succeed", "Fail") or not any(_transitions(state, ""))


def _closure(edges: dict[str, set[str]], starts: Iterable[str]) -> set[str]:
    found, waiting = set(starts), list(starts)
    while waiting:
        for name in edges[waiting.pop()] - found:
            found.add(name)
            waiting.append(name)
    return found
