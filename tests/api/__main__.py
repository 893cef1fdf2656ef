"""Asks the API everything its description allows, and much that it does not: `make check-api`.

Boots the application and lets schemathesis (https://schemathesis.readthedocs.io) make requests of its OpenAPI
description. Fails on a 5xx, on an answer that is not as described, and where fewer than 10,000 requests were made.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from localcloud.project import LocalProject

_HOME = Path(__file__).resolve().parent.parent.parent
LEAST = 10_000
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
    parser.add_argument("--examples", type=int, default=260, help="random requests for each route (default 260)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalProject(_HOME, kept_in=Path(folder), aws_port=0, api_port=0, requests_per_minute=0) as project,
    ):
        made = _run(project, chosen.examples, chosen.seed)
    if made is None:
        return 1
    print(f"{made} requests, every answer as described")
    if made < LEAST:
        print(f"fewer than {LEAST}: give more --examples", file=sys.stderr)
        return 1
    return 0


def _run(project: LocalProject, examples: int, seed: int) -> int | None:
    """Return how many requests were made, None when something was not as described; schemathesis says what."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{project.api_url}/openapi.json"]
    command += ["--header", f"Authorization: Bearer {project.token}", "--phases", "coverage,fuzzing"]
    command += ["--checks", ",".join(CHECKS), "--max-examples", str(examples), "--seed", str(seed)]
    command += ["--workers", "2", "--continue-on-failure", "--warnings", "off", "--generation-database", "none"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project.project_dir)
    made = sum(int(count) for count in _MADE.findall(done.stdout))
    if done.returncode:
        print(done.stdout[-20_000:], done.stderr[-5_000:], file=sys.stderr)
        return None
    return made


if __name__ == "__main__":
    sys.exit(main())
