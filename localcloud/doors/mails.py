"""The mail door: what the application's topics were given to deliver, the latest first.

GET /_localcloud/mails  -> {"mails": [{"number", "at", "topic", "subject", "body", "attributes"}]}
"""

from __future__ import annotations

from typing import Any

from localcloud.local_doors import LocalDoor
from localcloud.mailbox import Mailbox


class MailsDoor(LocalDoor):
    """The box of what topics were given."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def answer(self, method: str, rest: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        """See `LocalDoor.answer`."""
        if method != "GET":
            return 405, {"detail": "mails can only be looked at"}
        mails = [mail.as_json() for mail in reversed(self._mailbox.mails)]
        return 200, {"mails": mails}
