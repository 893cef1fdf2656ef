"""What others' checkers say of what is deployed: checkov of the template, npm's asl-validator of the definitions.

    python -m infrastructure.outside_check --checkov PATH --asl-validator PATH [--template dist/prod/template.json]

The SAM template and its translation are read, as each rule knows one or the other. checkov has a venv of its own
because it pins boto3. Rules that are not followed are in .checkov.yaml with their reasons. Exit status 1 when
anything is found.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infrastructure.build import build_template
from infrastructure.translate import translate

ROOT = Path(__file__).resolve().parent.parent
STAGE = "prod"


def checkov_findings(checkov: Path, template: dict[str, Any], kind: str) -> Iterator[str]:
    """Yield one line for each rule that ``template`` breaks and .checkov.yaml does not excuse.

    Raises:
        RuntimeError: checkov did not read the template; with what it printed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.json"
        path.write_text(json.dumps(template, indent=1), encoding="utf-8")
        rules = ROOT / ".checkov.yaml"
        command = [str(checkov), "--config-file", str(rules), "--file", str(path)]
        done = subprocess.run(
            [*command, "--compact", "--output", "json"], capture_output=True, text=True, check=False
        )
    try:
        report = json.loads(done.stdout)
        results, read = report["results"], report["summary"]["resource_count"]
    except (json.JSONDecodeError, KeyError, TypeError):
        raise RuntimeError(f"checkov: {(done.stderr or done.stdout).strip()[-2000:]}") from None
    if not read or report["summary"]["parsing_errors"]:
        raise RuntimeError(f"checkov could not read the template ({kind})")
    for found in results["failed_checks"]:
        yield f"template ({kind}) {found['resource']}: {found['check_id']} {found['check_name']}"


def definition_findings(asl_validator: Path, definitions: list[Path]) -> Iterator[str]:
    """Yield what asl-validator has to say of each definition."""
    for path in definitions:
        done = subprocess.run(
            [str(asl_validator), "--json-path", str(path)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            yield f"{path.relative_to(ROOT)}: {' '.join((done.stdout + done.stderr).split())}"


def main(arguments: list[str] | None = None) -> int:
    """Run the checkers that are given; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m infrastructure.outside_check")
    parser.add_argument("--checkov", type=Path)
    parser.add_argument("--asl-validator", type=Path)
    parser.add_argument(
        "--template", type=Path, help=f"a built template (default: stage {STAGE}'s, without package)"
    )
    chosen = parser.parse_args(arguments)
    found: list[str] = []
    if chosen.checkov:
        sam = json.loads(chosen.template.read_text()) if chosen.template else build_template(ROOT, STAGE)
        found += checkov_findings(chosen.checkov, sam, "SAM")
        found += checkov_findings(chosen.checkov, translate(sam), "CloudFormation")
    if chosen.asl_validator:
        definitions = sorted((ROOT / "statemachines").glob("*.asl.json"))
        found += definition_findings(chosen.asl_validator, definitions)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
