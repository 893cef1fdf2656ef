"""What the figures come to, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chalicelib.campaigns.domain import figures, pacing
from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import ContactStatus
from chalicelib.campaigns.domain.figures import Figures, HourFigures
from chalicelib.campaigns.wording import money, percent

FEWEST_CALLS_OF_A_BEST_HOUR = 30
"""Below that an hour's rate says more about chance than about the hour."""


def verdict(found: Figures) -> str:
    """Return the result in one to three sentences.

    >>> verdict(figures.figures({}))
    'The campaign had no contacts: nobody was called.'
    """
    contacts, reached = dict(found.funnel)["contacts"], found.statuses[ContactStatus.REACHED.value]
    if not contacts:
        return "The campaign had no contacts: nobody was called."
    if not found.calls:
        why = _parts(found, _NOT_REACHED)
        return f"None of the {contacts:,} contacts was called{': ' + why if why else ''}."
    price = f" at {money(found.cost_cents_per_reached)} for each of them" if reached and found.cost_cents else ""
    sentences = [
        f"{reached:,} of {contacts:,} contacts were reached ({percent(reached, contacts)}), "
        f"in {found.calls:,} calls{price}."
    ]
    if missed := _parts(found, _NOT_REACHED):
        sentences.append(f"The others: {missed}.")
    if best := best_hour(found):
        sentences.append(
            f"Calls from {best.hour:02}:00 to {best.hour + 1:02}:00 ({best.zone}) were answered most often: "
            f"{percent(best.live, best.calls)} of {best.calls:,}."
        )
    return " ".join(sentences)


def warnings(campaign: Campaign, counts: figures.Counts, found: Figures, today: date) -> Iterator[str]:
    """Yield what the reader must know before trusting or repeating the campaign."""
    yield from (f"The counters do not agree: {mismatch}." for mismatch in found.mismatches)
    abandoned, live = figures.abandoned_and_live(counts, today)
    if pacing.abandonment_rate(abandoned, live) >= pacing.ABANDONMENT_LIMIT:
        yield (
            f"{abandoned:,} of {live:,} live answers in {figures.ABANDONMENT_DAYS} days were abandoned "
            f"({percent(abandoned, live)}); the limit is {100 * pacing.ABANDONMENT_LIMIT:.0f} %."
        )
    unfinished = figures.total_contacts(counts) - figures.completed_contacts(counts)
    if unfinished > 0:
        yield f"{unfinished:,} contacts are in no final state yet: the campaign is {campaign.status.value}."


def best_hour(found: Figures) -> HourFigures | None:
    """Return the hour and zone with the highest connect rate among those with enough calls to tell."""
    enough = [hour for hour in found.hours if hour.calls >= FEWEST_CALLS_OF_A_BEST_HOUR and hour.live]
    return max(enough, key=lambda hour: (hour.connect_rate, hour.calls), default=None)


_NOT_REACHED = {
    ContactStatus.EXHAUSTED: "without success in all attempts",
    ContactStatus.SUPPRESSED: "on a suppression list",
    ContactStatus.INVALID: "with a number that does not exist",
    ContactStatus.EXPIRED: "not called in time",
}


def _parts(found: Figures, words: dict[ContactStatus, str]) -> str:
    parts = [
        f"{found.statuses[status.value]:,} {text}"
        for status, text in words.items()
        if found.statuses[status.value]
    ]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
