"""Counters, and what progress and reports say of them.

A campaign is never counted by scanning its contacts: every write that moves a contact adds to counters in
the same transaction. What to add is decided here (`arrived`, `moved`, `called`, `held`), and so is what the
sums mean, so that whoever writes and whoever reads agree on every name. `mismatches` proves the sums.

    total                          contacts taken in                    rows:invalid, rows:duplicate
    status:<status>                contacts in this state now           held:<reason>      contacts turned away
    call:<disposition>             calls ended so                       cost:cents, talk:seconds
    attempt:<n>                    calls that were an n-th attempt      day:<date>:live, day:<date>:abandoned
    hour:<zone>:<hh>:calls, :live  by the contact's wall clock
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.campaigns.domain.contact import FINAL_CONTACT_STATUSES, Contact, ContactStatus, Disposition
from chalicelib.campaigns.domain.holds import HoldReason
from chalicelib.campaigns.domain.windows import zone_of

Counts = Mapping[str, int]
"""Counter name -> sum, or what to add to it. A name that is missing is zero."""

TOTAL = "total"
ROWS_INVALID = "rows:invalid"
ROWS_DUPLICATE = "rows:duplicate"
COST_CENTS = "cost:cents"
TALK_SECONDS = "talk:seconds"

LIVE = frozenset({Disposition.ANSWERED, Disposition.OPTED_OUT, Disposition.ABANDONED})
"""Dispositions of calls a person picked up."""

SEVERAL_ZONES, NO_ZONE = "several", "unknown"

ABANDONMENT_DAYS = 30


def status_key(status: ContactStatus) -> str:
    """Return the counter of contacts that are in ``status`` now."""
    return f"status:{status.value}"


def disposition_key(disposition: Disposition) -> str:
    """Return the counter of calls that ended with ``disposition``."""
    return f"call:{disposition.value}"


def attempt_key(number: int) -> str:
    """Return the counter of calls that were the ``number``-th attempt at their contact, from 1."""
    return f"attempt:{number}"


def hour_key(zone: str, hour: int, what: str) -> str:
    """Return the counter of ``calls`` or ``live`` answers in an hour (0 to 23) of the wall clock of ``zone``.

    >>> hour_key("America/New_York", 9, "live")
    'hour:America/New_York:09:live'
    """
    return f"hour:{zone}:{hour:02}:{what}"


def day_key(day: date, what: str) -> str:
    """Return the counter of ``live`` answers or ``abandoned`` calls of a day (UTC)."""
    return f"day:{day.isoformat()}:{what}"


def hold_key(reason: HoldReason) -> str:
    """Return the counter of contacts turned away for ``reason``, once each time they were looked at."""
    return f"held:{reason.value}"


def zone_label(zones: tuple[str, ...]) -> str:
    """Return the name under which a contact is counted: its zone, ``several`` or ``unknown``."""
    if not zones:
        return NO_ZONE
    return zones[0] if len(zones) == 1 else SEVERAL_ZONES


def arrived(contacts: int = 1) -> dict[str, int]:
    """Return what so many new contacts add."""
    return {TOTAL: contacts, status_key(ContactStatus.PENDING): contacts}


def moved(before: ContactStatus, after: ContactStatus) -> dict[str, int]:
    """Return what a contact's change of state adds; nothing when it stays."""
    return {} if before is after else {status_key(before): -1, status_key(after): 1}


def called(
    contact: Contact,
    disposition: Disposition,
    *,
    placed_at: datetime,
    talk_seconds: float = 0.0,
    cost_cents: int = 0,
) -> dict[str, int]:
    """Return what one ended call adds; ``contact`` is as it was while CALLING, ``placed_at`` when it began."""
    zone = zone_of(contact.zones[0]) if contact.zones else None
    hour = placed_at.astimezone(zone).hour if zone else placed_at.hour
    label = zone_label(contact.zones)
    counts = {
        disposition_key(disposition): 1,
        attempt_key(contact.attempt): 1,
        hour_key(label, hour, "calls"): 1,
        COST_CENTS: cost_cents,
        TALK_SECONDS: round(talk_seconds),
    }
    if disposition in LIVE:
        counts[hour_key(label, hour, "live")] = 1
        counts[day_key(placed_at.date(), "live")] = 1
    if disposition is Disposition.ABANDONED:
        counts[day_key(placed_at.date(), "abandoned")] = 1
    return {name: count for name, count in counts.items() if count}


def held(reasons: Mapping[HoldReason, int]) -> dict[str, int]:
    """Return what a dispatcher adds that turned so many contacts away."""
    return {hold_key(reason): count for reason, count in reasons.items() if count}


def total_contacts(counts: Counts) -> int:
    """Return the contacts taken in."""
    return counts.get(TOTAL, 0)


def in_status(counts: Counts, *statuses: ContactStatus) -> int:
    """Return the contacts that are in one of ``statuses``."""
    return sum(counts.get(status_key(status), 0) for status in statuses)


def completed_contacts(counts: Counts) -> int:
    """Return the contacts in a final state."""
    return in_status(counts, *FINAL_CONTACT_STATUSES)


def completion_percentage(counts: Counts) -> float:
    """Return completed of all contacts in percent, two digits; 100 only when all are."""
    total, completed = total_contacts(counts), completed_contacts(counts)
    if total == 0:
        return 0.0
    return 100.0 if completed == total else min(99.99, round(100 * completed / total, 2))


def abandoned_and_live(counts: Counts, today: date) -> tuple[int, int]:
    """Return (abandoned calls, live answers) of the last 30 days (UTC), today included."""
    days = [today - timedelta(days=back) for back in range(ABANDONMENT_DAYS)]
    abandoned, live = (sum(counts.get(day_key(day, what), 0) for day in days) for what in ("abandoned", "live"))
    return abandoned, live


@dataclass(frozen=True, slots=True)
class HourFigures:
    """One hour of one zone's wall clock."""

    zone: str
    hour: int
    calls: int
    live: int
    connect_rate: float
    """Live answers of calls, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report says, every number a counter or a sum of counters."""

    funnel: tuple[tuple[str, int], ...]
    """(stage, rows or contacts), each stage a part of the one before."""
    statuses: dict[str, int]
    dispositions: dict[str, int]
    attempts: dict[int, int]
    """n -> calls that were an n-th attempt."""
    calls: int
    live: int
    connect_rate: float
    hours: tuple[HourFigures, ...]
    """By zone and hour, hours without a call left out."""
    held: dict[str, int]
    rows_invalid: int
    rows_duplicate: int
    cost_cents: int
    cost_cents_per_reached: float
    talk_seconds: int
    mismatches: tuple[str, ...]
    """Sums that do not agree; empty unless something is broken."""


def figures(counts: Counts) -> Figures:
    """Return what a report says of the counters."""
    dispositions = {d.value: counts.get(disposition_key(d), 0) for d in Disposition}
    calls, live = sum(dispositions.values()), sum(dispositions[d.value] for d in LIVE)
    reached = in_status(counts, ContactStatus.REACHED)
    cost = counts.get(COST_CENTS, 0)
    return Figures(
        funnel=(
            ("rows", total_contacts(counts) + counts.get(ROWS_INVALID, 0) + counts.get(ROWS_DUPLICATE, 0)),
            ("contacts", total_contacts(counts)),
            ("called", counts.get(attempt_key(1), 0)),
            ("reached", reached),
        ),
        statuses={status.value: in_status(counts, status) for status in ContactStatus},
        dispositions=dispositions,
        attempts=_attempts(counts),
        calls=calls,
        live=live,
        connect_rate=_share(live, calls),
        hours=_hours(counts),
        held={reason.value: counts[hold_key(reason)] for reason in HoldReason if counts.get(hold_key(reason))},
        rows_invalid=counts.get(ROWS_INVALID, 0),
        rows_duplicate=counts.get(ROWS_DUPLICATE, 0),
        cost_cents=cost,
        cost_cents_per_reached=_share(cost, reached),
        talk_seconds=counts.get(TALK_SECONDS, 0),
        mismatches=tuple(mismatches(counts)),
    )


def mismatches(counts: Counts) -> list[str]:
    """Return each sum that does not agree with its parts, in words; empty when all do."""
    total, states = total_contacts(counts), in_status(counts, *ContactStatus)
    calls = sum(counts.get(disposition_key(disposition), 0) for disposition in Disposition)
    by_attempt = sum(_attempts(counts).values())
    by_hour = sum(hour.calls for hour in _hours(counts))
    live = sum(counts.get(disposition_key(disposition), 0) for disposition in LIVE)
    live_by_hour = sum(hour.live for hour in _hours(counts))
    checks = [
        (total == states, f"{total} contacts came in, {states} are in some state"),
        (calls == by_attempt, f"{calls} calls by disposition, {by_attempt} by attempt"),
        (calls == by_hour, f"{calls} calls by disposition, {by_hour} by hour"),
        (live == live_by_hour, f"{live} live answers by disposition, {live_by_hour} by hour"),
    ]
    negative = [f"{name} is {count}" for name, count in sorted(counts.items()) if count < 0]
    return [text for holds, text in checks if not holds] + negative


def _attempts(counts: Counts) -> dict[int, int]:
    prefix = attempt_key(0).removesuffix("0")
    found = {int(name.removeprefix(prefix)): count for name, count in counts.items() if name.startswith(prefix)}
    return dict(sorted(found.items()))


def _hours(counts: Counts) -> tuple[HourFigures, ...]:
    sums: Counter[tuple[str, int, str]] = Counter()
    for name, count in counts.items():
        if name.startswith("hour:"):
            _, zone, hour, what = name.split(":")
            sums[zone, int(hour), what] = count
    places = sorted({(zone, hour) for zone, hour, _ in sums})
    return tuple(
        HourFigures(zone, hour, calls, live, _share(live, calls))
        for zone, hour in places
        for calls, live in [(sums[zone, hour, "calls"], sums[zone, hour, "live"])]
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
