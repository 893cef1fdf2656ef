"""What the history says of an opportunity, as claims."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.opportunities.domain.claims import Claim, claim, dollars, percent
from chalicelib.opportunities.domain.history import Deal, Spread, spread, win_rate
from chalicelib.opportunities.domain.opportunity import Opportunity
from chalicelib.opportunities.domain.profile import Profile
from chalicelib.opportunities.domain.similar import Similar
from chalicelib.opportunities.domain.winning import LEAST_ROWS, TELLS_THE_END, WinModel

_FEW = 10
"""Fewer deals than this are no ground for a risk."""
_CLEARLY = 2.0
"""Standard errors a rate must lie from the base rate to be worth a word."""
_WORDS = {
    "account": "customer", "sales_price": "list price", "regional_office": "office", "sales_agent": "agent",
    "engage_date": "month",
}  # fmt: skip


def win_claim(model: WinModel, profile: Profile, history: Sequence[Deal]) -> Claim:
    """Say how likely the opportunity is won, with the base rate beside it."""
    if len({deal.won for deal in history}) == 1:
        ended = "won" if history[0].won else "lost"
        text = f"Every closed opportunity that was found ({len(history)}) was {ended}: that tells no chance."
        return claim("gap", text, history)
    chance, base = model.chance(profile.row), model.base_rate
    if not model.has_signal:
        unknown = (
            "There are too few closed opportunities to learn what tells this one from others: "
            if len(history) < LEAST_ROWS
            else "There is no signal in what is known at creation that would tell this opportunity from others: "
        )
        rate = f"{percent(base)} of {len(history)} closed opportunities won"
        text = f"{unknown}the best estimate is the base rate, {rate}."
        return claim("win_probability", text, history, probability=base, baseRate=base, signal=False)
    reasons = [
        f"{_WORDS.get(column, column.replace('_', ' '))} ({'for' if adds > 0 else 'against'} it)"
        for column, adds in model.reasons(profile.row)[:3]
        if abs(adds) >= 0.05
    ]
    because = f"; what moves it most: {', '.join(reasons)}" if reasons else ""
    text = f"Win probability {percent(chance)}; the base rate is {percent(base)}{because}."
    return claim("win_probability", text, history, probability=chance, baseRate=base, signal=True)


def similar_claim(found: Sequence[Similar]) -> Claim:
    """Say how the most similar past opportunities ended."""
    if not found:
        return Claim("gap", "No past opportunity shares customer, product, sector or office with this one.")
    among = [one.deal for one in found]
    won = sum(deal.won for deal in among)
    text = f"Of the {len(among)} most similar closed opportunities {won} were won."
    return Claim(
        "similar", text, {"count": len(among), "won": won}, tuple(deal.id for deal in among), row_count=len(among)
    )


def peers(profile: Profile, history: Sequence[Deal]) -> tuple[list[Deal], str]:
    """Return the deals whose cycle and discount are typical for this one, and what they have in common."""
    for name, column in (("product", profile.product), ("series", profile.series), ("sector", profile.sector)):
        among = [deal for deal in history if column and str(deal.row.get(name) or "") == column]
        if len([deal for deal in among if deal.won]) >= _FEW:
            return among, f"the same {name}"
    return list(history), "all opportunities"


def cycle_claim(
    opportunity: Opportunity, today: date, among: Sequence[Deal], whose: str
) -> tuple[Claim, Spread | None]:
    """Say how long such deals take."""
    timed = [deal for deal in among if deal.won and deal.cycle_days is not None]
    found = spread([float(deal.cycle_days or 0) for deal in timed])
    if found is None:
        return Claim("gap", "Too few won opportunities have both dates to say how long a deal takes."), None
    text = (
        f"Won deals of {whose} took {found.middle:.0f} days in the middle, half of them between "
        f"{found.low:.0f} and {found.high:.0f} days."
    )
    figures = {"median": found.middle, "low": found.low, "high": found.high}
    return claim("cycle", text, timed, **figures, daysLeft=(opportunity.close_date - today).days), found


def discount_claim(among: Sequence[Deal], whose: str) -> Claim:
    """Say what discount such deals closed at."""
    priced = [deal for deal in among if deal.discount is not None]
    found = spread([deal.discount or 0.0 for deal in priced])
    if found is None:
        return Claim("gap", "Too few won opportunities have a list price to say what discount is usual.")
    if abs(found.middle) < 0.005:
        said = "at list price in the middle"
    else:
        said = f"{percent(abs(found.middle))} {'below' if found.middle > 0 else 'above'} list price in the middle"
    figures = {"median": found.middle, "low": found.low, "high": found.high}
    return claim("discount", f"Won deals of {whose} closed {said}.", priced, **figures)


def risk_claims(
    opportunity: Opportunity,
    today: date,
    profile: Profile,
    history: Sequence[Deal],
    base_rate: float,
    cycle: Spread | None,
) -> list[Claim]:
    """Say what speaks against the opportunity, each with the rows that say so."""
    risks = []
    days_left = (opportunity.close_date - today).days
    if days_left < 0:
        text = f"The close date has passed, {-days_left} days ago."
        risks.append(Claim("risk", text, {"daysLeft": days_left}))
    elif cycle is not None and days_left < cycle.low:
        text = (
            f"{days_left} days are left until the close date; three of four such deals took more than "
            f"{cycle.low:.0f} days."
        )
        risks.append(Claim("risk", text, {"daysLeft": days_left, "low": cycle.low}, (), cycle.count))
    if not profile.account:
        risks.append(Claim("gap", "The customer is not in the sales history: nothing is known of how it buys."))
    if not profile.product:
        risks.append(
            Claim("gap", "No product of the history is named: price and cycle are those of all products.")
        )
    for name, value, among in (
        ("this customer", profile.account, [d for d in history if d.account == profile.account]),
        ("this product in this sector", profile.product and profile.sector,
         [d for d in history if d.product == profile.product and d.sector == profile.sector]),
    ):  # fmt: skip
        rate = win_rate(among)
        if not value or rate is None or len(among) < _FEW:
            continue
        error = (base_rate * (1 - base_rate) / len(among)) ** 0.5
        if rate < base_rate - _CLEARLY * error:
            said = f"Of {len(among)} closed opportunities with {name} {percent(rate)} were won"
            text = f"{said}, clearly below the rest."
            risks.append(claim("risk", text, among, rate=rate, baseRate=base_rate))
    return risks


def doubtful_claims(closed: Sequence[Deal], used: Sequence[Deal]) -> list[Claim]:
    """Say which rows were left out because their dates cannot be."""
    known = {deal.id for deal in used}
    left_out = [deal for deal in closed if deal.id not in known]
    if not left_out:
        return []
    text = f"Left out were closed opportunities with a date in the future: {len(left_out)}."
    return [claim("gap", text, left_out)]


def disbelieved_claims(model: WinModel, history: Sequence[Deal]) -> list[Claim]:
    """Say which columns told the end too well to be known at creation."""
    columns = [column for column, why in model.evidence.left_out if why == TELLS_THE_END]
    if not columns:
        return []
    names = ", ".join(_WORDS.get(column, column.replace("_", " ")) for column in columns)
    text = f"Not believed for the win probability: {names}; it {TELLS_THE_END}. Check when it is filled in."
    return [claim("gap", text, history)]


def next_steps(claims: Sequence[Claim], profile: Profile, cycle: Spread | None) -> list[str]:
    """Return what to do next, each step from a claim."""
    steps = []
    kinds = {claim.kind for claim in claims}
    if not profile.account:
        steps.append("Find out the customer's sector and size, and look for references there.")
    if not profile.product:
        steps.append("Name the product that is offered, so that price and cycle can be compared.")
    if any(claim.kind == "risk" and "daysLeft" in claim.figures for claim in claims):
        steps.append("Agree on a later close date or a smaller first order: the time left is unusually short.")
    elif cycle is not None:
        steps.append(f"Plan for a close {cycle.middle:.0f} days after the start, the middle of such deals.")
    if profile.amount and profile.amount_from != "given":
        steps.append(f"Reckon with {dollars(profile.amount)} ({profile.amount_from}) until an amount is agreed.")
    if "similar" in kinds:
        steps.append("Read the similar opportunities that were won, and ask their agents what decided.")
    return steps


def summary_of(opportunity: Opportunity, claims: Sequence[Claim]) -> str:
    """Return the claims that matter most as one text."""
    order = ("win_probability", "similar", "cycle", "discount", "risk")
    said = [claim.text for kind in order for claim in claims if claim.kind == kind]
    return f"{opportunity.customer}, {opportunity.name}: " + " ".join(said)


def similar_rows(found: Sequence[Similar]) -> list[dict[str, Any]]:
    """Return the similar opportunities as they are shown."""
    return [
        {
            "opportunityId": one.deal.id,
            "account": one.deal.account,
            "product": one.deal.product,
            "won": one.deal.won,
            "value": one.deal.value,
            "closed": one.deal.closed.isoformat() if one.deal.closed else None,
            "shared": list(one.shared),
            "score": one.score,
        }
        for one in found
    ]
