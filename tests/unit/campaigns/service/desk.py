"""The services' surroundings in memory, and short ways to put a contact into a state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import Contact, Disposition
from chalicelib.campaigns.ports.calls import CallOutcome, DialTask
from chalicelib.campaigns.ports.stores import Arrival
from chalicelib.campaigns.service import dialing, dispatching, settling, watching
from chalicelib.core.clock import FixedClock
from tests.fakes.campaigns.calls import FakeCarrier, FakeDialQueue, body_of
from tests.fakes.campaigns.samples import MONDAY_NOON, RUN_ARN, campaign
from tests.fakes.campaigns.stores import FakeCampaignStore, FakeContactStore, FakePeople


class Desk:
    """One campaign with its contacts and everything that acts on them."""

    def __init__(self, *contacts: Contact, at: datetime = MONDAY_NOON, **changes: Any) -> None:
        self.clock = FixedClock(at)
        self.campaigns, self.people = FakeCampaignStore(), FakePeople()
        self.contacts = FakeContactStore(self.campaigns, self.people)
        self.queue, self.carrier = FakeDialQueue(), FakeCarrier()
        self.settle = settling.Ports(self.campaigns, self.contacts, self.people, self.carrier)
        self.dial_ports = dialing.Ports(
            self.campaigns, self.contacts, self.people, self.carrier, self.queue, self.settle
        )
        self.dispatch_ports = dispatching.Ports(self.campaigns, self.contacts, self.people, self.queue)
        self.watch_ports = watching.Ports(self.campaigns, self.contacts, self.queue, self.settle)
        self.run = dispatching.Run("spring", 1, RUN_ARN, at)
        self.campaigns.create(campaign(**changes))
        self.contacts.add("spring", "upload", [Arrival(line, c) for line, c in enumerate(contacts, start=2)])
        self.result: dict[str, Any] = {"turn": 0, "historyEvents": 8, "waitSeconds": 60}

    def dispatch(self) -> dispatching.Wave:
        return dispatching.dispatch(self.run, self.dispatch_ports, self.clock)

    def dial(self, *tasks: DialTask) -> list[str]:
        """Deliver ``tasks``, or all that was sent; return the places of those that must come again."""
        waiting = tasks or tuple(self.queue.sent)
        self.queue.sent.clear()
        messages = [(str(place), body_of(task)) for place, task in enumerate(waiting)]
        return dialing.dial(messages, self.dial_ports, self.clock)

    def end(self, attempt_key: str, disposition: Disposition) -> bool:
        return settling.settle(CallOutcome(attempt_key, "call", disposition, self.clock.at, 20.0, 2), self.settle)

    def check(self) -> dict[str, Any]:
        turn = watching.Turn(self.run, self.result, 0, 0)
        self.result = watching.check(turn, self.watch_ports, self.clock)
        return self.result

    def later(self, **span: float) -> None:
        self.clock.at += timedelta(**span)

    def contact(self, number: int) -> Contact:
        return self.contacts.contacts["spring"][f"c{number:07d}"]

    def set_campaign(self, after: Campaign) -> None:
        self.campaigns.campaigns[after.id] = after
