"""Lint the template that would be deployed: ``python -m infrastructure.check [STAGE ...]``.

cfn-lint reads the SAM template and, because it never looks into what the SAM transform makes of it, its
translation too; `infrastructure.safety` adds the house's own rules.
One line a finding, exit status 1 when there is any; 2 when no template can be built.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infrastructure.build import build_template
from infrastructure.errors import BuildError
from infrastructure.safety import unsafe
from infrastructure.translate import forget_metrics, translate

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("dev", "prod")


def findings(template: dict[str, Any], kind: str) -> Iterator[str]:
    """Yield what cfn-lint has to say of ``template``; ``kind`` names it in the lines."""
    from cfnlint.api import lint

    matches = lint(json.dumps(template, indent=1), regions=["us-east-1"])
    forget_metrics()  # cfn-lint translates too
    for match in matches:
        place = "/".join(str(part) for part in getattr(match, "path", None) or [])
        yield f"{kind} {place}: {match.rule.id} {match.message}"


def main(stages: list[str]) -> int:
    """Check each stage's template; see the module's docstring."""
    found: list[str] = []
    try:
        for stage in stages or STAGES:
            sam = build_template(ROOT, stage)
            found += (f"template ({stage}) {line}" for line in unsafe(sam))
            found += findings(sam, f"template ({stage}, SAM)")
            found += findings(translate(sam), f"template ({stage}, CloudFormation)")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    for line in sorted(set(found)):
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
