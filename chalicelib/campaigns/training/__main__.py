"""``python -m chalicelib.campaigns.training HISTORY --out model.json [options]``.

Writes the model only when it is no worse, on the latest fifth of the calls, than the one in use: ``--current``,
else what ``--out`` holds, else the documented prior. A model that was trained on those very calls has the
advantage. Exit codes: 0 written, 1 worse and not written, 2 bad input.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib.campaigns.domain.priority import PRIOR, Model, from_json, to_json
from chalicelib.campaigns.training.history import Layout, read
from chalicelib.campaigns.training.train import Measured, train
from chalicelib.core.errors import InvalidInputError

WRITTEN, WORSE, BAD_INPUT = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, say how good it is, and write the model unless it is worse."""
    options = _options(arguments)
    try:
        history = read(options.history, _layout(options))
        current, name = _current(options)
        trained = train(history, current)
    except (InvalidInputError, OSError, ValueError) as error:
        print(f"training: {error}", file=sys.stderr)
        return BAD_INPUT
    print(f"calls {len(history)}, reached {int(history.reached.sum())}; settings {trained.settings}")
    _say("the new model on the latest fifth", trained.candidate)
    _say(f"{name} on the same calls", trained.current)
    if trained.is_worse:
        print(f"training: not written: the new model orders calls worse than {name}", file=sys.stderr)
        return WORSE
    options.out.write_text(json.dumps(to_json(trained.model), indent=1) + "\n")
    print(f"written to {options.out}")
    return WRITTEN


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chalicelib.campaigns.training", description=__doc__)
    parser.add_argument("history", type=Path, help="calls in the order of time: .jsonl or .csv, also .gz")
    parser.add_argument("--out", type=Path, required=True, help="where the model goes")
    parser.add_argument("--current", type=Path, help="the model in use, to compare with")
    parser.add_argument("--target", default="reached", help="the column that says whether a call reached somebody")
    parser.add_argument("--positive", default="yes", help="its value when it did")
    parser.add_argument("--delimiter", default=",", help="of a CSV file")
    parser.add_argument(
        "--drop", action="append", default=[], metavar="COLUMN", help="a column known after the call"
    )
    parser.add_argument(
        "--missing", action="append", default=[], metavar="COLUMN=VALUE", help="a value for unknown"
    )
    return parser.parse_args(arguments)


def _layout(options: argparse.Namespace) -> Layout:
    pairs = [pair.partition("=") for pair in options.missing]
    missing = {column: value for column, _, value in pairs}
    return Layout(options.target, options.positive, options.delimiter, frozenset(options.drop), missing)


def _current(options: argparse.Namespace) -> tuple[Model, str]:
    path = options.current or (options.out if options.out.exists() else None)
    if path is None:
        return PRIOR, "the prior"
    return from_json(json.loads(path.read_text())), str(path)


def _say(name: str, found: Measured) -> None:
    gap = found.calibration_error
    print(f"{name}: AUC {found.auc:.4f}, log loss {found.log_loss:.4f}, calibration error {gap:.4f}")
    for row in found.reliability:
        print(f"  {row.calls:>7} calls  said {row.said:.3f}  happened {row.happened:.3f}")


if __name__ == "__main__":
    sys.exit(main())
