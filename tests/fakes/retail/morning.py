"""A morning on the virtual clock: the real definition, the real services, everything outside of them in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.core.ai import TextModel
from chalicelib.core.ai.embedded import TemplateTextModel
from chalicelib.core.clock import FixedClock
from chalicelib.retail.ports.reports import ReportPrinter
from chalicelib.retail.service import exporting, mornings
from chalicelib.retail.service.analyzing import steps
from chalicelib.retail.service.analyzing.ports import Ports as AnalyzingPorts
from chalicelib.retail.service.reporting import writing
from localcloud.stepfunctions import Engine, Execution, Integrations, TaskCall, TaskError, VirtualTimeline
from tests.fakes.machine import function_of, invoked
from tests.fakes.retail.reports import FakeDailyFacts, FakeMemory, FakePrinter, FakeReportLog, FakeShelf
from tests.fakes.retail.upload_desk import FakeUploadRecords

DEFINITION = Path(__file__).resolve().parents[3] / "statemachines" / "daily-analysis.asl.json"
SIX_IN_THE_MORNING = datetime(2025, 1, 16, 6, tzinfo=UTC)
DAILY, ALERTS = "${DailyReportsArn}", "${SalesAlertsArn}"


class MorningSimulation(Integrations):
    """See the module's docstring."""

    def __init__(self, printer: ReportPrinter | None = None) -> None:
        self.facts = FakeDailyFacts()
        self.records = FakeUploadRecords()
        self.shelf = FakeShelf()
        self.log = FakeReportLog()
        self.memory = FakeMemory()
        self.models: dict[str, TextModel] = {}
        """Function -> its model, where it is not the template."""
        self.failing: Callable[[TaskCall], TaskError | None] = lambda call: None
        self.failing_after_work: Callable[[TaskCall], TaskError | None] = lambda call: None
        self.published: list[dict[str, Any]] = []
        self.largest_payload = 0
        self.printer = printer or FakePrinter()
        self.timeline = VirtualTimeline(SIX_IN_THE_MORNING.timestamp())
        self.engine = Engine(self.timeline, self)
        self.machine = self.engine.create_state_machine(
            "daily-analysis", DEFINITION.read_text(), role_arn="arn:aws:iam::123456789012:role/sales"
        )

    def run(self, **run_input: Any) -> Execution:
        """Run one morning to its end; without input the day before is reported."""
        execution = self.engine.start_execution(self.machine.arn, json.dumps(run_input))
        self.timeline.run_until_idle()
        return execution

    @property
    def mails(self) -> list[dict[str, Any]]:
        """What was mailed."""
        return [one for one in self.published if one["TopicArn"] == DAILY]

    @property
    def alerts(self) -> list[str]:
        """The events of the alerts."""
        return [
            one["MessageAttributes"]["event"]["StringValue"] for one in self.published if one["TopicArn"] == ALERTS
        ]

    def report(self, day: str = "2025-01-15") -> dict[str, Any]:
        """Return the report's data."""
        report = writing.read_report(day, self.shelf)
        assert report is not None
        return report

    # -- what the machine calls

    def call(self, call: TaskCall) -> Any:
        if (error := self.failing(call)) is not None:
            raise error
        answer = self._work(call)
        if (error := self.failing_after_work(call)) is not None:
            raise error
        return answer

    def _work(self, call: TaskCall) -> Any:
        if call.resource.startswith("arn:aws:states:::sns:publish"):
            self.published.append(dict(call.arguments))
            return {"MessageId": str(len(self.published))}
        self.largest_payload = max(self.largest_payload, len(json.dumps(call.arguments["Payload"])))
        return invoked(call, self._functions(function_of(call)))

    def _functions(self, name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        morning = mornings.Ports(self.facts, self.records, self.shelf, "UTC")
        model = self.models.get(name, TemplateTextModel())
        analysis = AnalyzingPorts(self.shelf, self.memory, self.log, model, "USD")
        clock = FixedClock(datetime.fromtimestamp(self.timeline.now(), UTC))
        return {
            "GetStoreSummaries": lambda event: mornings.get_store_summaries(event, morning, clock),
            "CalcCompanyMetrics": lambda event: mornings.calc_company_metrics(event, morning),
            "CalcProductMetrics": lambda event: mornings.calc_product_metrics(event, morning),
            "DetectAnomalies": lambda event: steps.detect_anomalies(event, analysis),
            "AnalyzeTrends": lambda event: steps.analyze_trends(event, analysis),
            "GenerateRecommendations": lambda event: steps.generate_recommendations(event, analysis),
            "CombineInsights": lambda event: steps.combine_insights(event, analysis),
            "GenerateReport": lambda event: writing.generate_report(
                event, writing.Ports(self.shelf, self.log, self.printer)
            ),
            "ExportToQuicksight": lambda event: exporting.export_to_quicksight(event, self.shelf, "sales"),
        }[name]
