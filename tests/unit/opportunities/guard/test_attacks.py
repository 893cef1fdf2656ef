"""No attack passes, and each is told why."""

from __future__ import annotations

import pytest

from chalicelib.opportunities.adapters.data_files import catalogue
from chalicelib.opportunities.adapters.sqlglot_guard import SqlglotGuard
from chalicelib.opportunities.errors import UnsafeQueryError
from tests.unit.opportunities.guard.attacks import ATTACKS as KNOWN_ATTACKS
from tests.unit.opportunities.guard.fresh_attacks import FRESH_ATTACKS
from tests.unit.opportunities.guard.third_attacks import THIRD_ATTACKS
from tests.unit.opportunities.guard.trino_attacks import TRINO_ATTACKS

ATTACKS = {
    **KNOWN_ATTACKS,
    **{f"Trino: {family}": them for family, them in TRINO_ATTACKS.items()},
    **{f"fresh: {family}": them for family, them in FRESH_ATTACKS.items()},
    **{f"third: {family}": them for family, them in THIRD_ATTACKS.items()},
}
GUARD = SqlglotGuard(catalogue(), last_year=2026)


def test_there_are_enough() -> None:
    assert len(ATTACKS) >= 15
    assert sum(map(len, ATTACKS.values())) >= 150


@pytest.mark.parametrize("family", ATTACKS)
def test_every_attack_is_refused_with_a_reason(family: str) -> None:
    reasons = {sql: _reason(sql) for sql in ATTACKS[family]}
    assert [sql[:200] for sql, reason in reasons.items() if len(reason) < 20] == []


@pytest.mark.parametrize("family", ATTACKS)
def test_no_attack_is_refused_by_accident(family: str) -> None:
    """An exception of the guard's own refuses, too; it would also refuse what is good."""
    reasons = {sql: _reason(sql) for sql in ATTACKS[family]}
    assert {sql[:200]: reason for sql, reason in reasons.items() if reason.endswith("Error)")} == {}


def test_an_attack_stays_one_inside_of_a_good_query() -> None:
    wrapped = [
        "SELECT * FROM ({}) AS t",
        "WITH t AS ({}) SELECT * FROM t",
        "SELECT account FROM accounts UNION {}",
    ]
    harmless_inside = {"SELECT 1", "VALUES (1, 'x')", "TABLE accounts", "FROM accounts SELECT account"}
    harmless_inside |= {"VALUES 1", "FROM accounts"}
    attacks = [sql for family in ATTACKS.values() for sql in family if sql not in harmless_inside]
    passed = [frame.format(sql)[:200] for sql in attacks for frame in wrapped if not _reason(frame.format(sql))]
    assert passed == []


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT account FROM accounts; SELECT 1", "several_statements"),
        ("DROP TABLE accounts", "no_query"),
        ("WITH a AS (DELETE FROM accounts) SELECT * FROM a", "writes"),
        ("SELECT account FROM accounts -- x", "comment"),
        ("SELECT evil(account) FROM accounts", "unknown_function"),
        ("SELECT secret FROM accounts", "unknown_column"),
        ("SELECT account FROM secrets", "unknown_table"),
        ("SELECT account FROM other.accounts", "other_database"),
        ("WITH accounts AS (SELECT product FROM products) SELECT * FROM accounts", "shadow"),
        ("SELECT * FROM accounts, products", "cross_join"),
        ("SELECT account FROM accounts WHERE sector = ?", "parameter"),
        ("SELECT 1", "no_table"),
    ],
)
def test_the_reason_names_the_rule(sql: str, code: str) -> None:
    with pytest.raises(UnsafeQueryError) as refused:
        GUARD.check(sql)
    assert refused.value.code == code


def _reason(sql: str) -> str:
    """Return why a statement is refused, "" when it is not."""
    try:
        GUARD.check(sql, frozenset({"account_name"}))
    except UnsafeQueryError as error:
        return str(error)
    return ""
