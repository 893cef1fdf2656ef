"""Talks with the application as people in Slack do, through the real doors."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from localcloud.demos import Bench
from localcloud.project import LocalProject
from localcloud.standins.slack import PERSON
from localcloud.standins.slack_people import Person, elements

_PATIENCE_SECONDS = 60.0


class Conversation:
    """Says something and waits for what is said in return."""

    def __init__(self, project: LocalProject) -> None:
        self.project, self.slack = project, project.slack

    def person(self, user: str = PERSON, **given: Any) -> Person:
        return Person(self.slack, self.project.slack_url, user, **given)

    def say(self, text: str, user: str = PERSON) -> str:
        """Type a command and return the answer."""
        seen = len(self.slack.responses)
        answer = self.person(user).command(text)
        assert (answer.status, answer.body) == (200, ""), answer
        self.wait(lambda: len(self.slack.responses) > seen)
        return str(self.slack.responses[seen]["text"])

    def press(self, message: dict[str, Any], action_id: str, user: str = PERSON) -> None:
        """Press a button of a message."""
        (button,) = [one for one in elements(message) if one["action_id"] == action_id]
        answer = self.person(user).press(message, button)
        assert (answer.status, answer.body) == (200, ""), answer

    def answered(self, message: dict[str, Any], action_id: str, user: str = PERSON) -> str:
        """Press a button and return what is said to who pressed."""
        seen = len(self.slack.responses)
        self.press(message, action_id, user)
        self.wait(lambda: len(self.slack.responses) > seen)
        return str(self.slack.responses[seen]["text"])

    def wait(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not ready():
            assert time.monotonic() < deadline, "nothing was answered"
            time.sleep(0.02)

    def rows(self, table: str) -> list[dict[str, Any]]:
        found = self.project.cloud.client("dynamodb").scan(TableName=f"signalbox-local-{table}")
        return list(found["Items"])

    def settled(self) -> None:
        """Wait until every order is done."""
        orders = [row for row in self.rows("slack") if row["pk"]["S"].startswith("order#")]
        self.wait(lambda: all(row["state"]["S"] == "done" for row in orders) or self._again(orders))

    def _again(self, orders: list[dict[str, Any]]) -> bool:
        orders[:] = [row for row in self.rows("slack") if row["pk"]["S"].startswith("order#")]
        return False

    def api(self, method: str, path: str, body: Any = None) -> Any:
        p = self.project
        return Bench(p.api_url, p.cloud, p.carrier, p.slack, p.kept_in, p.token).api(method, path, body)
