"""`lint FILE...`: every problem of state machine definitions, with its place."""

from __future__ import annotations

import argparse
from pathlib import Path

from localcloud.errors import UsageError


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a *.asl.json")


def run(arguments: argparse.Namespace) -> int:
    """Print what is wrong; 0 when nothing is, 1 when something is, warnings of production rules included."""
    from localcloud.stepfunctions.validation import lint_file

    found = 0
    for path in arguments.files:
        if not path.is_file():
            raise UsageError(f"{path}: there is no such file")
        for problem in lint_file(path):
            found += 1
            print(problem)
    return 1 if found else 0
