"""A model that writes what a test says, and an engine that finds what a test says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core.ai import Answer as ModelAnswer
from chalicelib.core.ai import TextModel, TextRequest
from chalicelib.opportunities.domain.history import deals
from chalicelib.opportunities.ports.guarding import SafeQuery
from chalicelib.opportunities.ports.querying import Answer, QueryEngine, Row
from localcloud.demos.sales_history import SalesHistory


class ScriptedModel(TextModel):
    """Says the template, unless a script says otherwise: each entry is an answer's SQL or summary, or an error."""

    model_id = "scripted"

    def __init__(self) -> None:
        self.queries: list[str | Exception] = []
        """What is written for the next queries, in order; then the template."""
        self.summaries: list[str | Exception] = []
        self.asked: list[TextRequest[Any]] = []

    def write(self, request: TextRequest[ModelAnswer]) -> ModelAnswer:
        self.asked.append(request)
        script = self.queries if hasattr(request.template, "sql") else self.summaries
        if not script:
            return request.template
        said = script.pop(0)
        if isinstance(said, Exception):
            raise said
        field = "sql" if hasattr(request.template, "sql") else "summary"
        kept = {
            name: getattr(request.template, name) for name in getattr(request.template, "__struct_fields__", ())
        }
        return request.answer(**{**kept, field: said})


class ScriptedEngine(QueryEngine):
    """Finds a history's rows, joined, as many as the LIMIT lets through, unless a script says otherwise."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.failures: list[Exception] = []
        self.ran: list[tuple[SafeQuery, Mapping[str, str], str]] = []

    def run(self, query: SafeQuery, values: Mapping[str, str], *, token: str) -> Answer:
        self.ran.append((query, values, token))
        if self.failures:
            raise self.failures.pop(0)
        rows = self.rows[: int(query.sql.rsplit("LIMIT ", 1)[1])]
        return Answer(query.columns, rows, "q-1", 1_000, False, False)


def joined(history: SalesHistory) -> list[Row]:
    """Return closed opportunities with what belongs to their customer, product and agent, as the query would."""
    accounts = {one["account"]: one for one in history.accounts}
    products = {one["product"]: one for one in history.products}
    teams = {one["sales_agent"]: one for one in history.sales_teams}
    rows = [
        {**accounts[r["account"]], **products[r["product"]], **teams[r["sales_agent"]], **r}
        for r in history.sales_pipeline
        if r["deal_stage"] in ("Won", "Lost")
    ]
    return [deal.row for deal in deals(rows)][::-1]


Arrange = Callable[..., None]
