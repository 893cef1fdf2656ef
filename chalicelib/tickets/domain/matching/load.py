"""Work spreads: an expert's score falls with the tickets they hold and with their share of the week's."""

from __future__ import annotations

_FULL_DESK = 0.7
"""Taken from the score of somebody at capacity, in log odds: a half as probable."""
_FAIR_SHARE = 0.3
_WHOLE_WEEK = 1.0
"""Taken from the score of somebody who solved every ticket of the week, in proportion above the fair share."""


def penalty(open_assignments: int, capacity: int, share_of_week: float) -> float:
    """Return what is taken from an expert's score, in log odds; 0 for an empty desk and a fair share.

    >>> penalty(5, 10, 0.2)
    0.35
    """
    held = min(1.0, open_assignments / max(1, capacity))
    beyond = max(0.0, share_of_week - _FAIR_SHARE) / (1.0 - _FAIR_SHARE)
    return _FULL_DESK * held + _WHOLE_WEEK * beyond
