"""Linting a definition as it lies in the repository: with ${Placeholder}s, and by the production rules too."""

from __future__ import annotations

from pathlib import Path

from localcloud.stepfunctions.validation.document import Places, parse
from localcloud.stepfunctions.validation.machine import check_machine
from localcloud.stepfunctions.validation.problem import Findings, Problem
from localcloud.stepfunctions.validation.production import check_production_rules

_UNPLACED = ("INVALID_JSON_DESCRIPTION", "TOO_DEEPLY_NESTED")


def lint(text: str, *, express: bool = False) -> list[Problem]:
    """All problems of a definition's text, the production rules included."""
    findings = Findings(placeholders=True, express=express)
    with findings.too_deep():
        value = parse(text, findings)
        if value is not None:
            check_machine(value, findings)
            check_production_rules(value, findings)
    return findings.problems


def lint_file(path: str | Path) -> list[str]:
    """One line for each problem, in the order of the file; an empty list when there is none.

    "statemachines/a.asl.json:12: ERROR MISSING_TRANSITION_TARGET /States/A/Next: Missing 'Next' target: B".
    Raises OSError when the file cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return [f"{path}:1: ERROR INVALID_JSON_DESCRIPTION: The file is not UTF-8: {error.reason}"]
    problems = lint(text)
    if any(problem.code in _UNPLACED and not problem.location for problem in problems):
        return [f"{path}: {problem.severity} {problem.code}: {problem.message}" for problem in problems]
    places = Places(text) if text.strip() else None
    numbered = [(places.line(problem.place) if places else 1, problem) for problem in problems]
    return [
        f"{path}:{line}: {problem.severity} {problem.code} {problem.place or '/'}: {problem.message}"
        for line, problem in sorted(numbered, key=lambda pair: pair[0])
    ]
