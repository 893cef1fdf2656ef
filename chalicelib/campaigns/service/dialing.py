"""Messages of the dial queue become calls.

A message only says that a contact was queued as some attempt. Whether it is called is decided here, on what
is true now: campaign, window, suppression, cap, abandonment, pace. Then, in this order, each step safe to be
killed after:

1. claim   QUEUED -> CALLING, and the attempt written to the person, in one transaction
2. place   at the carrier, under the key campaign:contact:attempt
3. note    the carrier's call id

Killed after 1 or 2, the message comes again and finds the contact CALLING without a call id: it places again
under the same key, which at the carrier is the same call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.campaigns.domain import figures, pacing
from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.domain.contact import Contact, ContactStatus, Disposition
from chalicelib.campaigns.domain.holds import LARGEST_CAP, LONGEST_CAP_DAYS, Decision, judge
from chalicelib.campaigns.errors import CampaignNotFoundError, CarrierBusyError, NumberRefusedError
from chalicelib.campaigns.ports.calls import Call, CallOutcome, Carrier, DialQueue, DialTask
from chalicelib.campaigns.ports.stores import CampaignStore, ContactStore, People, Person
from chalicelib.campaigns.service import moves, settling
from chalicelib.campaigns.service.books import book_of
from chalicelib.core import payload
from chalicelib.core.clock import Clock
from chalicelib.core.errors import InvalidInputError
from chalicelib.core.log import logger

BURST_SECONDS = 5
"""How much of the campaign's rate may be placed at once: messages come in batches, and come again when refused."""
STALE_SECONDS = 1.0
"""How long the campaign is taken to stand as it was read: a carrier that needs seconds for each call must not
carry a batch beyond the end of a window or a pause."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What dialing needs of the world."""

    campaigns: CampaignStore
    contacts: ContactStore
    people: People
    carrier: Carrier
    queue: DialQueue
    settle: settling.Ports


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the queue with the task it carries."""

    id: str
    task: DialTask


def dial(messages: Sequence[tuple[str, str]], ports: Ports, clock: Clock) -> list[str]:
    """Handle ``messages`` (id, body) and return the ids of those that must come again.

    A body looks like ``{"campaign_id": "3f2a...", "contact_id": "9c1b...", "attempt": 1, "generation": 2}``.
    """
    failed: list[str] = []
    by_campaign: dict[str, list[Message]] = {}
    for message_id, body in messages:
        try:
            task = payload.parse_json(DialTask, body)
        except InvalidInputError as error:
            logger().error("unreadable dial task", error=str(error), message_id=message_id)
            failed.append(message_id)
            continue
        by_campaign.setdefault(task.campaign_id, []).append(Message(message_id, task))
    for campaign_id, of_campaign in by_campaign.items():
        try:
            campaign = ports.campaigns.get(campaign_id)
        except CampaignNotFoundError:
            logger().warning("dial tasks of an unknown campaign dropped", campaign_id=campaign_id)
            continue
        failed += _Dialer(campaign, ports, clock).dial(of_campaign)
    return failed


class _Dialer:
    """The calls of one campaign out of one batch of messages."""

    def __init__(self, campaign: Campaign, ports: Ports, clock: Clock) -> None:
        self._campaign, self._ports, self._clock, self._now = campaign, ports, clock, clock.now()
        self._book = book_of(campaign)

    def dial(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the ids of the messages that must come again."""
        contacts = self._ports.contacts.get_many(self._campaign.id, {m.task.contact_id for m in messages})
        meant = [(m, contacts[m.task.contact_id]) for m in messages if _still_meant(m.task, contacts)]
        people = self._ports.people.get_many(self._campaign.id, [contact.phone for _, contact in meant])
        to_call: list[tuple[Message, Contact]] = []
        early: list[DialTask] = []
        for message, contact in meant:
            decision = self._decide(message.task, contact, people[contact.phone])
            if decision is None or not decision.ready:
                self._put_back(contact, decision)
            elif (wait := message.task.due_at - int(self._now.timestamp())) > 1:
                early.append(replace(message.task, delay_seconds=min(pacing.MAX_DELAY_SECONDS, wait)))
            else:
                to_call.append((message, contact))
        if early:
            self._ports.queue.send(early)
        granted = self._granted(len(to_call))
        for message, contact in to_call[:granted]:
            self._look_again()
            person = people[contact.phone]
            decision = self._decide(message.task, contact, person)
            if decision is None or not decision.ready:
                self._put_back(contact, decision)
            elif not self._call(contact, person):
                yield message.id
        for message, _ in to_call[granted:]:
            yield message.id

    def _look_again(self) -> None:
        """Take the time and the campaign as they are now, when the last look is stale."""
        now = self._clock.now()
        if (now - self._now).total_seconds() >= STALE_SECONDS:
            self._campaign, self._now = self._ports.campaigns.get(self._campaign.id), now

    def _decide(self, task: DialTask, contact: Contact, person: Person) -> Decision | None:
        """Return what the rules say of calling ``contact`` now, None when the campaign does not run any more."""
        if self._campaign.status is not CampaignStatus.ACTIVE or task.generation != self._campaign.generation:
            return None
        earlier = [at for key, at in person.attempts if key != contact.attempt_key]
        return judge(
            contact,
            self._campaign,
            self._now,
            book=self._book,
            person_attempts=earlier,
            suppressed=person.suppressed,
        )

    def _put_back(self, contact: Contact, decision: Decision | None) -> None:
        """Take a queued contact out of the queue, its attempt given back.

        One that was claimed stays CALLING: its call may run. ``watching`` finds out.
        """
        if contact.status is ContactStatus.QUEUED:
            move = moves.take_back(contact) if decision is None else moves.turn_away(contact, decision)
            self._ports.contacts.apply([move])

    def _granted(self, wanted: int) -> int:
        """Return how many of ``wanted`` calls the campaign's pace and lines allow now.

        Abandoned calls take lines away, in the end all of them: what is queued then is taken back by ``watching``.
        """
        if not wanted:
            return 0
        counts = self._ports.campaigns.counters(self._campaign.id, hours=False)
        factor = pacing.concurrency_factor(*figures.abandoned_and_live(counts, self._now.date()))
        lines = pacing.lines_allowed(self._campaign.max_concurrent_calls, factor)
        lines_free = max(0, lines - figures.in_status(counts, ContactStatus.CALLING))
        rate = self._campaign.calls_per_second
        return self._ports.campaigns.take_calls(
            self._campaign.id,
            rate=rate,
            burst=max(10.0, rate * BURST_SECONDS),
            at=self._now,
            want=min(wanted, lines_free),
        )

    def _call(self, contact: Contact, person: Person) -> bool:
        """Claim and call ``contact``; False when its message must come again."""
        claimed = contact
        if contact.status is ContactStatus.QUEUED:
            move = moves.claim(contact, self._now)
            claimed = move.after
            if not self._ports.contacts.claim(move, person, self._with_attempt(person, claimed)):
                return False
        try:
            call_id = self._ports.carrier.place(self._request(claimed))
        except CarrierBusyError:
            self._ports.contacts.apply([moves.unclaim(claimed, self._now)])
            return False
        except NumberRefusedError:
            outcome = CallOutcome(claimed.attempt_key, "", Disposition.INVALID_NUMBER, self._now, 0.0, 0)
            settling.settle(outcome, self._ports.settle)
            return True
        except Exception as error:  # one contact's trouble is not its neighbours'
            logger().warning("call not placed", error=repr(error), attempt_key=claimed.attempt_key)
            return False
        self._ports.contacts.apply([moves.note(claimed, call_id)])
        return True

    def _with_attempt(self, person: Person, contact: Contact) -> Person:
        """Return ``person`` with this attempt written, and without those that no campaign's cap can count."""
        oldest = self._now - timedelta(days=LONGEST_CAP_DAYS)
        counted = [(key, at) for key, at in person.attempts if at > oldest and key != contact.attempt_key]
        attempts = (*counted[-LARGEST_CAP:], (contact.attempt_key, self._now))
        return replace(person, attempts=attempts, version=person.version + 1)

    def _request(self, contact: Contact) -> Call:
        return Call(
            attempt_key=contact.attempt_key,
            to=contact.phone,
            caller_id=self._campaign.caller_id,
            audio=self._campaign.audio[0] if self._campaign.audio else None,
            attributes={
                "campaignId": contact.campaign_id,
                "contactId": contact.id,
                "attempt": str(contact.attempt),
                "attemptKey": contact.attempt_key,
            },
        )


def _still_meant(task: DialTask, contacts: dict[str, Contact]) -> bool:
    """Return whether the task's contact waits for this very attempt, or was claimed for it and not yet placed.

    An attempt's number that was given back is used again by a later generation: its contact is not this task's.
    """
    contact = contacts.get(task.contact_id)
    if contact is None or (contact.attempt, contact.generation) != (task.attempt, task.generation):
        return False
    claimed = contact.status is ContactStatus.CALLING and contact.call_id is None
    return claimed or contact.status is ContactStatus.QUEUED
