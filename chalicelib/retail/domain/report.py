"""The morning report as data: one sentence, at most five ranked items, tables, and what changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.retail.domain.findings import Finding

MOST_ITEMS = 5

Report = dict[str, Any]


def compose(
    *,
    day: str,
    currency: str,
    verdict: str,
    items: Sequence[Mapping[str, Any]],
    not_shown: int,
    explained: Sequence[Finding],
    company: Mapping[str, Any],
    products: Mapping[str, Any],
    trends: Sequence[Mapping[str, Any]],
    restated_days: Sequence[Mapping[str, Any]],
    statistics_only: Sequence[str],
    unavailable: Sequence[str],
) -> Report:
    """Return the report; every figure that any text of it names stands in it as a value, too.

    Args:
        day: ISO date reported.
        currency: ISO code of all money.
        verdict: one sentence.
        items: findings with ``text``, ``action`` and ``owner``, the most money first, at most `MOST_ITEMS`.
        not_shown: how many more findings there are.
        explained: findings that a known event or an earlier answer explains.
        company: `metrics.company_metrics`.
        products: `metrics.product_metrics`.
        trends: trends with ``text``.
        restated_days: earlier days whose facts changed after their report.
        statistics_only: parts whose words are templates because the model failed.
        unavailable: parts that could not be computed at all.
    """
    return {
        "date": day,
        "currency": currency,
        "verdict": verdict,
        "items": [dict(item) for item in items],
        "notShown": not_shown,
        "explained": [one.as_json() for one in explained],
        "company": dict(company),
        "products": dict(products),
        "trends": [dict(trend) for trend in trends],
        "restatedDays": [dict(one) for one in restated_days],
        "statisticsOnly": list(statistics_only),
        "unavailable": list(unavailable),
        "version": 1,
        "changes": [],
    }


def restate(new: Report, sent: Report | None) -> Report:
    """Return ``new`` as the next version after ``sent``, with what changed; the same version when nothing did."""
    if sent is None:
        return new
    changes = _changes(new, sent)
    return new | {"version": sent["version"] + bool(changes), "changes": changes or sent["changes"]}


def _changes(new: Report, old: Report) -> list[dict[str, Any]]:
    """Return [{"what", "before", "after"}]; money in cents."""
    pairs: list[tuple[str, Any, Any]] = [
        ("net sales", old["company"]["day"]["netCents"], new["company"]["day"]["netCents"]),
        ("returns", old["company"]["day"]["returnsCents"], new["company"]["day"]["returnsCents"]),
        (
            "stores reported",
            old["company"]["completeness"]["reportedStores"],
            new["company"]["completeness"]["reportedStores"],
        ),
    ]
    changes = [{"what": what, "before": b, "after": a} for what, b, a in pairs if a != b]
    before = {_key(item): item["text"] for item in old["items"]}
    after = {_key(item): item["text"] for item in new["items"]}
    changes += [
        {"what": "no longer unusual", "before": before[key], "after": ""} for key in before if key not in after
    ]
    changes += [{"what": "newly unusual", "before": "", "after": after[key]} for key in after if key not in before]
    return changes


def _key(item: Mapping[str, Any]) -> str:
    return f"{item['kind']}|{item['scope']}"
