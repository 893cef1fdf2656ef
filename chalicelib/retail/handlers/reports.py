"""The room's doors with a Lambda of their own: the tasks of ``daily-analysis``."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint

from chalicelib.core import clock
from chalicelib.core.task import task
from chalicelib.retail.wiring import reports as wiring

bp = Blueprint(__name__)


@bp.lambda_function(name="get-store-summaries")
@task
def get_store_summaries(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Read every store's last days: ``{"input", "executionArn", "startedAt"}`` to ``{"run", ...}``."""
    from chalicelib.retail.service import mornings

    return mornings.get_store_summaries(event, wiring.morning(), clock.current())


@bp.lambda_function(name="calc-company-metrics")
@task
def calc_company_metrics(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Count the company's figures: ``{"run", "storeSummaries"}`` to a parcel."""
    from chalicelib.retail.service import mornings

    return mornings.calc_company_metrics(event, wiring.morning())


@bp.lambda_function(name="calc-product-metrics")
@task
def calc_product_metrics(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Count the products' figures: ``{"run", "storeSummaries"}`` to a parcel."""
    from chalicelib.retail.service import mornings

    return mornings.calc_product_metrics(event, wiring.morning())


@bp.lambda_function(name="detect-anomalies")
@task
def detect_anomalies(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Find what is unusual: ``{"run", "storeSummaries", "model"}`` to a part with ``findings``."""
    from chalicelib.retail.service.analyzing import steps

    return steps.detect_anomalies(event, wiring.analysis())


@bp.lambda_function(name="analyze-trends")
@task
def analyze_trends(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Find what rises or falls: ``{"run", "storeSummaries", "model"}`` to a part with ``trends``."""
    from chalicelib.retail.service.analyzing import steps

    return steps.analyze_trends(event, wiring.analysis())


@bp.lambda_function(name="generate-recommendations")
@task
def generate_recommendations(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Say what to do: ``{"run", "analysis", "model"}`` to ``{"available", "modelUsed", "recommendations"}``."""
    from chalicelib.retail.service.analyzing import steps

    return steps.generate_recommendations(event, wiring.analysis())


@bp.lambda_function(name="combine-insights")
@task
def combine_insights(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Put everything together: the whole state to ``{"report", "modelErrors", "summary", ...}``."""
    from chalicelib.retail.service.analyzing import steps

    return steps.combine_insights(event, wiring.analysis())


@bp.lambda_function(name="generate-report")
@task
def generate_report(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Write the report: ``{"run", "storeSummaries", "insights"}`` to ``{"send", "subject", "message", ...}``."""
    from chalicelib.retail.service.reporting import writing

    return writing.generate_report(event, wiring.report_writing())


@bp.lambda_function(name="export-to-quicksight")
@task
def export_to_quicksight(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Write the day's tables: ``{"run", "storeSummaries", "insights"}`` to ``{"rows", "manifests", "schema"}``."""
    from chalicelib.retail.service import exporting

    return exporting.export_to_quicksight(event, wiring.shelf(), wiring.bucket())
