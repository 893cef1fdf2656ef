"""How fast the guard is, and how well the win model means its chances: ``python -m benchmarks.opportunities``.

Guard: every good query of the tests, after import. Win model: the sales pipeline below ``../shared/data``
(fictitious, with no signal in it; skipped where it is absent), and generated sales with and without a planted
signal. One figure a line, with its bar; exits 1 when one is missed.
"""

from __future__ import annotations

import csv
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.win_model import calibration_error, log_loss
from chalicelib.opportunities.adapters.data_files import catalogue
from chalicelib.opportunities.adapters.sqlglot_guard import SqlglotGuard
from chalicelib.opportunities.domain.history import Deal, deals
from chalicelib.opportunities.domain.winning import WinModel, learn
from chalicelib.opportunities.errors import UnsafeQueryError
from chalicelib.opportunities.service.analyzing import usable
from localcloud.demos.sales_history import SalesHistory, sales_history
from tests.unit.opportunities.guard.analyst_queries import ANALYST_QUERIES
from tests.unit.opportunities.guard.disguises import DISGUISES, PLAIN_FORMS
from tests.unit.opportunities.guard.fresh_queries import FRESH_QUERIES
from tests.unit.opportunities.guard.good_queries import GOOD as FIRST_QUERIES
from tests.unit.opportunities.guard.test_attacks import ATTACKS
from tests.unit.opportunities.guard.third_queries import THIRD_QUERIES

DATA = Path(__file__).resolve().parents[1] / "../shared/data/opportunities/maven"
TABLES = ("sales_pipeline", "accounts", "products", "sales_teams")
GOOD = [*FIRST_QUERIES, *ANALYST_QUERIES, *FRESH_QUERIES, *THIRD_QUERIES]
GUARD_BAR_MS = 5.0
BASE_RATE, LOSS_BAR, CALIBRATION_BAR = 0.632, 0.02, 0.03
LEARNED, SCORED = 8_000, 20_000


def main() -> int:
    """Print the figures and return the exit code."""
    return 0 if all([*_guard(), *_real(), *_generated()]) else 1


def _guard() -> list[bool]:
    guard = SqlglotGuard(catalogue(), last_year=2026)
    passed = sum(_passes(guard, sql) for family in ATTACKS.values() for sql in family)
    refused = sum(not _passes(guard, sql) for sql in GOOD)
    believed = sum(_shows_revenue(guard, sql) for sql in DISGUISES)
    doubted = sum(not _shows_revenue(guard, sql) for sql in PLAIN_FORMS)
    milliseconds = []
    for sql in GOOD * 3:
        started = time.thread_time()
        guard.check(sql)
        milliseconds.append(1_000 * (time.thread_time() - started))
    attacks = sum(map(len, ATTACKS.values()))
    mean, slow = statistics.mean(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]
    return [
        _line(f"guard: of {attacks} attacks in {len(ATTACKS)} families passed", passed, "0", passed == 0),
        _line(f"guard: of {len(GOOD)} good queries refused", refused, "0", refused == 0),
        _line(f"guard: of {len(DISGUISES)} disguises of the end believed", believed, "0", believed == 0),
        _line(f"guard: of {len(PLAIN_FORMS)} plain columns not believed", doubted, "0", doubted == 0),
        _line("guard: ms of one core a query, mean", mean, f"< {GUARD_BAR_MS}", mean < GUARD_BAR_MS),
        _line("guard: ms of one core, 95 of 100 below", slow, "-", True),
    ]


def _passes(guard: SqlglotGuard, sql: str) -> bool:
    try:
        guard.check(sql)
    except UnsafeQueryError:
        return False
    return True


def _shows_revenue(guard: SqlglotGuard, sql: str) -> bool:
    """Say whether a query's ``revenue`` is taken for the customer's, which is known at creation."""
    safe = guard.check(sql, frozenset({"customer"}))
    return ("revenue", "accounts.revenue") in zip(safe.columns, safe.origins, strict=True)


def _real() -> list[bool]:
    if not DATA.exists():
        print(f"opportunities: the real pipeline is skipped, {DATA} is absent")
        return []
    tables: dict[str, Any] = {name: list(csv.DictReader((DATA / f"{name}.csv").open())) for name in TABLES}
    history = _joined(SalesHistory(**tables))
    mark = len(history) * 4 // 5
    model, whole = _learned(history[:mark]), _learned(history)
    later = history[mark:]
    base = _loss([model.base_rate] * len(later), later)
    apart = abs(_loss([model.chance(deal.row) for deal in later], later) - base)
    print(f"real pipeline: {len(history)} closed; {whole.evidence.why}")
    return [
        _line("real pipeline: signal claimed", whole.has_signal, "False", not whole.has_signal),
        _line(
            "real pipeline: base rate", whole.base_rate, f"{BASE_RATE}", abs(whole.base_rate - BASE_RATE) < 5e-4
        ),
        _line("real pipeline: log loss from the base rate's", apart, f"< {LOSS_BAR}", apart < LOSS_BAR),
    ]


def _generated() -> list[bool]:
    results = []
    for seed in (1, 2, 3):
        history = _joined(sales_history(LEARNED + SCORED, seed=seed))
        started = time.thread_time()
        model = _learned(history[:LEARNED])
        seconds = time.thread_time() - started
        later = history[LEARNED:]
        said = [model.chance(deal.row) for deal in later]
        error = calibration_error(said, [deal.won for deal in later])
        gained = _loss([model.base_rate] * len(later), later) - _loss(said, later)
        print(
            f"planted signal, seed {seed}: learned in {seconds:.2f} s of one core from {', '.join(model.columns)}"
        )
        results += [
            _line(f"planted signal, seed {seed}: found", model.has_signal, "True", model.has_signal),
            _line(f"planted signal, seed {seed}: log loss gained", gained, "> 0", gained > 0),
            _line(
                f"planted signal, seed {seed}: calibration error",
                error,
                f"< {CALIBRATION_BAR}",
                error < CALIBRATION_BAR,
            ),
        ]
    claimed = sum(_learned(_joined(sales_history(2_400, seed=seed, signal=0.0))).has_signal for seed in range(20))
    return [*results, _line("luck alone: signals claimed in 20 histories", claimed, "0 or 1", claimed <= 1)]


def _learned(history: Sequence[Deal]) -> WinModel:
    return learn([d.row for d in history], [d.won for d in history], usable(list(history), catalogue()))


def _joined(history: SalesHistory) -> list[Deal]:
    """Return closed opportunities, oldest first, each with what belongs to its customer, product and agent."""
    accounts = {one["account"]: one for one in history.accounts}
    products = {one["product"]: one for one in history.products}
    teams = {one["sales_agent"]: one for one in history.sales_teams}
    return deals(
        {
            **accounts.get(row["account"], {}),
            **products.get(row["product"], {}),
            **teams.get(row["sales_agent"], {}),
            **row,
        }
        for row in history.sales_pipeline
    )


def _loss(said: Sequence[float], happened: Sequence[Deal]) -> float:
    return log_loss(said, [deal.won for deal in happened])


def _line(name: str, found: float | bool, bar: str, ok: bool) -> bool:
    shown = f"{found:.4f}" if isinstance(found, float) else str(found)
    print(f"{name}: {shown} (bar {bar}) {'ok' if ok else 'MISSED'}")
    return ok


if __name__ == "__main__":
    sys.exit(main())
