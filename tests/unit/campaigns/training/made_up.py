"""A made-up history whose truth is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from chalicelib.campaigns.training.history import History, Row


def history(calls: int = 1_500, seed: int = 0) -> History:
    """Return calls that nurses and the old answer more often; ``rate`` follows the calendar and says nothing."""
    dice = np.random.default_rng(seed)
    rows: list[Row] = []
    reached = np.zeros(calls)
    for i in range(calls):
        age, job = float(dice.integers(18, 90)), str(dice.choice(["nurse", "pilot", "clerk"]))
        logit = -1.0 + 0.04 * (age - 50) + (1.2 if job == "nurse" else 0.0)
        reached[i] = dice.random() < 1 / (1 + np.exp(-logit))
        row: Row = {"age": age, "job": job, "rate": float(i // 100)}
        if i % 10 == 0:
            del row["age"]
        rows.append(row)
    return History(rows, reached)


def as_jsonl(made: History, path: Path) -> Path:
    """Write it as a campaign's own history."""
    records = ({"features": row, "reached": bool(yes)} for row, yes in zip(made.rows, made.reached, strict=True))
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path
