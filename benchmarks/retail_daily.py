"""What a morning of 10,000 stores costs: ``python -m benchmarks.retail_daily``.

60 days of 10,000 stores, the last day's two million lines of 200 products, the days before as they are kept. What
comes over the wire is made beforehand and stubbed; CPU seconds of each function are measured, printing included.
``python -m benchmarks.retail_alerts`` measures what the findings are worth.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.core.ai.embedded import TemplateTextModel
from chalicelib.core.clock import FixedClock
from chalicelib.retail.adapters.report_pages import PagePrinter
from chalicelib.retail.domain.books import HISTORY_DAYS
from chalicelib.retail.domain.facts import ProductSheet, StoreDay
from chalicelib.retail.service import exporting, mornings
from chalicelib.retail.service.analyzing import steps
from chalicelib.retail.service.analyzing.ports import Ports as AnalyzingPorts
from chalicelib.retail.service.reporting import writing
from tests.fakes.retail.reports import FakeDailyFacts, FakeMemory, FakeReportLog, FakeShelf
from tests.fakes.retail.upload_desk import FakeUploadRecords

STORES, PRODUCTS = 10_000, 200
LAST = date(2025, 1, 15)
NOON = int(datetime(2025, 1, 16, 3, tzinfo=UTC).timestamp())
SAMPLED_STORES = 20
"""Stores whose sheets stand for all on the days before the last: their digests are made, not measured."""


def main() -> None:
    """Measure and print."""
    facts, shelf = FakeDailyFacts(), FakeShelf()
    _make(facts)
    run = _Run(facts, shelf)
    _keep_digests(run, facts)
    total = 0.0
    for name, seconds in run.morning():
        total += seconds
        print(f"{name:28}{seconds:8.2f} s CPU")
    print(
        f"{'all functions':28}{total:8.2f} s CPU for {STORES:,} stores x {HISTORY_DAYS} days x {PRODUCTS} products"
    )


class _Run:
    """One morning, function by function."""

    def __init__(self, facts: FakeDailyFacts, shelf: FakeShelf) -> None:
        self.ports = mornings.Ports(facts, FakeUploadRecords(), shelf, "UTC")
        self.shelf = shelf
        self.log = FakeReportLog()
        self.analysis = AnalyzingPorts(shelf, FakeMemory(), self.log, TemplateTextModel(), "USD")
        self.clock = FixedClock(datetime(2025, 1, 16, 6, tzinfo=UTC))

    def begin(self) -> dict[str, Any]:
        event = {"input": {}, "executionArn": "arn:bench", "startedAt": "2025-01-16T06:00:00Z"}
        return mornings.get_store_summaries(event, self.ports, self.clock)

    def morning(self) -> list[tuple[str, float]]:
        """Return (function, CPU seconds) in order."""
        spent: list[tuple[str, float]] = []

        def timed(name: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
            before = time.process_time()
            result = work()
            spent.append((name, time.process_time() - before))
            return result

        state: dict[str, Any] = timed("get-store-summaries", self.begin)
        base = {"run": state["run"], "storeSummaries": state["storeSummaries"], "model": True}
        company = timed("calc-company-metrics", lambda: mornings.calc_company_metrics(base, self.ports))
        products = timed("calc-product-metrics", lambda: mornings.calc_product_metrics(base, self.ports))
        found = timed("detect-anomalies", lambda: steps.detect_anomalies(base, self.analysis))
        moves = timed("analyze-trends", lambda: steps.analyze_trends(base, self.analysis))
        whole = base | {"companyMetrics": company, "productMetrics": products}
        whole["analysis"] = {"anomalies": found, "trends": moves}
        whole["recommendations"] = timed(
            "generate-recommendations", lambda: steps.generate_recommendations(whole, self.analysis)
        )
        whole["insights"] = timed("combine-insights", lambda: steps.combine_insights(whole, self.analysis))
        printing = writing.Ports(self.shelf, self.log, PagePrinter())
        timed("generate-report", lambda: writing.generate_report(whole, printing))
        timed("export-to-quicksight", lambda: exporting.export_to_quicksight(whole, self.shelf, "bucket"))
        return spent


def _make(facts: FakeDailyFacts) -> None:
    chance = random.Random(1)
    names = [f"P{n:03}" for n in range(PRODUCTS)]
    categories: list[str | None] = [f"C{n % 20}" for n in range(PRODUCTS)]
    prices = [99 + 13 * n for n in range(PRODUCTS)]
    nothing = [0] * PRODUCTS
    units = [[chance.randint(1, 9) for _ in range(PRODUCTS)] for _ in range(50)]
    for back in range(HISTORY_DAYS + 1):
        day = LAST - timedelta(days=back)
        for number in range(STORES):
            store = f"S{number:05}"
            gross = round(2_000_000 * (1 + 0.3 * (day.weekday() > 4)) * chance.gauss(1, 0.15))
            facts.days[store, day] = StoreDay(
                store, day, 1000, 3, gross, 900, 0, gross // 2, gross, 300, PRODUCTS, True, 1,
                NOON - 86400 * back, ("u",),
            )  # fmt: skip
            if back == 0 or number < SAMPLED_STORES:
                pieces = units[(number + back) % len(units)]
                money = [n * price for n, price in zip(pieces, prices, strict=True)]
                facts.sheets[store, day] = ProductSheet(
                    store, day, "u", 1, 0, names, categories, pieces, nothing, money,
                    nothing, nothing, nothing, nothing,
                )  # fmt: skip


def _keep_digests(run: _Run, facts: FakeDailyFacts) -> None:
    """Let the days before the last be boiled down already, as they are on any morning but the first."""
    last = {key: facts.sheets.pop(key) for key in list(facts.sheets) if key[1] == LAST}
    state = run.begin()
    mornings.calc_product_metrics(state, run.ports)
    run.shelf.files = {
        key: body for key, body in run.shelf.files.items() if key != mornings.digest_key(LAST.isoformat())
    }
    facts.sheets.update(last)


if __name__ == "__main__":
    main()
