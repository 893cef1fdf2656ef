"""Writes a query that may run: the model writes, the guard judges, at most two repairs."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.core.ai import TextModel, TextRequest
from chalicelib.core.log import logger
from chalicelib.opportunities.domain.catalogue import Catalogue
from chalicelib.opportunities.domain.questions import QUESTIONS, Question
from chalicelib.opportunities.errors import QueryGenerationError, UnsafeQueryError
from chalicelib.opportunities.ports.guarding import QueryGuard, SafeQuery
from chalicelib.opportunities.service.requests import Analysis

MOST_REPAIRS = 2
_TASK = (
    "Write one SELECT statement in Amazon Athena's SQL (engine version 3) that answers the question from the "
    "tables of the catalogue. Its result has at least the columns that are asked for, by these names; a column "
    "that is called as one of the catalogue is that column, unchanged. Read sales_pipeline once, and let no "
    "condition on deal_stage, close_date or close_value have another column beside it. Use no comments, no other "
    "tables, and ORDER BY with the latest first. A value of the customer is written as the parameter, such as "
    ":customer, never as text. Where earlier attempts are given, write one that their reasons do not refuse."
)


class WrittenQuery(msgspec.Struct):
    """What a model answers."""

    sql: str


def generate(analysis: Analysis, model: TextModel, guard: QueryGuard, catalogue: Catalogue) -> dict[str, Any]:
    """Return ``question, sql, parameters{name: value}, attempts[{sql, reason}], model``.

    ``sql`` is as the model wrote it, found safe; the engine gets what the guard makes of it, when it is run. The
    model is told the catalogue and the question. No text of the customer's is among them.

    Raises:
        QueryGenerationError: three tries came to nothing; the message has the reason of each.
        ModelThrottledError, ModelUnavailableError, ModelRefusedError, ModelAnswerError: see there.
    """
    question = QUESTIONS[analysis.kind]
    attempts: list[dict[str, str]] = []
    while True:
        sql = model.write(_request(question, catalogue, attempts)).sql
        try:
            safe_query(sql, question, guard, catalogue)
        except UnsafeQueryError as error:
            attempts.append({"sql": sql[:4_000], "reason": str(error)})
            logger().warning("query refused", attempt=len(attempts), reason=str(error), sql=sql[:1_000])
            if len(attempts) > MOST_REPAIRS:
                reasons = "; ".join(f"{place}. {one['reason']}" for place, one in enumerate(attempts, start=1))
                raise QueryGenerationError(f"no safe query in {len(attempts)} tries: {reasons}") from error
            continue
        values = {"customer": analysis.opportunity.customer}
        return {
            "question": question.text,
            "sql": sql,
            "parameters": {name: values[name] for name in sorted(question.parameters)},
            "attempts": attempts,
            "model": model.model_id,
        }


def safe_query(sql: str, question: Question, guard: QueryGuard, catalogue: Catalogue) -> SafeQuery:
    """Return a query as it may run, found to answer the question.

    Raises:
        UnsafeQueryError: it may not run, or its columns are not what they are called.
    """
    safe = guard.check(sql, question.parameters)
    if wrong := question.misfits(safe.columns, safe.origins, catalogue):
        raise UnsafeQueryError("columns", "; ".join(wrong))
    return safe


def _request(
    question: Question, catalogue: Catalogue, attempts: list[dict[str, str]]
) -> TextRequest[WrittenQuery]:
    facts = {
        "question": question.text,
        "columns": list(question.columns),
        "parameters": sorted(question.parameters),
        "catalogue": catalogue.for_people(),
        "attempts": list(attempts),
    }
    return TextRequest(_TASK, facts, WrittenQuery, WrittenQuery(question.sql), most_tokens=2_000)
