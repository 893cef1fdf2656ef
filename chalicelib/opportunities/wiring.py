"""Which adapter plays which part, by configuration. Made anew for each invocation, adapters hold no state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.core.config import setting, whole_number

if TYPE_CHECKING:
    from chalicelib.core.ai import TextModel
    from chalicelib.opportunities.domain.catalogue import Catalogue
    from chalicelib.opportunities.domain.funding import Programme
    from chalicelib.opportunities.ports.analyses import AnalysisRuns, AnalysisStore, RowStore
    from chalicelib.opportunities.ports.guarding import QueryGuard
    from chalicelib.opportunities.ports.querying import QueryEngine

STANDARD, PREMIER = "standard", "nova-premier"


def catalogue() -> Catalogue:
    """Return the tables and columns that may be asked about."""
    from chalicelib.opportunities.adapters import data_files

    return data_files.catalogue()


def funding_programmes() -> tuple[Programme, ...]:
    """Return the funding programmes."""
    from chalicelib.opportunities.adapters import data_files

    return data_files.funding_programmes()


def guard() -> QueryGuard:
    """Return the SQL guard, for the years up to the current one."""
    from chalicelib.core import clock
    from chalicelib.opportunities.adapters.sqlglot_guard import SqlglotGuard

    return SqlglotGuard(catalogue(), last_year=clock.current().now().year)


def engine() -> QueryEngine:
    """Return the query engine."""
    from chalicelib.opportunities.adapters.athena_engine import AthenaQueryEngine

    return AthenaQueryEngine(
        setting("SALES_WORKGROUP"),
        setting("SALES_DATABASE"),
        longest_seconds=whole_number("QUERY_TIMEOUT_SECONDS", 120, at_least=1),
        reuse_minutes=whole_number("QUERY_REUSE_MINUTES", 60),
        most_rows=catalogue().most_rows,
    )


def model(name: str = STANDARD) -> TextModel:
    """Return the standard text model, or Nova Premier's."""
    from chalicelib.core.ai import text_model

    return text_model("OPPORTUNITY_PREMIER_MODEL") if name == PREMIER else text_model("OPPORTUNITY_MODEL")


def analyses() -> AnalysisStore:
    """Return the finished analyses."""
    from chalicelib.opportunities.adapters.dynamo_analyses import DynamoAnalysisStore

    return DynamoAnalysisStore(setting("ANALYSES_TABLE"))


def rows() -> RowStore:
    """Return the rows of queries."""
    from chalicelib.opportunities.adapters.s3_rows import S3RowStore

    return S3RowStore(setting("ANALYSES_BUCKET"))


def found_rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that ``data-retrieval`` kept."""
    return rows().get(str(data["rowsKey"]))


def runs() -> AnalysisRuns:
    """Return the executions of the three machines."""
    from chalicelib.opportunities.adapters.stepfunctions import StepFunctionsAnalysisRuns
    from chalicelib.opportunities.domain.opportunity import FOLLOW_ON, FUNDING, OPPORTUNITY

    return StepFunctionsAnalysisRuns(
        {
            OPPORTUNITY: setting("OPPORTUNITY_ANALYSIS_STATE_MACHINE_ARN"),
            FUNDING: setting("FUNDING_ANALYSIS_STATE_MACHINE_ARN"),
            FOLLOW_ON: setting("FOLLOW_ON_ANALYSIS_STATE_MACHINE_ARN"),
        }
    )
