"""What to sell next to a customer, and the queries that ask further."""

from __future__ import annotations

from typing import Any

from chalicelib.core.ai import TextModel
from chalicelib.opportunities.domain import follow_on as rules
from chalicelib.opportunities.domain.history import Deal, deals
from chalicelib.opportunities.domain.profile import Profile, profile_of
from chalicelib.opportunities.domain.questions import BUYERS_OF_BOTH, FURTHER_PARAMETERS
from chalicelib.opportunities.ports.guarding import QueryGuard
from chalicelib.opportunities.service.requests import Analysis
from chalicelib.opportunities.service.words import words


def find_follow_on(
    analysis: Analysis, rows: list[dict[str, Any]], model: TextModel, guard: QueryGuard
) -> dict[str, Any]:
    """Return ``claims, summary, nextSteps, writtenBy, suggestions, queries``.

    Raises:
        ModelThrottledError, ModelUnavailableError, ModelRefusedError, ModelAnswerError: see there.
    """
    history = deals(rows)
    profile = profile_of(analysis.opportunity, history)
    product = _starting_point(profile, history)
    found = rules.suggestions(product, profile.sector, history)
    claims = rules.follow_on_claims(product, found, history)
    opportunity = analysis.opportunity
    summary = f"{opportunity.customer}, {opportunity.name}: " + " ".join(one.text for one in claims)
    steps = [f"Offer {one.product} after {one.after}." for one in found] or [
        "Ask the customer what it plans next."
    ]
    safe = guard.check(BUYERS_OF_BOTH, FURTHER_PARAMETERS)
    queries = [
        {
            "question": f"Who bought {one.product} after {one.after}?",
            "sql": safe.sql,
            "parameters": [{"after": one.after, "product": one.product}[name] for name in safe.parameters],
        }
        for one in found
    ]
    return {
        "claims": [one.as_dict() for one in claims],
        **words(claims, summary, steps, model),
        "suggestions": [one.as_dict() for one in found],
        "queries": queries,
    }


def _starting_point(profile: Profile, history: list[Deal]) -> str:
    """Return the product that others follow: the opportunity's own, or the customer's last."""
    if profile.product:
        return profile.product
    own = [deal for deal in history if profile.account and deal.account == profile.account and deal.won]
    return own[-1].product if own else ""
