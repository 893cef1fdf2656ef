"""How well the priority model orders and means its scores, on a real campaign: ``python -m benchmarks.priority``.

41,188 calls of a bank's telephone campaign in the order of time (Moro, Cortez, Rita 2014; UCI 222, CC BY 4.0),
read from ``../shared/data``; the duration of a call, known only after it, is never used. Settings are chosen
inside the calls learned from, by the trainer's own validation. One figure a line, with its bar; exits 1 when
one is missed. On a busy machine set OPENBLAS_NUM_THREADS=1: threads that wait for a core burn it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from chalicelib.campaigns.training.choose import choose, fit_model, random_folds
from chalicelib.campaigns.training.history import History, Layout, read
from chalicelib.campaigns.training.train import LEARNED_SHARE, Measured, measured

DATA = Path(__file__).resolve().parents[1] / "../shared/data/campaigns/bank-additional-full.csv.gz"
LAYOUT = Layout(target="y", delimiter=";", drop=frozenset({"duration"}), missing={"pdays": "999"})
FOLDS = 5
RANDOM_BAR = 0.79
TIME_BAR = 0.75
LEAK = 0.85
"""An AUC above this at random means something known only after the call was used."""


def main() -> int:
    """Print the figures and return the exit code."""
    if not DATA.exists():
        print(f"priority: skipped, {DATA} is absent")
        return 0
    history = read(DATA, LAYOUT)
    at_random, by_time = _random(history), _by_time(history)
    leaked = at_random.auc > LEAK
    checks = [
        ("AUC, random 5-fold", at_random, RANDOM_BAR),
        ("AUC, first 80 % to last 20 %", by_time, TIME_BAR),
    ]
    for name, found, bar in checks:
        print(f"{name}: {found.auc:.4f} (bar {bar}) {'ok' if found.auc >= bar else 'MISSED'}")
    for name, found, _ in checks:
        print(f"calibration error, {name[5:]}: {found.calibration_error:.4f}; log loss {found.log_loss:.4f}")
        for row in found.reliability:
            print(f"  {row.calls:>6} calls  said {row.said:.3f}  happened {row.happened:.3f}")
    if leaked:
        print(f"AUC above {LEAK}: the outcome leaked into the features")
    return 0 if not leaked and all(found.auc >= bar for _, found, bar in checks) else 1


def _random(history: History) -> Measured:
    """Return the measures over all calls, each scored by the fold that did not learn from it."""
    scores = np.zeros(len(history))
    for seed, (past, later) in enumerate(random_folds(len(history), FOLDS, seed=0)):
        learned = history.part(past)
        settings = choose(learned, in_time_order=False, seed=seed).settings
        scores[later] = fit_model(learned, settings).scores(history.part(later))
    return measured(history.reached, scores)


def _by_time(history: History) -> Measured:
    mark = int(len(history) * LEARNED_SHARE)
    past, later = history.part(range(mark)), history.part(range(mark, len(history)))
    settings = choose(past).settings
    print(f"settings chosen by the first calls: {settings}")
    return measured(later.reached, fit_model(past, settings).scores(later))


if __name__ == "__main__":
    sys.exit(main())
