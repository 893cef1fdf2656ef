"""The command line; see the package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from chalicelib.core import clock
from chalicelib.core.ai import embedding_model
from chalicelib.core.errors import InvalidInputError


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m rag_engine", description="The tickets desk's matching engine."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    evaluating = commands.add_parser("evaluate", help="replay history, print figures, promote a better model")
    evaluating.add_argument(
        "tickets", type=Path, help="solved tickets in the order of time, JSON lines, may be .gz"
    )
    evaluating.add_argument("--half-life", type=float, default=1_500, help="of the baseline, in tickets")
    evaluating.add_argument("--model", type=Path, help="the current model's file; a better one replaces it")
    given = parser.parse_args(arguments)
    return _evaluate(given)


def _evaluate(given: argparse.Namespace) -> int:
    from rag_engine.evaluate import evaluate
    from rag_engine.promotion import promote
    from rag_engine.tickets_file import read

    model = embedding_model("EMBEDDING_MODEL")
    try:
        corpus, fields = read(given.tickets, model)
        evaluation = evaluate(
            corpus,
            fields,
            half_life=given.half_life,
            now=clock.current().now(),
            embedding=model.model_id,
            told=lambda line: print(line, flush=True),
        )
    except (InvalidInputError, OSError) as error:
        print(f"cannot evaluate {given.tickets}: {error}", file=sys.stderr)
        return 2
    return promote(evaluation, corpus, given.model) if given.model else 0


if __name__ == "__main__":
    sys.exit(main())
