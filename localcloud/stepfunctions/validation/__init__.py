"""Every problem of a state machine's definition at once, each with its place in the file.

`validate` reads a definition as AWS does when a machine is created; `lint` adds the rules a definition must
keep in production and takes ${Placeholder}s that are not yet filled in.

>>> problems = validate({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}})
>>> str(problems[0])
"MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next"
"""

from __future__ import annotations

from typing import Any

from localcloud.stepfunctions.validation.document import parse
from localcloud.stepfunctions.validation.linting import lint, lint_file
from localcloud.stepfunctions.validation.machine import check_machine
from localcloud.stepfunctions.validation.problem import Findings, Problem, Severity

__all__ = ["Problem", "Severity", "lint", "lint_file", "validate"]


def validate(definition: str | dict[str, Any], *, express: bool = False) -> list[Problem]:
    """All problems of a definition, in the file's order as far as they have one; none means it can run.

    `express` says that it is for an Express workflow, which has fewer integration patterns.
    """
    findings = Findings(express=express)
    with findings.too_deep():
        value = parse(definition, findings) if isinstance(definition, str) else definition
        if value is not None:
            check_machine(value, findings)
    return findings.problems
