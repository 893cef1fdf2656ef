"""How often the right expert is among the first, how honest the confidence is: ``python -m benchmarks.tickets``.

Two public histories, read from ``../shared/data`` and skipped where it is absent: 12,000 bug reports of Firefox
and 8,925 commits of Kafka, in the order of time, cut into 11 blocks; rag_engine/replay.py says what is learnt
when. The baseline is measured in the same run. Then speed and size over 100,000 solved tickets. One figure a line,
with its bar; exits 1 when one is missed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tickets_scale import scale_checks
from chalicelib.core import clock
from chalicelib.core.ai.embedded import HashingEmbeddingModel
from rag_engine.evaluate import evaluate
from rag_engine.tickets_file import read

DATA = Path(__file__).resolve().parents[1] / "../shared/data/tickets"
CALIBRATION_BAR = 0.05


@dataclass(frozen=True, slots=True)
class Bar:
    """A public history and what is to be reached on it."""

    file: str
    half_life: float
    """Of the baseline, in tickets."""
    top: dict[str, float]


BARS = (
    Bar("firefox.jsonl.gz", 1_500, {"3": 0.45, "10": 0.68}),
    Bar("kafka.jsonl.gz", 1_000, {"3": 0.35}),
)


def main() -> int:
    """Print the figures and return the exit code."""
    reached = [_measured(bar) for bar in BARS]
    for line, is_reached in scale_checks():
        print(line, flush=True)
        reached.append(is_reached)
    return 0 if all(reached) else 1


def _measured(bar: Bar) -> bool:
    path = DATA / bar.file
    if not path.exists():
        print(f"{bar.file}: skipped, {path} is absent")
        return True
    print(f"-- {bar.file}")
    model = HashingEmbeddingModel()
    history = read(path, model)
    evaluation = evaluate(
        history.corpus,
        history.fields,
        half_life=bar.half_life,
        now=clock.current().now(),
        embedding=model.model_id,
        told=lambda line: print(line, flush=True),
    )
    figures = evaluation.model.figures
    if figures is None:
        return False
    reached = True
    for depth, least in bar.top.items():
        is_reached = figures.top[depth] >= least
        print(f"top-{depth} {figures.top[depth]:.3f}, bar {least}: {'reached' if is_reached else 'MISSED'}")
        reached = reached and is_reached
    is_reached = figures.calibration_error < CALIBRATION_BAR
    said = "reached" if is_reached else "MISSED"
    print(f"calibration error {figures.calibration_error:.3f}, bar below {CALIBRATION_BAR}: {said}")
    return reached and is_reached


if __name__ == "__main__":
    sys.exit(main())
