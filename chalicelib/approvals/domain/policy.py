"""Who is asked: by the kind of the question and by the amount at stake.

A policy is data (docs/approvals.md shows one). A kind has bands, each for amounts up to a limit of one currency;
the last has no limit. A band has levels, asked one after the other. An unknown amount, or one in a currency that
no band knows, takes the last band: what is not known is treated as the highest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from chalicelib.core.errors import Problem


@dataclass(frozen=True, slots=True)
class Band:
    """Who approves amounts up to a limit."""

    levels: tuple[tuple[str, ...], ...]
    up_to_cents: int | None = None
    """Included, in the currency's minor unit; None: no limit."""
    currency: str | None = None
    """ISO 4217, with ``up_to_cents``."""


@dataclass(frozen=True, slots=True)
class KindPolicy:
    """Who approves one kind of question."""

    bands: tuple[Band, ...]
    channel: str = ""
    """Slack channel of its messages; empty: the policy's."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who approves what."""

    kinds: dict[str, KindPolicy]
    channel: str = ""
    """Slack channel of kinds that name none; empty: nothing is said in Slack."""
    people: dict[str, str] = field(default_factory=dict)
    """Another name of a person (Slack id, an API token's holder) -> the one used everywhere, an e-mail address."""
    admins: tuple[str, ...] = ()
    """Who may enter a delegation for somebody else."""

    def person(self, name: str) -> str:
        """Return the one name of a person: without it, four eyes could be two of the same person's."""
        known = self.people.get(name, name).strip()
        return known.lower() if "@" in known else known

    def slack_ids(self, person: str) -> tuple[str, ...]:
        """Return the Slack ids of a person."""
        if is_slack_id(person):
            return (person,)
        return tuple(name for name in self.people if is_slack_id(name) and self.person(name) == person)

    def levels(self, kind: str, amount_cents: int | None, currency: str | None) -> tuple[tuple[str, ...], ...]:
        """Return who is asked, level by level; empty for a kind the policy does not know."""
        known = self.kinds.get(kind)
        if known is None:
            return ()
        for band in known.bands:
            if band.up_to_cents is None:
                break
            if amount_cents is not None and band.currency == currency and amount_cents <= band.up_to_cents:
                break
        else:
            return ()
        return tuple(tuple(self.person(who) for who in level) for level in band.levels)

    def channel_of(self, kind: str) -> str:
        """Return the Slack channel for questions of this kind."""
        known = self.kinds.get(kind)
        return (known.channel if known else "") or self.channel


def is_slack_id(name: str) -> bool:
    """Say whether ``name`` has the form of a Slack user's id, ``U0ABC123``."""
    return len(name) > 1 and name[0] in "UW" and name.isalnum() and name.isupper()


def askable(levels: Iterable[Iterable[str]], *, askers: AbstractSet[str]) -> tuple[tuple[str, ...], ...]:
    """Return the levels without whose question it is (four eyes), people asked before and empty levels."""
    asked = set(askers)
    kept = []
    for level in levels:
        people = tuple(dict.fromkeys(who for who in level if who not in asked))
        asked.update(people)
        if people:
            kept.append(people)
    return tuple(kept)


def problems(policy: Policy) -> list[Problem]:
    """Return everything that is wrong with a policy."""
    return [
        problem
        for kind, known in policy.kinds.items()
        for problem in _band_problems(known.bands, f"kinds.{kind}.bands")
    ]


def _band_problems(bands: tuple[Band, ...], at: str) -> Iterator[Problem]:
    if not bands or bands[-1].up_to_cents is not None:
        yield Problem(at, "no_last_band", "the last band must have no limit, so that every amount has approvers")
    highest: dict[str | None, int] = {}
    for i, band in enumerate(bands):
        place = f"{at}[{i}]"
        if band.up_to_cents is None and i < len(bands) - 1:
            yield Problem(f"{place}.upToCents", "limit_missing", "only the last band may have no limit")
        if (band.up_to_cents is None) != (band.currency is None):
            yield Problem(f"{place}.currency", "limit_and_currency", "a limit needs a currency, and the other way")
        if band.up_to_cents is not None:
            if band.up_to_cents <= highest.get(band.currency, -1):
                yield Problem(f"{place}.upToCents", "not_rising", "must be above the limit of the band before")
            highest[band.currency] = max(band.up_to_cents, highest.get(band.currency, -1))
        if not band.levels:
            yield Problem(f"{place}.levels", "no_levels", "names nobody")
        for n, level in enumerate(band.levels):
            if not level or not all(who.strip() for who in level):
                yield Problem(f"{place}.levels[{n}]", "no_approver", "names nobody, or somebody without a name")
