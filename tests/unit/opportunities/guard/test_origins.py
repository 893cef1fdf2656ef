"""A column is judged by where it comes from: no name hides what is known only after an opportunity's end."""

from __future__ import annotations

import pytest

from chalicelib.opportunities.adapters.data_files import catalogue
from chalicelib.opportunities.adapters.sqlglot_guard import SqlglotGuard
from chalicelib.opportunities.domain.questions import QUESTIONS
from chalicelib.opportunities.errors import UnsafeQueryError
from chalicelib.opportunities.ports.guarding import SafeQuery
from chalicelib.opportunities.service import generating
from chalicelib.opportunities.service.generating import safe_query
from chalicelib.opportunities.service.requests import analysis_of
from tests.fakes.opportunities.world import ScriptedModel
from tests.unit.opportunities.guard.disguises import DISGUISES, PLAIN_FORMS

GUARD = SqlglotGuard(catalogue(), last_year=2026)
QUESTION = QUESTIONS["opportunity"]


def checked(sql: str) -> SafeQuery:
    return GUARD.check(sql, frozenset({"customer"}))


@pytest.mark.parametrize("sql", DISGUISES, ids=range(len(DISGUISES)))
def test_what_only_the_end_tells_goes_by_no_other_name(sql: str) -> None:
    """``revenue`` stands for any column known at creation: it is the catalogue's in none of these."""
    safe = checked(sql)
    origins = [origin for name, origin in zip(safe.columns, safe.origins, strict=True) if name == "revenue"]
    assert "accounts.revenue" not in origins
    assert any("revenue is " in one for one in QUESTION.misfits(safe.columns, safe.origins, catalogue()))


@pytest.mark.parametrize("sql", PLAIN_FORMS, ids=range(len(PLAIN_FORMS)))
def test_a_column_keeps_its_origin_where_nothing_can_sort_it(sql: str) -> None:
    safe = checked(sql)
    assert dict(zip(safe.columns, safe.origins, strict=True))["revenue"] == "accounts.revenue"
    assert not [
        one for one in QUESTION.misfits(safe.columns, safe.origins, catalogue()) if "not return" not in one
    ]


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_desks_own_queries_are_what_they_say(kind: str) -> None:
    question = QUESTIONS[kind]
    safe = safe_query(question.sql, question, GUARD, catalogue())
    own = dict(zip(safe.columns, safe.origins, strict=True))
    assert all(origin.endswith(f".{name}") for name, origin in own.items())
    assert own["deal_stage"] == "sales_pipeline.deal_stage"


def test_a_refusal_says_what_a_column_is_and_what_is_missing() -> None:
    sql = (
        "SELECT opportunity_id, close_value AS revenue, lower(account) AS account, product, product "
        "FROM sales_pipeline"
    )
    with pytest.raises(UnsafeQueryError) as refused:
        safe_query(sql, QUESTION, GUARD, catalogue())
    said = str(refused.value)
    assert refused.value.code == "columns"
    for part in ("does not return sector", "revenue is sales_pipeline.close_value", "account is computed"):
        assert part in said
    assert "returns product twice" in said


def test_a_model_that_gives_the_end_another_name_is_told_and_tries_again() -> None:
    details = {"CustomerName": "Example Corp", "oppName": "Cloud", "closeDate": "2026-12-31"}
    asked = {"id": "run-1", "kind": "opportunity", "opportunityDetails": details, "analysisOptions": {}}
    model = ScriptedModel()
    model.queries = [QUESTION.sql.replace("a.revenue", "p.close_value AS revenue")]
    written = generating.generate(analysis_of(asked), model, GUARD, catalogue())
    assert written["sql"] == QUESTION.sql
    assert "revenue is sales_pipeline.close_value" in written["attempts"][0]["reason"]


def test_star_shows_the_columns_of_using_once_and_first() -> None:
    safe = checked("SELECT * FROM products p JOIN sales_pipeline s USING (product) LIMIT 5")
    assert safe.columns[0] == "product"
    assert safe.columns.count("product") == 1
    assert safe.origins[0] == "products.product"


def test_a_named_query_in_group_by_is_not_copied_unbounded() -> None:
    """The copy would be a table that is read without its years and with columns of no catalogue."""
    with pytest.raises(UnsafeQueryError, match="groups by 'm', which is a query"):
        checked("SELECT (SELECT max(close_value) FROM sales_pipeline) AS m, count(*) FROM products GROUP BY m")
