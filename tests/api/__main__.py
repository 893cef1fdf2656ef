"""Asks the API everything its description allows, and much that it does not: `make check-api`.

Boots the application and lets schemathesis (https://schemathesis.readthedocs.io) make requests of its OpenAPI
description. Fails on a 5xx, on an answer that is not as described, and where fewer than 10,000 requests were made.

Before that, it runs the demonstrations, walks through the API as its users do and sends every good request again
with one thing wrong, and while no service answers. Fails on a documented status that nobody was given, and on a
status nobody documented.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from chalicelib.core.http.openapi import describe
from localcloud.demos import chosen_demos
from localcloud.project import LocalProject
from localcloud.showcase import run_demos
from tests.api.refusals import ask_while_services_are_down, ask_wrongly
from tests.api.tour import Tour
from tests.api.witness import Witness, promises

_HOME = Path(__file__).resolve().parent.parent.parent
_NEVER_REFUSES = "POST /incidents"
"""An emergency is not refused for its form: whatever is reported runs; the answer says what is wrong with it."""
LEAST = 10_000
_MOST = 1_000_000
"""Requests a minute: more than are made here, and few enough to be exceeded by what a counter can be set to."""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "ignored_auth",
)
_MADE = re.compile(r"(\d+) generated")


def main() -> int:
    """Run it; 0 when everything was as described."""
    parser = argparse.ArgumentParser(prog="python -m tests.api", description=__doc__.split("\n")[0])
    parser.add_argument("--examples", type=int, default=180, help="random requests for each route (default 180)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalProject(_HOME, kept_in=Path(folder), aws_port=0, api_port=0, requests_per_minute=_MOST) as project,
    ):
        from app import app  # after the boot, which has to be there first: it takes what functions log

        statuses = _statuses(project, Witness(app), describe(app, "Signalbox", "1"))
        others = _run(project, chosen, ["--exclude-name", _NEVER_REFUSES], CHECKS)
        lenient = tuple(check for check in CHECKS if check != "negative_data_rejection")
        emergencies = _run(project, chosen, ["--include-name", _NEVER_REFUSES], lenient)
        made = None if others is None or emergencies is None else others + emergencies
    if made is not None:
        print(f"{made} requests, every answer as described")
    if made is not None and made < LEAST:
        print(f"fewer than {LEAST}: give more --examples", file=sys.stderr)
    return 0 if statuses and made is not None and made >= LEAST else 1


def _statuses(project: LocalProject, witness: Witness, description: dict[str, Any]) -> bool:
    """See that the API gives every status it documents and none other."""
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        went_well = run_demos(project, chosen_demos(""))
    if not went_well:
        print(shown.getvalue(), file=sys.stderr)
    Tour(project, witness).walk()
    ask_wrongly(project, witness)
    ask_while_services_are_down(project, witness)
    promised = promises(description)
    for what, found in (("never given", promised - witness.seen), ("not documented", witness.seen - promised)):
        for method, path, status in sorted(found):
            print(f"{method} {path}: {status} is {what}", file=sys.stderr)
    print(f"{len(promised & witness.seen)} of {len(promised)} documented statuses were given")
    return went_well and promised == witness.seen


def _run(
    project: LocalProject, chosen: argparse.Namespace, which: list[str], checks: tuple[str, ...]
) -> int | None:
    """Return how many requests were made, None when something was not as described; schemathesis says what."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{project.api_url}/openapi.json", *which]
    command += ["--header", f"Authorization: Bearer {project.token}", "--phases", "coverage,fuzzing"]
    command += ["--checks", ",".join(checks), "--max-examples", str(chosen.examples), "--seed", str(chosen.seed)]
    command += ["--workers", "2", "--continue-on-failure", "--warnings", "off", "--generation-database", "none"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project.project_dir)
    made = sum(int(count) for count in _MADE.findall(done.stdout))
    if done.returncode:
        print(done.stdout[-20_000:], done.stderr[-5_000:], file=sys.stderr)
        return None
    return made


if __name__ == "__main__":
    sys.exit(main())
