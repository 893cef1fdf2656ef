"""Compares what roles did with what they may do."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from localcloud.rights.requests import Call

_EVERYBODY = ("logs:", "xray:")
"""Services whose rights are given to all alike, and that no code of ours calls."""


@dataclass(slots=True)
class Principal:
    """A function, a machine or a container."""

    granted: set[Call]
    """(action, pattern of resources)"""
    calls: set[Call]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference."""

    principal: str
    kind: str
    """"lacks" (a call no statement allows) or "needs not" (a right no call used)."""
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.principal} {self.kind} {self.action} on {self.resource}"


@dataclass(slots=True)
class Excuse:
    """A difference that is meant; all but the reason are patterns."""

    principal: str
    kind: str
    action: str
    resource: str
    reason: str
    sometimes: bool = False
    """Whether a run may well have nothing that it excuses."""
    used: bool = False

    def __str__(self) -> str:
        return f"{self.principal} {self.kind} {self.action} on {self.resource}"

    def excuses(self, finding: Finding) -> bool:
        """Return whether the finding is this one's."""
        patterns = (
            (finding.principal, self.principal),
            (finding.action, self.action),
            (finding.resource, self.resource),
        )
        return finding.kind == self.kind and all(
            fnmatch.fnmatchcase(value, pattern) for value, pattern in patterns
        )


def read_recordings(folder: Path) -> dict[str, Principal]:
    """Join the recordings of a folder: principal -> what it may do, and all it was seen to do."""
    joined: dict[str, Principal] = {}
    for path in sorted(folder.glob("*.json")):
        for name, found in json.loads(path.read_text(encoding="utf-8"))["principals"].items():
            principal = joined.setdefault(name, Principal(set(), set()))
            principal.granted |= set(_granted(found["statements"]))
            principal.calls |= {(action, resource) for action, resource in found["calls"]}
    return joined


def lacking(principals: Mapping[str, Principal]) -> list[Finding]:
    """Return the calls that no statement allows."""
    return [
        Finding(name, "lacks", action, resource)
        for name, principal in sorted(principals.items())
        for action, resource in sorted(principal.calls)
        if not action.startswith(_EVERYBODY)
        and not any(_matches(action, resource, grant) for grant in principal.granted)
    ]


def unused(principals: Mapping[str, Principal]) -> list[Finding]:
    """Return the rights that no call needed."""
    return [
        Finding(name, "needs not", *grant)
        for name, principal in sorted(principals.items())
        for grant in sorted(principal.granted)
        if not grant[0].startswith(_EVERYBODY)
        and not any(_matches(action, resource, grant) for action, resource in principal.calls)
    ]


def read_exceptions(path: Path) -> list[Excuse]:
    """Read the argued exceptions; see the head of the file."""
    found = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
        kind = "lacks" if "lacks" in entry else "needs not"
        for right in _list(entry[kind]):
            action, _, resource = right.partition(" on ")
            reason, sometimes = str(entry["because"]), bool(entry.get("sometimes"))
            found.append(Excuse(str(entry["who"]), kind, action, resource or "*", reason, sometimes))
    return found


def without(findings: Iterable[Finding], exceptions: list[Excuse]) -> list[Finding]:
    """Return the findings that no exception excuses; each exception that excuses one is marked used."""
    left = []
    for finding in findings:
        excusing = [one for one in exceptions if one.excuses(finding)]
        for one in excusing:
            one.used = True
        if not excusing:
            left.append(finding)
    return left


def _matches(action: str, resource: str, grant: Call) -> bool:
    return fnmatch.fnmatchcase(action, grant[0]) and fnmatch.fnmatchcase(resource, grant[1])


def _granted(statements: Iterable[dict[str, Any]]) -> Iterable[Call]:
    for statement in statements:
        for action in _list(statement["Action"]):
            for resource in _list(statement["Resource"]):
                yield action, resource


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
