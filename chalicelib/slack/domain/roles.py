"""Who may do what in Slack.

viewer     look
operator   look, start and stop
approver   look, decide
admin      all of it
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

ROLES = ("viewer", "operator", "approver", "admin")
_BRINGS = {"operator": {"viewer"}, "approver": {"viewer"}, "admin": set(ROLES)}


def may(roles: AbstractSet[str], needed: str) -> bool:
    """Return whether somebody with these roles may do what asks for ``needed``."""
    return any(role == needed or needed in _BRINGS.get(role, set()) for role in roles)
