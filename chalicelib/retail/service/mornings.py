"""The morning's first half: which day it is, what the stores sold, and the figures of company and products."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.core.clock import Clock
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.retail.domain.books import HISTORY_DAYS, StoreBook, days_until, write_book
from chalicelib.retail.domain.digests import Digest
from chalicelib.retail.domain.digests import digest as boil_down
from chalicelib.retail.domain.metrics import company_metrics, product_metrics
from chalicelib.retail.domain.product_memory import Memory as ProductMemory
from chalicelib.retail.ports.facts import DailyFacts
from chalicelib.retail.ports.reports import Shelf
from chalicelib.retail.ports.uploads import UploadRecords
from chalicelib.retail.service.parcels import get_json, pack, put_json, unpack

DIGEST_FORM = 4
"""One more whenever a digest has other figures: those of the form before are made anew."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What the morning needs."""

    facts: DailyFacts
    records: UploadRecords
    shelf: Shelf
    zone: str
    """Whose midnight ends a business day: an IANA name."""


def get_store_summaries(event: Mapping[str, Any], ports: Ports, clock: Clock) -> dict[str, Any]:
    """Read every store's last days.

    Args:
        event: ``{"input": {"date"?, "force"?}, "executionArn", "startedAt"}``; without a date the day before the
            start, by the company's zone.
        ports: the facts and the shelf.
        clock: what time it is.

    Returns:
        ``{"run": {"date", "id", "force", "executionArn"}, "storeCount", "storeSummaries": parcel}``.

    Raises:
        InvalidInputError: the date is none, or has not ended yet.
    """
    zone = ZoneInfo(ports.zone)
    day = _day(event, zone, clock)
    run_id = f"{day}/{hashlib.sha256(event['executionArn'].encode()).hexdigest()[:16]}"
    noon_after = {
        one: int(datetime.combine(date.fromisoformat(one) + timedelta(days=1), time(12), zone).timestamp())
        for one in days_until(day, HISTORY_DAYS + 1)
    }
    first = day - timedelta(days=HISTORY_DAYS)
    book = write_book(ports.facts.store_days(first, day), day, noon_after)
    book.refused = ports.records.refused_rows(book.uploads)
    return {
        "run": {
            "date": day.isoformat(),
            "id": run_id,
            "force": event["input"].get("force") is True,
            "executionArn": event["executionArn"],
        },
        "storeCount": len(book.reported()),
        "storeSummaries": pack(ports.shelf, run_id, "stores", book.as_json()),
    }


def calc_company_metrics(event: Mapping[str, Any], ports: Ports) -> dict[str, Any]:
    """Count the company's figures: ``{"run", "storeSummaries"}`` to a parcel of `metrics.company_metrics`."""
    metrics = company_metrics(read_book(event, ports.shelf))
    return pack(ports.shelf, event["run"]["id"], "company", metrics)


def calc_product_metrics(event: Mapping[str, Any], ports: Ports) -> dict[str, Any]:
    """Count the products' figures: ``{"run", "storeSummaries"}`` to a parcel of `metrics.product_metrics`.

    Every day's products are boiled down once and kept; a day whose facts have changed since is boiled down again.
    """
    book = read_book(event, ports.shelf)
    digests = _refresh(book, ports)
    weeks = [
        digests[day].products for day in reversed(book.days[:-1])
        if day in digests and (book.day - date.fromisoformat(day)).days % 7 == 0
    ]  # fmt: skip
    today = digests.get(book.days[-1], Digest(""))
    return pack(ports.shelf, event["run"]["id"], "products", product_metrics(today.products, weeks))


def read_book(event: Mapping[str, Any], shelf: Shelf) -> StoreBook:
    """Return the stores' days that `get_store_summaries` packed."""
    return StoreBook.from_json(unpack(shelf, event["storeSummaries"]))


def read_digests(book: StoreBook, shelf: Shelf) -> dict[str, Digest]:
    """Return the days' products that are kept, by day; those made from other facts are left out."""
    found = {}
    for day, stamp in book.stamps.items():
        data = get_json(shelf, digest_key(day))
        if data is not None and data["stamp"] == stamp:
            found[day] = Digest.from_json(data)
    return found


def digest_key(day: str) -> str:
    """Return where a day's digest is kept."""
    return f"analysis/digests/{DIGEST_FORM}/{day}.json.gz"


def _refresh(book: StoreBook, ports: Ports) -> dict[str, Digest]:
    digests = read_digests(book, ports.shelf)
    memory = ProductMemory()
    for day, stamp in sorted(book.stamps.items()):
        if day not in digests:
            sheets = ports.facts.product_sheets(date.fromisoformat(day))
            digests[day] = boil_down(sheets, memory.known(), stamp)
            put_json(ports.shelf, digest_key(day), msgspec.json.encode(digests[day].as_json()))
        memory.learn(date.fromisoformat(day), digests[day])
    return digests


def _day(event: Mapping[str, Any], zone: ZoneInfo, clock: Clock) -> date:
    asked = event["input"].get("date")
    if asked is None:
        started = datetime.fromisoformat(event["startedAt"].replace("Z", "+00:00"))
        return started.astimezone(zone).date() - timedelta(days=1)
    return reported_day(asked, zone.key, clock)


def reported_day(text: Any, zone: str, clock: Clock) -> date:
    """Return the business day that ``text`` (ISO) names.

    Raises:
        InvalidInputError: it is no date, or the day has not ended yet.
    """
    try:
        day = date.fromisoformat(text)
        if day.isoformat() != text:  # weeks and days without hyphens are ISO, too
            raise ValueError
    except (TypeError, ValueError):
        raise InvalidInputError([Problem("date", "no_date", f"{text!r} is no date such as 2025-01-15")]) from None
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    if day >= today:
        message = f"{text} has not ended yet; the last day that has is {today - timedelta(days=1)}"
        raise InvalidInputError([Problem("date", "not_ended", message)])
    if day.year < 2000:
        raise InvalidInputError([Problem("date", "too_early", f"{text} is before 2000")])
    return day
