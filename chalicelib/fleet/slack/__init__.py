"""What the desk offers the people in Slack: incidents' and contracts' words, joined.

`COMMANDS`, `ACTIONS` and `MESSAGES` are what `chalicelib.core.slack` describes.
"""

from __future__ import annotations

from chalicelib.fleet.slack import contracts, incidents

COMMANDS = (*incidents.COMMANDS, *contracts.COMMANDS)
ACTIONS = (*incidents.ACTIONS, *contracts.ACTIONS)
MESSAGES = {**incidents.MESSAGES, **contracts.MESSAGES}
