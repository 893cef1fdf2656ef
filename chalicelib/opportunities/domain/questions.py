"""What each analysis asks of the sales history, and a query that asks it.

The question and the columns are what a model is told; the query is what code writes by itself. No text of a
customer is in either: a customer's name travels beside the query, as the parameter ``customer``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.opportunities.domain.catalogue import Catalogue
from chalicelib.opportunities.domain.opportunity import FOLLOW_ON, FUNDING, OPPORTUNITY

CUSTOMER = "customer"
"""The one parameter a query may have."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    text: str
    columns: tuple[str, ...]
    """What the answer must have; it may have more."""
    sql: str
    """The query code asks it by."""
    parameters: frozenset[str] = frozenset()

    def misfits(self, columns: Sequence[str], origins: Sequence[str], catalogue: Catalogue) -> list[str]:
        """Return what is wrong with the columns of an answer; nothing where it can be taken at its word.

        What is called as a column of the catalogue is that column: a value that is known only after the end and
        goes by the name of one that is known before would tell the win model what it is to foretell.
        """
        known = {column.name for table in catalogue.tables for column in table.columns}
        wrong = [f"does not return {name}" for name in self.columns if name not in columns]
        for name, origin in zip(columns, origins, strict=True):
            if name in known and origin.rpartition(".")[2] != name:
                said = f"is {origin}" if origin else "is computed, or mixed with how opportunities ended"
                wrong.append(f"{name} {said}; what is called so is the catalogue's column, unchanged")
        twice = [name for name, count in Counter(columns).items() if count > 1 and name in known]
        return wrong + [f"returns {name} twice" for name in twice]


_JOINED = """FROM sales_pipeline p
LEFT JOIN accounts a ON a.account = p.account
LEFT JOIN products q ON q.product = p.product
LEFT JOIN sales_teams t ON t.sales_agent = p.sales_agent"""
_EVERY = (
    "opportunity_id", "account", "product", "deal_stage", "engage_date", "close_date", "close_value", "sector",
    "sales_price",
)  # fmt: skip

QUESTIONS: dict[str, Question] = {
    OPPORTUNITY: Question(
        "Which opportunities have been won or lost, the latest first, with all that was known of each when it was "
        "created: agent, product, price, customer, and the customer's and the agent's particulars?",
        (*_EVERY, "regional_office"),
        f"""SELECT p.opportunity_id, p.sales_agent, p.product, p.account, p.deal_stage,
p.engage_date, p.close_date, p.close_value, a.sector, a.year_established, a.revenue, a.employees,
a.office_location, a.subsidiary_of, q.series, q.sales_price, t.manager, t.regional_office
{_JOINED}
WHERE p.deal_stage IN ('Won', 'Lost')
ORDER BY p.engage_date DESC, p.opportunity_id DESC""",
    ),
    FUNDING: Question(
        "Which opportunities of this customer, and of the customers in its sector, have been won or lost, "
        "the latest first, with the customer's size, revenue and country?",
        (*_EVERY, "series", "employees", "revenue", "office_location"),
        f"""SELECT p.opportunity_id, p.product, p.account, p.deal_stage, p.engage_date, p.close_date,
p.close_value, a.sector, a.employees, a.revenue, a.office_location, a.year_established, q.series, q.sales_price,
t.regional_office
{_JOINED}
WHERE p.deal_stage IN ('Won', 'Lost')
AND (lower(p.account) = lower(:{CUSTOMER})
OR a.sector IN (SELECT sector FROM accounts WHERE lower(account) = lower(:{CUSTOMER}))
OR NOT EXISTS (SELECT 1 FROM accounts WHERE lower(account) = lower(:{CUSTOMER})))
ORDER BY p.engage_date DESC, p.opportunity_id DESC""",
        frozenset({CUSTOMER}),
    ),
    FOLLOW_ON: Question(
        "What has every customer bought, and when, the latest first, with the customer's sector?",
        _EVERY,
        f"""SELECT p.opportunity_id, p.account, p.product, p.deal_stage, p.engage_date, p.close_date,
p.close_value, a.sector, a.office_location, q.series, q.sales_price, t.regional_office
{_JOINED}
WHERE p.deal_stage = 'Won'
ORDER BY p.close_date DESC, p.opportunity_id DESC""",
    ),
}
"""Kind of analysis -> what it asks."""

BUYERS_OF_BOTH = """SELECT x.account, a.sector, min(x.close_date) AS first_bought,
min(y.close_date) AS then_bought, sum(y.close_value) AS paid
FROM sales_pipeline x
JOIN sales_pipeline y ON y.account = x.account AND y.close_date > x.close_date
JOIN accounts a ON a.account = x.account
WHERE x.deal_stage = 'Won' AND y.deal_stage = 'Won' AND x.product = :after AND y.product = :product
GROUP BY x.account, a.sector
ORDER BY paid DESC, x.account"""
"""Who bought one product and then another: to be asked further of a suggestion."""
FURTHER_PARAMETERS = frozenset({"after", "product"})
