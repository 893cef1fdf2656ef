"""The parts of ``daily-analysis``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.config import optional_setting, setting
from chalicelib.retail.wiring.uploads import daily_facts, upload_records

if TYPE_CHECKING:
    from chalicelib.retail.ports.reports import Memory, ReportLog, Shelf
    from chalicelib.retail.service import mornings
    from chalicelib.retail.service.analyzing.ports import Ports as AnalyzingPorts
    from chalicelib.retail.service.reporting.asking import Ports as AskingPorts
    from chalicelib.retail.service.reporting.writing import Ports as WritingPorts


def bucket() -> str:
    """Return the retail bucket's name."""
    return setting("RETAIL_BUCKET")


def shelf() -> Shelf:
    """Return the analysis's files."""
    from chalicelib.retail.adapters.s3_shelf import S3Shelf

    return S3Shelf(bucket())


def report_log() -> ReportLog:
    """Return which reports there are."""
    from chalicelib.retail.adapters.dynamo_reports import DynamoReportLog

    return DynamoReportLog(setting("SALES_REPORTS_TABLE"))


def memory() -> Memory:
    """Return known events and answers."""
    from chalicelib.retail.adapters.dynamo_reports import DynamoMemory

    return DynamoMemory(setting("SALES_REPORTS_TABLE"))


def zone() -> str:
    """Return the zone whose midnight ends a business day."""
    return optional_setting("SALES_ZONE", "UTC")


def currency() -> str:
    """Return the ISO code of all money."""
    return optional_setting("SALES_CURRENCY", "USD")


def morning() -> mornings.Ports:
    """Return what reading and counting need."""
    from chalicelib.retail.service import mornings

    return mornings.Ports(daily_facts(), upload_records(), shelf(), zone())


def analysis() -> AnalyzingPorts:
    """Return what the analysis needs."""
    from chalicelib.core.ai import text_model
    from chalicelib.retail.service.analyzing.ports import Ports

    return Ports(shelf(), memory(), report_log(), text_model("SALES_TEXT_MODEL"), currency())


def report_writing() -> WritingPorts:
    """Return what writing a report needs."""
    from chalicelib.retail.adapters.report_pages import PagePrinter
    from chalicelib.retail.service.reporting.writing import Ports

    return Ports(shelf(), report_log(), PagePrinter())


def report_asking() -> AskingPorts:
    """Return what asking for reports needs."""
    from chalicelib.retail.adapters.analysis_runs import StepFunctionsAnalysisRuns
    from chalicelib.retail.service.reporting.asking import Ports

    runs = StepFunctionsAnalysisRuns(setting("DAILY_ANALYSIS_ARN"))
    return Ports(shelf(), report_log(), memory(), runs, zone())
