"""The command line; see the package."""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from rag_engine.index_store import IndexStore


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    given = _parser().parse_args(arguments)
    # One thread: a container has one core, and threads that wait for a core burn it. Read when numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    run = {"evaluate": _evaluate, "match": _match, "compact": _compact, "fill": _fill}[given.command]
    return _ending(lambda: run(given))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rag_engine",
        description="The tickets desk's matching engine. Exit status: 0 done, 1 failed or worse, 2 refused.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    evaluating = commands.add_parser(
        "evaluate",
        help="replay history, print figures beside a baseline, promote a model that is not worse",
        description="Cut the tickets into 11 blocks, learn from the first and recommend for the second, and so "
        "on; print how often the solver was among the first 1, 3, 5 and 10, and how honest the confidence was.",
        epilog='A line of TICKETS: {"text": "Replica lags", "solver": "cre001", "component": "db"}. '
        'Instead of "text" also "subject", "description", "product", "tags". Any other text or number is a field '
        "to learn from. At least 22 tickets, and 110 for a model to be promoted.",
    )
    history = evaluating.add_mutually_exclusive_group(required=True)
    history.add_argument("tickets", type=Path, nargs="?", help="solved tickets, JSON lines, may be gzipped")
    history.add_argument(
        "--from-index", action="store_true", help="the solved tickets of the index in INDEX_BUCKET"
    )
    evaluating.add_argument(
        "--half-life",
        type=_positive,
        default=1_500,
        metavar="TICKETS",
        help="of the baseline (default: %(default)s)",
    )
    place = evaluating.add_mutually_exclusive_group()
    place.add_argument(
        "--model", type=_model_file, metavar="FILE", help="the model in use; one that is not worse replaces it"
    )
    place.add_argument("--promote", action="store_true", help="the same, of the model in INDEX_BUCKET")
    commands.add_parser("match", help="recommend experts for the ticket that the environment names")
    commands.add_parser("compact", help="put what was indexed lately into the file that matches read")
    commands.add_parser("fill", help="put every solved ticket into the index that VECTOR_INDEX names, anew")
    return parser


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number")
    return number


def _model_file(text: str) -> Path:
    """Return where the model is to be written; better refused now than after minutes of work."""
    path = Path(text)
    if path.is_dir() or not path.resolve().parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no file in a folder that is there")
    return path


def _ending(run: Callable[[], int]) -> int:
    """Run, and return what it returns, 1 where another try may work and 2 where it will not.

    No text of a ticket is printed: of an error that is not ours its kind, and which call failed by which code.
    """
    try:
        return run()
    except (InvalidInputError, NotFoundError, ConflictError, ConfigurationError) as error:
        print(f"refused: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    except Exception as error:
        print(f"failed: {type(error).__name__} in {_place(error)}: {_told(error)}", file=sys.stderr)
        return 1


def _told(error: Exception) -> str:
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, ClientError):
        return f"{error.operation_name}: {error.response.get('Error', {}).get('Code', 'no code')}"
    return str(error) if isinstance(error, SignalboxError | BotoCoreError) else ""


def _place(error: Exception) -> str:
    """Return the name of our own function that was at work."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame.name for frame in frames if {"rag_engine", "chalicelib"} & set(Path(frame.filename).parts)]
    return (ours or ["main"])[-1]


def _match(_given: argparse.Namespace) -> int:
    from rag_engine.match import match

    match()
    return 0


def _compact(_given: argparse.Namespace) -> int:
    from rag_engine.outside import opened

    with tempfile.TemporaryDirectory(prefix="rag-index-") as scratch, opened() as outside:
        store = _store(Path(scratch))
        if outside is not None:
            outside.upsert(store.load().news)  # no match sends what is in the file
        print(f"{store.compact()} solved tickets in the index's file")
    return 0


def _fill(_given: argparse.Namespace) -> int:
    from rag_engine.outside import fill, opened

    with tempfile.TemporaryDirectory(prefix="rag-index-") as scratch, opened() as outside:
        count = fill(outside, _store(Path(scratch)).load().index)
    print(f"{count} solved tickets put into the index that VECTOR_INDEX names")
    return 0


def _store(scratch: Path) -> IndexStore:
    from rag_engine.index_store import IndexStore

    model = embedding_model("EMBEDDING_MODEL")
    return IndexStore(setting("INDEX_BUCKET"), model.model_id, model.dimension, scratch)


def _evaluate(given: argparse.Namespace) -> int:
    what = given.tickets or "the index"
    try:
        with tempfile.TemporaryDirectory(prefix="rag-index-") as scratch:
            return _evaluated(given, Path(scratch))
    except InvalidInputError as error:
        print(
            f"cannot evaluate {what}:",
            *(f"{one.path}: {one.message}".removeprefix(": ") for one in error.problems),
            sep="\n  ",
            file=sys.stderr,
        )
    except OSError as error:
        print(f"cannot evaluate {what}: {error}", file=sys.stderr)
    return 2


def _evaluated(given: argparse.Namespace, scratch: Path) -> int:
    from rag_engine.evaluate import evaluate
    from rag_engine.fields import usable_fields_of
    from rag_engine.promotion import ModelFile, promote
    from rag_engine.tickets_file import read

    model = embedding_model("EMBEDDING_MODEL")
    if given.from_index:
        corpus = _store(scratch).load().index.corpus
        fields, notes = usable_fields_of(corpus)
    else:
        file = read(given.tickets, model)
        corpus, fields, notes = file.corpus, file.fields, file.notes
    print(*notes, sep="\n", flush=True)
    evaluation = evaluate(
        corpus,
        fields,
        half_life=given.half_life,
        now=clock.current().now(),
        embedding=model.model_id,
        told=lambda line: print(line, flush=True),
    )
    if given.model:
        kept = ModelFile(given.model)
        return promote(evaluation, corpus, kept.current, kept.use)
    if given.promote:
        store = _store(scratch)
        return promote(evaluation, corpus, store.model, store.promote)
    return 0


if __name__ == "__main__":
    sys.exit(main())
