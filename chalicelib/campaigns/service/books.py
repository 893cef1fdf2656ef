"""A campaign's worked-out windows, kept from one batch of messages to the next.

Working out the windows of a dozen zone sets costs more than judging a batch of ten contacts by them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.windows import WindowBook

KEPT = 16
_kept: OrderedDict[tuple[object, ...], WindowBook] = OrderedDict()


def book_of(campaign: Campaign) -> WindowBook:
    """Return the windows of ``campaign`` as it is now, for this thread."""
    key = (
        threading.get_ident(),
        campaign.id,
        campaign.windows,
        campaign.end_at,
        campaign.restricted_dates,
        campaign.holiday_calendars,
    )
    book = _kept.get(key)
    if book is None:
        book = _kept[key] = WindowBook(campaign)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return book
