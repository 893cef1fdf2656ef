"""Which funding programmes fit an opportunity: rules as data, and why each passed or failed.

A programme (data/funding_programmes.json) is open between two dates, pays a share of the deal up to a most, and
has rules: a fact, a comparison, a value. A rule whose fact is not known is neither passed nor failed, and said so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chalicelib.opportunities.domain.claims import Claim, cited, dollars
from chalicelib.opportunities.domain.history import Deal, as_number
from chalicelib.opportunities.domain.opportunity import Opportunity
from chalicelib.opportunities.domain.profile import Profile

ELIGIBLE, NOT_ELIGIBLE, UNDECIDED = "eligible", "not_eligible", "undecided"
_RECENT = timedelta(days=2 * 365)

_COMPARISONS: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    "at_least": (lambda fact, value: fact >= value, "at least"),
    "at_most": (lambda fact, value: fact <= value, "at most"),
    "is": (lambda fact, value: fact == value, ""),
    "one_of": (lambda fact, value: fact in value, "one of"),
    "none_of": (lambda fact, value: fact not in value, "none of"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition of a programme."""

    fact: str
    comparison: str
    value: Any
    words: str
    """The fact, for people: "the deal's amount"."""


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme."""

    id: str
    name: str
    opens: date
    closes: date
    share: float
    """Of the deal's amount."""
    most: float
    """US dollars at most."""
    rules: tuple[Rule, ...]


def programmes_of(data: Sequence[Mapping[str, Any]]) -> tuple[Programme, ...]:
    """Return the programmes of the parsed file.

    Raises:
        KeyError, ValueError: the file lacks something.
    """
    return tuple(
        Programme(
            id=str(one["id"]),
            name=str(one["name"]),
            opens=date.fromisoformat(one["opens"]),
            closes=date.fromisoformat(one["closes"]),
            share=float(one["share"]),
            most=float(one["most"]),
            rules=tuple(
                Rule(str(r["fact"]), _known(str(r["comparison"])), r["value"], str(r["words"]))
                for r in one["rules"]
            ),
        )
        for one in data
    )


def facts_of(opportunity: Opportunity, profile: Profile, history: Sequence[Deal], today: date) -> dict[str, Any]:
    """Return what rules are asked of; None is not known."""
    own = [deal for deal in history if profile.account and deal.account == profile.account]
    recent = [deal for deal in own if deal.won and deal.closed and deal.closed >= today - _RECENT]
    return {
        "amount": profile.amount,
        "days_to_close": (opportunity.close_date - today).days,
        "sector": profile.sector or None,
        "series": profile.series or None,
        "product": profile.product or None,
        "employees": as_number(profile.row.get("employees")),
        "revenue_millions": as_number(profile.row.get("revenue")),
        "country": profile.row.get("office_location") or None,
        "deals_won": len([deal for deal in own if deal.won]) if profile.account else None,
        "deals_won_recently": len(recent) if profile.account else None,
        "new_customer": not any(deal.won for deal in own),
    }


def judged(programme: Programme, facts: Mapping[str, Any], opportunity: Opportunity) -> dict[str, Any]:
    """Return a programme with the outcome of each rule, and what it would pay."""
    outcomes = [_of_dates(programme, opportunity.close_date)]
    outcomes += [_of_rule(rule, facts.get(rule.fact)) for rule in programme.rules]
    passed = [outcome["passed"] for outcome in outcomes]
    status = NOT_ELIGIBLE if False in passed else (UNDECIDED if None in passed else ELIGIBLE)
    amount = facts.get("amount")
    pays = None
    if status == ELIGIBLE and amount is not None:
        pays = round(min(programme.most, programme.share * float(amount)), 2)
    return {
        "id": programme.id,
        "name": programme.name,
        "status": status,
        "amount": pays,
        "share": programme.share,
        "most": programme.most,
        "closes": programme.closes.isoformat(),
        "rules": outcomes,
    }


def funding_claims(found: Sequence[Mapping[str, Any]], profile: Profile, history: Sequence[Deal]) -> list[Claim]:
    """Say which programmes fit; the customer's own deals are what the facts stand on."""
    own = [deal for deal in history if profile.account and deal.account == profile.account]
    rows, count = cited(own), len(own)
    fitting = [one for one in found if one["status"] == ELIGIBLE]
    claims = [
        Claim(
            "funding",
            f"{one['name']} fits: every rule passed"
            + (f"; it would pay up to {dollars(one['amount'])}." if one["amount"] is not None else "."),
            {"amount": one["amount"], "most": one["most"], "share": one["share"]},
            rows,
            count,
        )
        for one in fitting
    ]
    for one in found:
        if one["status"] == UNDECIDED:
            missing = ", ".join(rule["words"] for rule in one["rules"] if rule["passed"] is None)
            claims.append(
                Claim("gap", f"{one['name']} cannot be decided: not known is {missing}.", {}, rows, count)
            )
    if not fitting:
        text = f"None of {len(found)} programmes fits for certain."
        claims.insert(0, Claim("funding", text, {"programmes": len(found)}, rows, count))
    return claims


def _of_dates(programme: Programme, closes: date) -> dict[str, Any]:
    inside = programme.opens <= closes <= programme.closes
    reason = (
        f"the deal is to close on {closes}; the programme is open from {programme.opens} to {programme.closes}"
    )
    return {"fact": "close_date", "words": "the close date", "passed": inside, "reason": reason}


def _of_rule(rule: Rule, fact: Any) -> dict[str, Any]:
    compare, words = _COMPARISONS[rule.comparison]
    wanted = ", ".join(map(str, rule.value)) if isinstance(rule.value, list) else str(rule.value)
    needed = f"{words} {wanted}".strip()
    if fact is None:
        passed, reason = None, f"{rule.words} is not known; it must be {needed}"
    else:
        passed = compare(fact, rule.value)
        reason = f"{rule.words} is {fact}; it must be {needed}"
    return {"fact": rule.fact, "words": rule.words, "passed": passed, "reason": reason}


def _known(comparison: str) -> str:
    if comparison not in _COMPARISONS:
        raise ValueError(f"{comparison!r} is no comparison; known are {', '.join(_COMPARISONS)}")
    return comparison
