"""An opportunity against the history of past ones."""

from __future__ import annotations

from typing import Any

from chalicelib.core.ai import TextModel
from chalicelib.core.clock import Clock
from chalicelib.opportunities.domain import analysis as rules
from chalicelib.opportunities.domain.catalogue import CREATION, Catalogue
from chalicelib.opportunities.domain.claims import Claim
from chalicelib.opportunities.domain.history import Deal, deals, past_only
from chalicelib.opportunities.domain.profile import profile_of
from chalicelib.opportunities.domain.similar import similar
from chalicelib.opportunities.domain.winning import WinModel, learn
from chalicelib.opportunities.service.requests import Analysis
from chalicelib.opportunities.service.words import words


def analyze(
    analysis: Analysis, rows: list[dict[str, Any]], model: TextModel, catalogue: Catalogue, clock: Clock
) -> dict[str, Any]:
    """Return ``claims, summary, nextSteps, writtenBy, similarOpportunities, winModel, profile``.

    Raises:
        ModelThrottledError, ModelUnavailableError, ModelRefusedError, ModelAnswerError: see there.
    """
    opportunity, today = analysis.opportunity, clock.now().date()
    closed = deals(rows)
    history = past_only(closed, today)
    if not history:
        claims = [Claim("gap", "The query found no closed opportunity: nothing can be compared.")]
        said = words(claims, claims[0].text, ["Load the sales history, then ask again."], model)
        return {"claims": [one.as_dict() for one in claims], **said, "similarOpportunities": [], "winModel": None}
    profile = profile_of(opportunity, history)
    win_model = learn([deal.row for deal in history], [deal.won for deal in history], usable(history, catalogue))
    found = similar(profile, history)
    among, whose = rules.peers(profile, history)
    cycle_claim, cycle = rules.cycle_claim(opportunity, today, among, whose)
    claims = [
        rules.win_claim(win_model, profile, history),
        rules.similar_claim(found),
        cycle_claim,
        rules.discount_claim(among, whose),
        *rules.risk_claims(opportunity, today, profile, history, win_model.base_rate, cycle),
        *rules.doubtful_claims(closed, history),
        *rules.disbelieved_claims(win_model, history),
    ]
    said = words(claims, rules.summary_of(opportunity, claims), rules.next_steps(claims, profile, cycle), model)
    return {
        "claims": [one.as_dict() for one in claims],
        **said,
        "similarOpportunities": rules.similar_rows(found),
        "winModel": _shown(win_model),
    }


def usable(history: list[Deal], catalogue: Catalogue) -> list[str]:
    """Return the result's columns that the catalogue says are known at creation, and are no id and no partition.

    A column the catalogue does not know, such as one a query computed, is not used: it could tell the end.
    """
    known = {
        column.name
        for table in catalogue.tables
        for column in table.columns
        if column.known == CREATION and column.role in ("", "created")
    }
    present = {name for deal in history[:100] for name in deal.row}
    return sorted((known & present) - catalogue.known_after_creation())


def _shown(model: WinModel) -> dict[str, Any]:
    return {
        "baseRate": model.base_rate,
        "signal": model.has_signal,
        "columns": list(model.columns),
        "why": model.evidence.why,
        "leftOut": [{"column": column, "why": why} for column, why in model.evidence.left_out],
        "rows": model.evidence.rows,
        "modelLoss": model.evidence.model_loss,
        "baseLoss": model.evidence.base_loss,
        "standardErrors": model.evidence.standard_errors,
    }
