"""The desk's doors with a Lambda of their own. Each parses, calls one service function, returns its result.

Tasks of all three machines      clear_previous_results, query_generation, data_retrieval, format_results
Task of ``opportunity-analysis``  opportunity_analysis
Task of ``funding-analysis``      funding_analysis
Task of ``follow-on-analysis``    follow_on_analysis
"""

from __future__ import annotations

from typing import Any

from chalice import Blueprint

from chalicelib.core import clock
from chalicelib.core.metrics import measured
from chalicelib.core.task import task
from chalicelib.opportunities import wiring

bp = Blueprint(__name__)


@bp.lambda_function(name="clear-previous-results")
@task
def clear_previous_results(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Check the input and clear what was found before.

    ``event`` is ``{"input": the execution's input, "name": its name, "kind", "executionArn"}``; returns the
    analysis: ``id, kind, opportunityId, opportunityDetails, analysisOptions``.
    """
    from chalicelib.opportunities.service import beginning

    return beginning.begin(event["kind"], event["name"], event["input"], wiring.analyses(), wiring.rows())


@bp.lambda_function(name="query-generation")
@task
def query_generation(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Write a query: ``{"analysis", "model", "executionArn"}`` to ``{"question", "sql", "parameters", ...}``."""
    from chalicelib.opportunities.service import generating
    from chalicelib.opportunities.service.requests import analysis_of

    analysis, model = analysis_of(event["analysis"]), wiring.model(event["model"])
    return generating.generate(analysis, model, wiring.guard(), wiring.catalogue())


@bp.lambda_function(name="data-retrieval")
@task
def data_retrieval(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Run a query: ``{"analysis", "query", "retryCount", "executionArn"}`` to ``{"rowsKey", "rowCount", ...}``."""
    from chalicelib.opportunities.service import retrieving
    from chalicelib.opportunities.service.requests import analysis_of

    analysis, retry = analysis_of(event["analysis"]), int(event["retryCount"])
    known = wiring.catalogue()
    found = retrieving.retrieve(
        analysis, event["query"], retry, wiring.guard(), known, wiring.engine(), wiring.rows()
    )
    measured("opportunities", "BytesScanned", found["scannedBytes"], "Bytes")
    return found


@bp.lambda_function(name="opportunity-analysis")
@task
def opportunity_analysis(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Compare with past ones: ``{"analysis", "data", "model", "executionArn"}`` to ``{"claims", ...}``."""
    from chalicelib.opportunities.service import analyzing
    from chalicelib.opportunities.service.requests import analysis_of

    analysis, found = analysis_of(event["analysis"]), wiring.found_rows(event["data"])
    return analyzing.analyze(analysis, found, wiring.model(event["model"]), wiring.catalogue(), clock.current())


@bp.lambda_function(name="funding-analysis")
@task
def funding_analysis(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Say which programmes fit: ``{"analysis", "data", "model", "executionArn"}`` to ``{"claims", ...}``."""
    from chalicelib.opportunities.service import funding
    from chalicelib.opportunities.service.requests import analysis_of

    analysis, found = analysis_of(event["analysis"]), wiring.found_rows(event["data"])
    programmes = wiring.funding_programmes()
    return funding.find_funding(analysis, found, wiring.model(event["model"]), programmes, clock.current())


@bp.lambda_function(name="follow-on-analysis")
@task
def follow_on_analysis(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Say what to sell next: ``{"analysis", "data", "model", "executionArn"}`` to ``{"claims", ...}``."""
    from chalicelib.opportunities.service import following
    from chalicelib.opportunities.service.requests import analysis_of

    analysis, found = analysis_of(event["analysis"]), wiring.found_rows(event["data"])
    return following.find_follow_on(analysis, found, wiring.model(event["model"]), wiring.guard())


@bp.lambda_function(name="format-results")
@task
def format_results(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Store a result: ``{"analysis", "query", "data", "result", "executionArn"}`` to the machine's output."""
    from chalicelib.opportunities.service import finishing
    from chalicelib.opportunities.service.requests import analysis_of

    parts = event["query"], event["data"], event["result"]
    analysis = analysis_of(event["analysis"])
    return finishing.finish(analysis, *parts, wiring.analyses(), wiring.rows(), clock.current())
