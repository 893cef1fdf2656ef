"""A world in which all goes wrong that may: processes die, messages and events come twice, late or never."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar

from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import Contact, Disposition
from chalicelib.campaigns.ports.calls import Call, CallOutcome, DialTask
from chalicelib.campaigns.ports.stores import Arrival
from chalicelib.campaigns.service import dialing, dispatching, settling, watching
from chalicelib.core.clock import FixedClock
from tests.fakes.campaigns.calls import FakeCarrier, FakeDialQueue, body_of
from tests.fakes.campaigns.samples import RUN_ARN
from tests.fakes.campaigns.stores import FakeCampaignStore, FakeContactStore, FakePeople
from tests.fakes.kill import KilledError, KillSwitch

T = TypeVar("T")
VISIBILITY = timedelta(seconds=180)
DISPOSITIONS = (
    Disposition.ANSWERED,
    Disposition.NO_ANSWER,
    Disposition.BUSY,
    Disposition.OPTED_OUT,
    Disposition.FAILED,
    Disposition.INVALID_NUMBER,
)


class RoughWorld:
    """Runs one campaign to its end by the real services, and notes every ring of a telephone."""

    def __init__(
        self, campaign: Campaign, contacts: list[Contact], start: datetime, *, kill_at: int | None, seed: int
    ) -> None:
        self.switch = KillSwitch()
        self.clock = FixedClock(start)
        self._random = Random(seed)
        self.rough = seed != 0
        """Seed 0: nothing goes wrong but the one death."""
        self.campaigns = FakeCampaignStore(self.switch)
        self.people = FakePeople(self.switch)
        self.contacts = FakeContactStore(self.campaigns, self.people, self.switch)
        self.carrier = _NotingCarrier(self)
        self.queue = FakeDialQueue(self.switch, self._queued)
        self._settle = settling.Ports(self.campaigns, self.contacts, self.people, self.carrier)
        self._dial = dialing.Ports(
            self.campaigns, self.contacts, self.people, self.carrier, self.queue, self._settle
        )
        self._dispatch = dispatching.Ports(self.campaigns, self.contacts, self.people, self.queue)
        self._watch = watching.Ports(self.campaigns, self.contacts, self.queue, self._settle)
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self.rings: list[tuple[str, datetime]] = []
        """(attempt key, when): one entry each time a telephone rang."""
        self.campaigns.create(campaign)
        self.contacts.add(campaign.id, "upload", [Arrival(line, c) for line, c in enumerate(contacts, start=2)])
        self.campaign_id = campaign.id
        self.switch.points.clear()
        self.switch.at = kill_at

    def run(self, most_turns: int = 300) -> dict[str, Any]:
        """Turn the machine's loop until the campaign is completed and return the last ``statusResult``."""
        run = dispatching.Run(self.campaign_id, 1, RUN_ARN, self.clock.at)
        result: dict[str, Any] = {
            "turn": 0,
            "historyEvents": 8,
            "waitSeconds": 60,
            "needsMoreContacts": True,
        }
        for _ in range(most_turns):
            if result["needsMoreContacts"]:
                self._survive(lambda: dispatching.dispatch(run, self._dispatch, self.clock))
            self._pass_time(timedelta(seconds=result["waitSeconds"]))
            turn = watching.Turn(run, result, 0, 0)
            result = self._survive(lambda turn=turn: watching.check(turn, self._watch, self.clock))  # type: ignore[misc]
            if result["status"] == "completed":
                return result
        raise AssertionError(f"not completed after {most_turns} turns: {result}")

    def _survive(self, work: Callable[[], T]) -> T:
        """Do ``work``; a process that dies is started again, as Step Functions does."""
        try:
            return work()
        except KilledError:
            return work()

    def _pass_time(self, span: timedelta) -> None:
        until = self.clock.at + span
        while self._agenda and self._agenda[0][0] <= until:
            self.clock.at, _, work = heapq.heappop(self._agenda)
            work()
        self.clock.at = until

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (self.clock.at + timedelta(seconds=seconds), next(self._order), work))

    def _queued(self, task: DialTask) -> None:
        times = 2 if self.rough and self._random.random() < 0.2 else 1
        for _ in range(times):
            late = self._random.choice((0, 0, 1, 700)) if self.rough else 0
            self._later(task.delay_seconds + late, lambda: self._deliver([task]))

    def _deliver(self, tasks: list[DialTask]) -> None:
        messages = [(str(place), body_of(task)) for place, task in enumerate(tasks)]
        try:
            failed = dialing.dial(messages, self._dial, self.clock)
        except KilledError:
            failed = [message_id for message_id, _ in messages]
        again = [tasks[int(message_id)] for message_id in failed]
        if again:
            self._later(VISIBILITY.total_seconds(), lambda: self._deliver(again))

    def ring(self, call: Call) -> None:
        """A telephone rings; the call ends after a while, and news of it may come once, twice, late or never."""
        self.rings.append((call.attempt_key, self.clock.at))
        disposition = DISPOSITIONS[hash_of(call.attempt_key) % len(DISPOSITIONS)]
        ended_at = self.clock.at + timedelta(seconds=30)
        outcome = CallOutcome(
            call.attempt_key, self.carrier.placed[call.attempt_key].call_id, disposition, ended_at, 20.0, 2
        )
        self._later(30, lambda: self._end(outcome))

    def _end(self, outcome: CallOutcome) -> None:
        self.carrier.outcomes[outcome.call_id] = outcome
        delays: tuple[int, ...] = (0,)
        if self.rough:
            delays = self._random.choice(((0,), (0, 0), (0, 5000), (), (9000,)))
        for delay in delays:
            self._later(delay, lambda: self._tell(outcome))

    def _tell(self, outcome: CallOutcome) -> None:
        self._survive(lambda: settling.call_ended({"outcome": outcome}, self._settle))


class _NotingCarrier(FakeCarrier):
    def __init__(self, world: RoughWorld) -> None:
        super().__init__(world.switch)
        self._world = world

    def place(self, call: Call) -> str:
        """Ring when the carrier takes the call, even if the caller dies before it hears the answer."""
        known = call.attempt_key in self.placed
        try:
            return super().place(call)
        finally:
            if not known and call.attempt_key in self.placed:
                self._world.ring(replace(call))


def hash_of(text: str) -> int:
    """Return a number that is the same in every process."""
    return sum(place * ord(letter) for place, letter in enumerate(text, start=1))
