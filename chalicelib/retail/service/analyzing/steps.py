"""The four tasks, one function each. Events and results are the state's own; parcels as in `service.parcels`.

A part is ``{"available", "modelUsed", <name>: parcel}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from chalicelib.retail.domain import recommendations, report, wording
from chalicelib.retail.domain.anomalies import detect
from chalicelib.retail.domain.books import StoreBook
from chalicelib.retail.domain.calendars import MUTED_DAYS
from chalicelib.retail.domain.findings import Finding
from chalicelib.retail.domain.metrics import product_net
from chalicelib.retail.domain.trends import trends
from chalicelib.retail.service.analyzing.phrasing import phrase
from chalicelib.retail.service.analyzing.ports import Ports
from chalicelib.retail.service.mornings import read_book, read_digests
from chalicelib.retail.service.parcels import pack, unpack

TREND_MONEY = 1 / 4
"""Of an average store's week: smaller series are not looked at for trends."""
PRODUCT_TREND_MONEY = 1 / 500
"""Of the company's week."""
RESTATED_DAYS = 7
"""How far back a report tells of days that changed after their own."""

_SAY = (
    "Each fact is one finding of a retail company's morning report. Say each in one plain English sentence "
    "for its managers. Use no figure that the fact does not have; keep the figures of its template."
)
_ADVISE = (
    "Each fact is a finding with the action our rules propose in its template. Say the action in one short plain "
    "English sentence, in the imperative. Use no figure that the fact does not have."
)


def detect_anomalies(event: Mapping[str, Any], ports: Ports) -> dict[str, Any]:
    """Find what is unusual: ``{"run", "storeSummaries", "model"}`` to a part with ``findings``."""
    book = read_book(event, ports.shelf)
    first = (book.day - timedelta(days=max(MUTED_DAYS, len(book.days)))).isoformat()
    knowledge = ports.memory.knowledge(first, book.days[-1])
    found = detect(book, read_digests(book, ports.shelf), knowledge)
    raised = [one for one in found if not one.explained]
    items = [one.as_json() for one in raised[: report.MOST_ITEMS]]
    texts = [wording.finding_text(one, ports.currency) for one in raised[: report.MOST_ITEMS]]
    if event["model"]:
        texts = phrase(ports.model, _SAY, items, texts)
    data = {
        "items": [{**item, "text": text} for item, text in zip(items, texts, strict=True)],
        "notShown": max(0, len(raised) - report.MOST_ITEMS),
        "explained": [one.as_json() for one in found if one.explained][:20],
    }
    return _done(event, ports, "findings", data)


def analyze_trends(event: Mapping[str, Any], ports: Ports) -> dict[str, Any]:
    """Find what rises or falls: ``{"run", "storeSummaries", "model"}`` to a part with ``trends``."""
    book = read_book(event, ports.shelf)
    found = [*_store_trends(book), *_product_trends(book, ports)]
    found.sort(key=lambda one: -abs(one["weekly_cents"]))
    found = found[: report.MOST_ITEMS]
    texts = [wording.trend_text(one, ports.currency) for one in found]
    if event["model"]:
        texts = phrase(ports.model, _SAY, found, texts)
    return _done(event, ports, "trends", [{**one, "text": text} for one, text in zip(found, texts, strict=True)])


def generate_recommendations(event: Mapping[str, Any], ports: Ports) -> dict[str, Any]:
    """Say what to do and whose it is: ``{"run", "analysis": {"anomalies", "trends"}, "model"}`` to ``{"available",
    "modelUsed", "recommendations": parcel of {"items": [{"action", "owner"}], "trends": [...]}}``."""
    items, moves = _analysis(event, ports)
    advice = [recommendations.for_finding(_finding(item)) for item in items["items"]]
    trend_advice = [recommendations.for_trend(one) for one in moves]
    actions = [one.action for one in advice]
    if event["model"]:
        actions = phrase(ports.model, _ADVISE, items["items"], actions)
    data = {
        "items": [{"action": action, "owner": one.owner} for action, one in zip(actions, advice, strict=True)],
        "trends": [{"action": one.action, "owner": one.owner} for one in trend_advice],
    }
    return _done(event, ports, "recommendations", data)


def combine_insights(event: Mapping[str, Any], ports: Ports) -> dict[str, Any]:
    """Put everything together: ``{"run", "storeSummaries", "companyMetrics", "productMetrics", "analysis",
    "recommendations"}`` to ``{"report": parcel, "modelErrors": [part], "modelErrorWords",
    "modelErrorCount", "summary"}``."""
    book = read_book(event, ports.shelf)
    items, moves = _analysis(event, ports)
    company = unpack(ports.shelf, event["companyMetrics"])
    advised = event["recommendations"]
    if advised["available"]:
        advice = unpack(ports.shelf, advised["recommendations"])
    else:
        advice = {"items": [{"action": "", "owner": ""}] * len(items["items"])}
        advice["trends"] = [{"action": "", "owner": ""}] * len(moves)
    lines = [{**item, **one} for item, one in zip(items["items"], advice["items"], strict=True)]
    parts = {"anomalies": event["analysis"]["anomalies"], "trends": event["analysis"]["trends"]}
    parts["recommendations"] = advised
    unavailable = [name for name, part in parts.items() if not part["available"]]
    verdict = wording.verdict(book.days[-1], company, lines, ports.currency, unavailable)
    composed = report.compose(
        day=book.days[-1],
        currency=ports.currency,
        verdict=verdict,
        items=lines,
        not_shown=items["notShown"],
        explained=[_finding(one) for one in items["explained"]],
        company=company,
        products=unpack(ports.shelf, event["productMetrics"]),
        trends=[{**one, **do} for one, do in zip(moves, advice["trends"], strict=True)],
        restated_days=_restated_days(book, ports),
        statistics_only=[name for name, part in parts.items() if part["available"] and not part["modelUsed"]],
        unavailable=unavailable,
    )
    errors = [name for name, part in parts.items() if not (part["available"] and part["modelUsed"])]
    return {
        "report": pack(ports.shelf, event["run"]["id"], "report", composed),
        "modelErrors": errors,
        "modelErrorWords": wording.parts_words(errors),
        "modelErrorCount": len(errors),
        "summary": verdict,
    }


def _done(event: Mapping[str, Any], ports: Ports, name: str, data: Any) -> dict[str, Any]:
    parcel = pack(ports.shelf, event["run"]["id"], name, data)
    return {"available": True, "modelUsed": bool(event["model"]), name: parcel}


def _analysis(event: Mapping[str, Any], ports: Ports) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the findings and the trends, empty where their state could not make them."""
    anomalies, moves = event["analysis"]["anomalies"], event["analysis"]["trends"]
    nothing = {"items": [], "notShown": 0, "explained": []}
    found = unpack(ports.shelf, anomalies["findings"]) if anomalies["available"] else nothing
    return found, unpack(ports.shelf, moves["trends"]) if moves["available"] else []


def _finding(data: Mapping[str, Any]) -> Finding:
    return Finding.from_json({key: value for key, value in data.items() if key not in ("text", "action", "owner")})


def _store_trends(book: StoreBook) -> list[dict[str, Any]]:
    week = sum(book.total("net")[-7:])
    least = round(week * TREND_MONEY / max(1, len(book.stores)))
    return _as_json({f"store:{store}": columns["net"] for store, columns in book.stores.items()}, least)


def _product_trends(book: StoreBook, ports: Ports) -> list[dict[str, Any]]:
    digests = read_digests(book, ports.shelf)
    series: dict[str, list[int | None]] = {}
    known = [day in digests for day in book.days]
    nothing = [0 if one else None for one in known]
    for place, day in enumerate(book.days):
        if known[place]:
            for product, values in digests[day].products.items():
                if product not in series:
                    series[product] = list(nothing)
                series[product][place] = product_net(values)
    least = round(sum(book.total("net")[-7:]) * PRODUCT_TREND_MONEY)
    return _as_json({f"product:{product}": days for product, days in series.items()}, least)


def _as_json(series: Mapping[str, Sequence[int | None]], least: int) -> list[dict[str, Any]]:
    names = ("scope", "weekly_cents", "weekly_share", "weeks", "chance", "level_cents")
    return [{name: getattr(one, name) for name in names} for one in trends(series, least_cents=least)]


def _restated_days(book: StoreBook, ports: Ports) -> list[dict[str, Any]]:
    """Return the days of the last week whose facts are not those of their report."""
    first = (book.day - timedelta(days=RESTATED_DAYS)).isoformat()
    net = dict(zip(book.days, book.total("net"), strict=True))
    before = (date.fromisoformat(book.days[-1]) - timedelta(days=1)).isoformat()
    return [
        {"date": one.day, "beforeCents": one.net_cents, "afterCents": net[one.day]}
        for one in ports.log.records(first, before)
        if one.day in book.stamps and book.stamps[one.day] != one.stamp and net[one.day] != one.net_cents
    ]
