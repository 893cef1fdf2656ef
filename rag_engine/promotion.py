"""Keeps the model in use in a file, and lets a new one in only when it is not worse."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from chalicelib.tickets.domain.matching.model import as_json, from_json
from rag_engine.corpus import Corpus
from rag_engine.evaluate import Evaluation, refusal


def promote(evaluation: Evaluation, corpus: Corpus, path: Path) -> int:
    """Write the evaluated model to ``path`` unless the one there is better; return the exit status."""
    if path.exists():
        try:
            current = from_json(json.loads(path.read_bytes()))
        except (ValueError, KeyError, TypeError) as error:
            print(f"{path} holds no model this engine reads, and is replaced: {error}")
        else:
            reason = refusal(evaluation, current, corpus)
            if reason:
                print(f"not promoted, {current.model_id} stays: {reason}", file=sys.stderr)
                return 1
    written = path.with_suffix(path.suffix + ".new")
    written.write_text(json.dumps(as_json(evaluation.model), indent=1) + "\n")
    written.replace(path)
    print(f"promoted: {evaluation.model.model_id} is the model in use")
    return 0
