"""The command line; see the package."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from chalicelib.core import clock
from chalicelib.core.ai import embedding_model
from chalicelib.core.config import setting
from chalicelib.core.errors import (
    ConfigurationError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    SignalboxError,
)


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
    place = evaluating.add_mutually_exclusive_group()
    place.add_argument(
        "--model", type=Path, help="the file of the model in use; one that is not worse replaces it"
    )
    place.add_argument("--promote", action="store_true", help="the same, of the model in INDEX_BUCKET")
    commands.add_parser("match", help="recommend experts for the ticket that the environment names")
    commands.add_parser("compact", help="put what was indexed lately into the file that matches read")
    given = parser.parse_args(arguments)
    # One thread: a container has one core, and threads that wait for a core burn it. Read when numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if given.command == "evaluate":
        return _evaluate(given)
    return _ending(_match if given.command == "match" else _compact)


def _ending(run: Callable[[], None]) -> int:
    """Run, and return 0, 1 (another try may work) or 2 (it will not). No text of a ticket is printed."""
    try:
        run()
    except (InvalidInputError, NotFoundError, ConflictError, ConfigurationError) as error:
        print(f"refused: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    except Exception as error:
        told = str(error) if isinstance(error, SignalboxError) else ""
        where = traceback.extract_tb(error.__traceback__)[-1]
        print(f"failed: {type(error).__name__} in {where.name}: {told}", file=sys.stderr)
        return 1
    return 0


def _match() -> None:
    from rag_engine.match import match

    match()


def _compact() -> None:
    from rag_engine.index_store import IndexStore

    model = embedding_model("EMBEDDING_MODEL")
    with tempfile.TemporaryDirectory(prefix="rag-index-") as scratch:
        store = IndexStore(setting("INDEX_BUCKET"), model.model_id, model.dimension, Path(scratch))
        print(f"{store.compact()} solved tickets in the index's file")


def _evaluate(given: argparse.Namespace) -> int:
    from rag_engine.evaluate import evaluate
    from rag_engine.index_store import IndexStore
    from rag_engine.promotion import ModelFile, promote
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
    if given.model:
        kept = ModelFile(given.model)
        return promote(evaluation, corpus, kept.current, kept.use)
    if given.promote:
        store = IndexStore(setting("INDEX_BUCKET"), model.model_id, model.dimension, Path())
        return promote(evaluation, corpus, store.model, store.promote)
    return 0


if __name__ == "__main__":
    sys.exit(main())
