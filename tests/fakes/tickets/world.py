"""The index, the embedding model and Slack, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.core.ai.embedded import HashingEmbeddingModel
from chalicelib.core.slack import Message, Posted
from chalicelib.tickets.errors import IndexModelError, IndexUnavailableError
from chalicelib.tickets.ports.index import IndexedTicket, VectorIndex
from chalicelib.tickets.ports.slack import Messenger


class FakeIndex(VectorIndex):
    def __init__(self) -> None:
        self.model_id, self.dimension = HashingEmbeddingModel.model_id, HashingEmbeddingModel.dimension
        self.tickets: dict[str, IndexedTicket] = {}
        self.hidden_looks = 0
        """As many looks do not show what was put."""
        self.is_down = False

    def upsert(self, tickets: Sequence[IndexedTicket]) -> None:
        if self.is_down:
            raise IndexUnavailableError("down")
        for one in tickets:
            if one.model_id != self.model_id or len(one.vector) != self.dimension:
                raise IndexModelError(f"{one.model_id} met an index of {self.model_id}")
            self.tickets[one.ticket_id] = one

    def has(self, ticket_id: str) -> bool:
        if self.is_down:
            raise IndexUnavailableError("down")
        if ticket_id in self.tickets and self.hidden_looks:
            self.hidden_looks -= 1
            return False
        return ticket_id in self.tickets


class FakeMessenger(Messenger):
    """Takes messages as Slack does through `chalicelib.core.slack`: a key is said once."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, Message]] = []
        self.error: Exception | None = None

    def post(self, channel: str, message: Message) -> Posted:
        if self.error is not None:
            raise self.error
        for number, (where, earlier) in enumerate(self.messages):
            if message.key and (where, earlier.key) == (channel, message.key):
                return Posted(channel, f"1.{number}")
        self.messages.append((channel, message))
        return Posted(channel, f"1.{len(self.messages) - 1}")

    def update(self, posted: Posted, message: Message) -> None:
        number = int(posted.ts.partition(".")[2])
        self.messages[number] = (posted.channel, message)

    def said(self, beginning: str) -> list[Message]:
        """Return the messages whose key begins so."""
        return [message for _, message in self.messages if message.key.startswith(beginning)]
