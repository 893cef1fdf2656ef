"""Which funding programmes fit an opportunity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.core.ai import TextModel
from chalicelib.core.clock import Clock
from chalicelib.opportunities.domain import funding as rules
from chalicelib.opportunities.domain.history import deals, past_only
from chalicelib.opportunities.domain.profile import profile_of
from chalicelib.opportunities.service.requests import Analysis
from chalicelib.opportunities.service.words import words


def find_funding(
    analysis: Analysis,
    rows: list[dict[str, Any]],
    model: TextModel,
    programmes: Sequence[rules.Programme],
    clock: Clock,
) -> dict[str, Any]:
    """Return ``claims, summary, nextSteps, writtenBy, programmes, facts``.

    Raises:
        ModelThrottledError, ModelUnavailableError, ModelRefusedError, ModelAnswerError: see there.
    """
    opportunity, today = analysis.opportunity, clock.now().date()
    history = past_only(deals(rows), today)
    profile = profile_of(opportunity, history)
    facts = rules.facts_of(opportunity, profile, history, today)
    judged = [rules.judged(programme, facts, opportunity) for programme in programmes]
    claims = rules.funding_claims(judged, profile, history)
    steps = [f"Apply for {one['name']} by {one['closes']}." for one in judged if one["status"] == rules.ELIGIBLE]
    summary = f"{opportunity.customer}, {opportunity.name}: " + " ".join(
        one.text for one in claims if one.kind == "funding"
    )
    said = words(claims, summary, steps or ["Ask for what is not known, then ask again."], model)
    return {"claims": [one.as_dict() for one in claims], **said, "programmes": judged, "facts": facts}
