"""A sales history for demonstrations and tests: made up, seeded, with a signal planted in it.

Whether an opportunity is won depends on the customer's sector, the product's family and the agent, all known when
it is created, and on luck. Products of one family are bought after each other.
"""

from __future__ import annotations

import gzip
import json
import math
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Rows = list[dict[str, Any]]

_SECTORS = {
    "retail": 0.9, "health": 0.3, "finance": -0.2, "telecom": -1.1, "education": 0.6, "media": -0.6,
}  # fmt: skip
"""Sector -> what it adds to the log-odds of winning."""
_PRODUCTS = {
    "Cloud Starter": ("Cloud", 5_500.0, 0.7),
    "Cloud Migration": ("Cloud", 48_000.0, 0.2),
    "Data Lake": ("Data", 26_000.0, -0.4),
    "Data Insights": ("Data", 9_800.0, 0.1),
    "Guard Basic": ("Guard", 1_200.0, 0.4),
    "Guard Premium": ("Guard", 14_500.0, -0.9),
}
_FOLLOWS = {"Cloud Starter": "Cloud Migration", "Cloud Migration": "Data Lake", "Guard Basic": "Guard Premium"}
_OFFICES = ("Central", "East", "West")
_COUNTRIES = ("Colombia", "Germany", "Kenya", "Japan", "Canada")
_FIRST = ("Ana", "Jonas", "Mei", "Omar", "Lucía", "Piotr", "Zola", "Ravi", "Nora", "Tomás", "Ines", "Kofi")
_LAST = ("Reyes", "Weber", "Tan", "Haddad", "Ortiz", "Nowak", "Dube", "Mehta", "Lind", "Silva", "Costa", "Mensah")
_NAMES = ("Example", "Sample", "Acme", "Initech", "Globex", "Umbrel", "Hooli", "Vandel", "Stark", "Wayland")
_KINDS = ("Corp", "Group", "Partners", "Systems", "Stores", "Labs")


@dataclass(frozen=True, slots=True)
class SalesHistory:
    """The four tables, as rows."""

    sales_pipeline: Rows
    accounts: Rows
    products: Rows
    sales_teams: Rows

    def files(self) -> dict[str, bytes]:
        """Return the tables as the bucket has them: key -> JSON lines, gzip; opportunities by year."""
        by_year: dict[int, Rows] = defaultdict(list)
        for row in self.sales_pipeline:
            rest = {key: value for key, value in row.items() if key != "pipeline_year"}
            by_year[row["pipeline_year"]].append(rest)
        files = {f"sales_pipeline/pipeline_year={year}/part-0.json.gz": rows for year, rows in by_year.items()}
        files |= {
            f"{name}/part-0.json.gz": getattr(self, name) for name in ("accounts", "products", "sales_teams")
        }
        return {
            key: gzip.compress("\n".join(map(json.dumps, rows)).encode(), mtime=0) for key, rows in files.items()
        }


def sales_history(
    count: int = 2_400, *, seed: int = 1, last_day: date = date(2026, 2, 28), signal: float = 1.0
) -> SalesHistory:
    """Return ``count`` opportunities of the three years before ``last_day``; the last ones are still open.

    Args:
        count: opportunities.
        seed: the same gives the same.
        last_day: nothing happens after it.
        signal: how strongly sector, product and agent decide; 0 for luck alone.
    """
    draw = random.Random(seed)
    names = [f"{name} {kind}" for name in _NAMES for kind in _KINDS]
    accounts = [_account(name, draw) for name in names]
    products = [{"product": p, "series": s, "sales_price": price} for p, (s, price, _) in _PRODUCTS.items()]
    people = [f"{first} {last}" for first, last in zip(_FIRST, _LAST, strict=True)]
    teams = [
        {"sales_agent": person, "manager": people[place % 3], "regional_office": _OFFICES[place % 3]}
        for place, person in enumerate(people)
    ]
    skill = {person: draw.gauss(0.0, 0.6) for person in people}
    bought: dict[str, list[str]] = defaultdict(list)
    first_day = last_day - timedelta(days=3 * 365)
    days = sorted(draw.randrange((last_day - first_day).days) for _ in range(count))
    rows = []
    for number, day in enumerate(days):
        account = draw.choice(accounts)
        product = _wanted(bought[account["account"]], draw)
        agent = draw.choice(people)
        odds = 0.4 + signal * (_SECTORS[account["sector"]] + _PRODUCTS[product][2] + skill[agent])
        row = _opportunity(number, first_day + timedelta(days=day), account, product, agent, odds, last_day, draw)
        if row["deal_stage"] == "Won":
            bought[account["account"]].append(product)
        rows.append(row)
    return SalesHistory(rows, accounts, products, teams)


def _account(name: str, draw: random.Random) -> dict[str, Any]:
    return {
        "account": name,
        "sector": draw.choice(list(_SECTORS)),
        "year_established": draw.randint(1975, 2018),
        "revenue": round(math.exp(draw.gauss(6.0, 1.0)), 2),
        "employees": int(math.exp(draw.gauss(7.0, 1.1))),
        "office_location": draw.choice(_COUNTRIES),
        "subsidiary_of": draw.choice(["", "", "", "Example Holding"]),
    }


def _wanted(bought: list[str], draw: random.Random) -> str:
    """Return what a customer asks for next: often what follows its last purchase."""
    if bought and bought[-1] in _FOLLOWS and draw.random() < 0.5:
        return _FOLLOWS[bought[-1]]
    return draw.choice(list(_PRODUCTS))


def _opportunity(
    number: int,
    created: date,
    account: dict[str, Any],
    product: str,
    agent: str,
    odds: float,
    last_day: date,
    draw: random.Random,
) -> dict[str, Any]:
    closed = created + timedelta(days=max(3, int(draw.gammavariate(3.0, 18.0))))
    won = draw.random() < 1.0 / (1.0 + math.exp(-odds))
    price = _PRODUCTS[product][1] * draw.choice([1.0, 1.0, 0.95, 0.9, 0.85])
    is_open = closed > last_day
    return {
        "opportunity_id": f"OP{number:06}",
        "sales_agent": agent,
        "product": product,
        "account": account["account"],
        "deal_stage": "Engaging" if is_open else ("Won" if won else "Lost"),
        "engage_date": created.isoformat(),
        "close_date": None if is_open else closed.isoformat(),
        "close_value": None if is_open else (round(price, 2) if won else 0.0),
        "pipeline_year": created.year,
    }
