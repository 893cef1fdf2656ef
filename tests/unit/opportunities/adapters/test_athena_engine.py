"""The engine against Athena's answers, as botocore's Stubber gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from chalicelib.core import aws
from chalicelib.opportunities.adapters.athena_engine import AthenaQueryEngine
from chalicelib.opportunities.errors import QueryEngineBusyError, QueryFailedError, QueryTimeoutError
from chalicelib.opportunities.ports.guarding import SafeQuery

QUERY = SafeQuery(
    "SELECT product, n FROM t WHERE a = ? LIMIT 5", ("customer",), ("product", "n"), ("", ""), frozenset({"t"})
)
COLUMNS = [{"Name": "product", "Type": "varchar"}, {"Name": "n", "Type": "bigint"}]


@pytest.fixture
def athena() -> Iterator[Stubber]:
    aws.client.cache_clear()
    with Stubber(aws.client("athena")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()
    aws.client.cache_clear()


def engine(**settings: Any) -> tuple[AthenaQueryEngine, list[float]]:
    pauses: list[float] = []
    limits: dict[str, Any] = {"longest_seconds": 5, "reuse_minutes": 60, "most_rows": 3_000} | settings
    return AthenaQueryEngine("group", "sales", pause=pauses.append, **limits), pauses


def started(athena: Stubber, **more: Any) -> None:
    wanted = {
        "QueryString": QUERY.sql,
        "WorkGroup": "group",
        "QueryExecutionContext": {"Database": "sales", "Catalog": "AwsDataCatalog"},
        "ClientRequestToken": ANY,
        "ExecutionParameters": ["'O''Brien'"],
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 60}},
    }
    athena.add_response("start_query_execution", {"QueryExecutionId": "q1"}, wanted | more)


def state(athena: Stubber, name: str, **status: Any) -> None:
    execution = {
        "QueryExecutionId": "q1",
        "Status": {"State": name, **status},
        "Statistics": {"DataScannedInBytes": 42, "ResultReuseInformation": {"ReusedPreviousResult": True}},
    }
    athena.add_response("get_query_execution", {"QueryExecution": execution}, {"QueryExecutionId": "q1"})


def page(
    athena: Stubber,
    rows: list[list[str | None]],
    after: str | None = None,
    token: str | None = None,
    columns: list[dict[str, str]] = COLUMNS,
) -> None:
    data = [{"Data": [{} if cell is None else {"VarCharValue": cell} for cell in row]} for row in rows]
    answer: dict[str, Any] = {"ResultSet": {"Rows": data, "ResultSetMetadata": {"ColumnInfo": columns}}}
    wanted: dict[str, Any] = {"QueryExecutionId": "q1", "MaxResults": 1_000}
    athena.add_response(
        "get_query_results",
        answer | ({"NextToken": token} if token else {}),
        wanted | ({"NextToken": after} if after else {}),
    )


def test_rows_come_page_by_page_with_their_types(athena: Stubber) -> None:
    started(athena)
    state(athena, "QUEUED")
    state(athena, "RUNNING")
    state(athena, "SUCCEEDED")
    page(athena, [["product", "n"], ["a", "1"]], token="t2")
    page(athena, [["b", None]], after="t2")
    runner, pauses = engine()
    answer = runner.run(QUERY, {"customer": "O'Brien"}, token="t")
    assert answer.rows == [{"product": "a", "n": 1}, {"product": "b", "n": None}]
    assert (answer.query_id, answer.scanned_bytes, answer.reused, answer.cut) == ("q1", 42, True, False)
    assert pauses == [0.1, 0.2]


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", None])
def test_a_number_that_json_has_not_is_none(athena: Stubber, written: str | None) -> None:
    """A discount of a price that is 0 is one; as NaN it would leave a state as no JSON."""
    started(athena)
    state(athena, "SUCCEEDED")
    columns = [{"Name": "product", "Type": "varchar"}, {"Name": "discount", "Type": "double"}]
    page(athena, [["product", "discount"], ["NaN", written], ["b", "0.25"]], columns=columns)
    answer = engine()[0].run(QUERY, {"customer": "O'Brien"}, token="t")
    assert answer.rows == [{"product": "NaN", "discount": None}, {"product": "b", "discount": 0.25}]


def test_a_hundred_thousand_rows_are_cut_at_the_limit(athena: Stubber) -> None:
    started(athena)
    state(athena, "SUCCEEDED")
    first: list[list[str | None]] = [["product", "n"]]
    first += [["x", str(n)] for n in range(999)]
    page(athena, first, token="1")
    page(athena, [["x", "1"]] * 1_000, after="1", token="2")
    page(athena, [["x", "1"]] * 1_000, after="2", token="3")
    page(athena, [["x", "1"]] * 1_000, after="3", token="4")
    answer = engine()[0].run(QUERY, {"customer": "O'Brien"}, token="t")
    assert (len(answer.rows), answer.cut) == (3_000, True)


def test_what_takes_too_long_is_cancelled(athena: Stubber) -> None:
    started(athena)
    for _ in range(7):
        state(athena, "RUNNING")
    athena.add_response("stop_query_execution", {}, {"QueryExecutionId": "q1"})
    runner, pauses = engine()
    with pytest.raises(QueryTimeoutError, match="given up after 5 s"):
        runner.run(QUERY, {"customer": "O'Brien"}, token="t")
    assert sum(pauses) >= 5


@pytest.mark.parametrize("stopped", [True, False])
@pytest.mark.parametrize(
    ("code", "error"),
    [("TooManyRequestsException", QueryEngineBusyError), ("InvalidRequestException", QueryFailedError)],
)
def test_what_cannot_be_looked_at_is_cancelled_so_that_another_try_does_not_run_beside_it(
    athena: Stubber, code: str, error: type[Exception], stopped: bool
) -> None:
    """Whether or not the cancelling succeeds, what is told is why the look failed."""
    started(athena)
    state(athena, "RUNNING")
    athena.add_client_error("get_query_execution", code, "no look", expected_params={"QueryExecutionId": "q1"})
    if stopped:
        athena.add_response("stop_query_execution", {}, {"QueryExecutionId": "q1"})
    else:
        athena.add_client_error("stop_query_execution", "InternalServerException", "no stop")
    with pytest.raises(error, match="no look"):
        engine()[0].run(QUERY, {"customer": "O'Brien"}, token="t")


def test_what_takes_too_long_is_given_up_where_it_cannot_be_cancelled(athena: Stubber) -> None:
    started(athena)
    state(athena, "RUNNING")
    athena.add_client_error("stop_query_execution", "TooManyRequestsException")
    with pytest.raises(QueryTimeoutError):
        engine(longest_seconds=0)[0].run(QUERY, {"customer": "O'Brien"}, token="t")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ({"StateChangeReason": "SYNTAX_ERROR: line 1"}, QueryFailedError),
        ({"StateChangeReason": "Bytes scanned limit was exceeded"}, QueryFailedError),
        ({"AthenaError": {"ErrorCategory": 1}}, QueryEngineBusyError),
        ({"AthenaError": {"ErrorCategory": 2, "Retryable": True}}, QueryEngineBusyError),
        ({"AthenaError": {"ErrorCategory": 2}}, QueryFailedError),
    ],
)
def test_failures_have_names(athena: Stubber, status: dict[str, Any], error: type[Exception]) -> None:
    started(athena)
    state(athena, "FAILED", **status)
    with pytest.raises(error):
        engine()[0].run(QUERY, {"customer": "O'Brien"}, token="t")


def test_somebody_else_may_cancel_it(athena: Stubber) -> None:
    started(athena)
    state(athena, "CANCELLED")
    with pytest.raises(QueryFailedError, match="CANCELLED"):
        engine()[0].run(QUERY, {"customer": "O'Brien"}, token="t")


@pytest.mark.parametrize(
    ("code", "error"),
    [("TooManyRequestsException", QueryEngineBusyError), ("InvalidRequestException", QueryFailedError)],
)
def test_refused_starts_have_names(athena: Stubber, code: str, error: type[Exception]) -> None:
    athena.add_client_error("start_query_execution", code)
    with pytest.raises(error):
        engine()[0].run(QUERY, {"customer": "x"}, token="t")


def test_without_reuse_and_parameters_neither_is_sent(athena: Stubber) -> None:
    plain = SafeQuery("SELECT 1", (), ("_col0",), ("",), frozenset())
    athena.add_response(
        "start_query_execution",
        {"QueryExecutionId": "q1"},
        {
            "QueryString": "SELECT 1",
            "WorkGroup": "group",
            "QueryExecutionContext": {"Database": "sales", "Catalog": "AwsDataCatalog"},
            "ClientRequestToken": ANY,
        },
    )
    state(athena, "SUCCEEDED")
    page(athena, [["product", "n"]])
    assert engine(reuse_minutes=0)[0].run(plain, {}, token="t").rows == []
