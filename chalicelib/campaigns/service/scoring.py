"""Which model says who is called first."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.campaigns.domain import priority
from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import Contact
from chalicelib.campaigns.ports.files import Models
from chalicelib.core.errors import NotFoundError


def model_of(campaign: Campaign, models: Models) -> priority.Model:
    """Return the campaign's own model, or the documented prior when it names none.

    Raises:
        NotFoundError: it names a model that does not exist.
        InvalidInputError: what is stored is no model; every problem is named.
    """
    if campaign.model_key is None:
        return priority.PRIOR
    stored = models.read(campaign.model_key)
    if stored is None:
        raise NotFoundError(f"the priority model {campaign.model_key} does not exist in the assets bucket")
    return priority.from_json(stored)


def scorer_of(campaign: Campaign, models: Models) -> Callable[[Contact], float]:
    """Return what tells the probability, 0 to 1, that a call reaches a contact; errors as `model_of`."""
    score = priority.scorer(model_of(campaign, models))
    return lambda contact: score(priority.known_of(contact))
