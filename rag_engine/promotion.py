"""Lets a new model into use only when it is not worse than the one in use, which lies in a file or in S3."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from chalicelib.tickets.domain.matching.model import MatchingModel, as_json, from_json
from rag_engine.corpus import Corpus
from rag_engine.evaluate import Evaluation, refusal


def promote(
    evaluation: Evaluation,
    corpus: Corpus,
    current: Callable[[], MatchingModel | None],
    use: Callable[[MatchingModel], None],
) -> int:
    """Put the evaluated model into use unless the current one is better; return the exit status."""
    try:
        before = current()
    except (ValueError, KeyError, TypeError) as error:
        print(f"the model in use cannot be read, and is replaced: {error}")
        before = None
    if reason := refusal(evaluation, before, corpus):
        stays = f", {before.model_id} stays" if before is not None else ""
        print(f"not promoted{stays}: {reason}", file=sys.stderr)
        return 1
    use(evaluation.model)
    print(f"promoted: {evaluation.model.model_id} is the model in use")
    return 0


class ModelFile:
    """The model in use, in a file of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def current(self) -> MatchingModel | None:
        """Return the model in use, None when there is none yet."""
        return from_json(json.loads(self._path.read_bytes())) if self._path.exists() else None

    def use(self, model: MatchingModel) -> None:
        """Put the model into use."""
        written = self._path.with_suffix(self._path.suffix + ".new")
        written.write_text(json.dumps(as_json(model), indent=1) + "\n")
        written.replace(self._path)
