"""Slack's door: what is said in the stand-in, and what its people do.

GET  /_localcloud/slack          -> {"people", "channels": name by id; "messages", "views": as Slack has them}
POST /_localcloud/slack/command  {"as"?, "text": "/campaign list"}            what the application answered at once
POST /_localcloud/slack/press    {"as"?, "ts", "action_id", "value"?}
POST /_localcloud/slack/submit   {"as"?, "view_id", "inputs": {block_id: text}}
POST /_localcloud/slack/close    {"view_id"}                                  a modal goes away unsubmitted
"""

from __future__ import annotations

from typing import Any

from localcloud.local_doors import LocalDoor
from localcloud.standins.slack import PEOPLE, SlackError, Workspace
from localcloud.standins.slack_people import do


class SlackDoor(LocalDoor):
    """One workspace."""

    def __init__(self, workspace: Workspace, slack_url: str) -> None:
        self._workspace, self._slack_url = workspace, slack_url

    def answer(self, method: str, rest: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """See `LocalDoor.answer`."""
        if method == "GET":
            return 200, self._seen()
        if not isinstance(body, dict):
            return 422, {"detail": "the body must say what is done, as a JSON object"}
        try:
            if rest == "close":
                self._workspace.close_view(str(body["view_id"]))
                return 200, {}
            return 200, do(self._workspace, self._slack_url, rest, body)
        except KeyError as error:
            return 422, {"detail": f"{error.args[0]} is missing"}
        except SlackError as error:
            return 422, {"detail": str(error)}

    def _seen(self) -> dict[str, Any]:
        workspace = self._workspace
        return {
            "people": PEOPLE,
            "channels": dict(workspace.channels),
            "messages": list(workspace.messages),
            "views": list(workspace.views),
        }
