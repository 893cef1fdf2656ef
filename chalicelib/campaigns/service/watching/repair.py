"""What a crash, a lost message or a lost event left behind is put right, as far as a look allows.

    queued, and its message overdue    back into line, the attempt's number given back
    calling, call id known             the carrier is asked how it ended
    calling, call id not known         its message is sent again: placed under the same key it is the same call
    calling for longer than any call   recorded as failed, so that the retry rules go on from there

Nothing of it can call somebody twice in one attempt: the conditions of every move hold here too.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import ContactStatus, Disposition
from chalicelib.campaigns.ports.calls import CallOutcome, DialQueue, DialTask
from chalicelib.campaigns.ports.stores import ContactStore
from chalicelib.campaigns.service import moves, settling
from chalicelib.core.errors import TransientError
from chalicelib.core.log import logger

QUEUE_GRACE = timedelta(minutes=10)
"""How long after its message fell due a contact may still be queued: three visibility timeouts and some."""
CALL_GRACE = timedelta(minutes=10)
"""How long a call may run before the carrier is asked about it."""
LONGEST_CALL = timedelta(hours=2)
"""After this nobody waits for news of a call any more."""
MOST_AT_ONCE = 990
MOST_QUESTIONS = 50
"""Calls the carrier is asked about in one look, which has 30 s."""


def repair(
    campaign: Campaign, contacts: ContactStore, queue: DialQueue, settle: settling.Ports, now: datetime
) -> None:
    """Put right what can be put right now."""
    overdue = contacts.stuck(campaign.id, ContactStatus.QUEUED, now - QUEUE_GRACE, MOST_AT_ONCE)
    if overdue:
        taken = contacts.apply([moves.take_back(contact) for contact in overdue])
        logger().warning("contacts taken back from the queue", campaign_id=campaign.id, contacts=len(taken))
    unplaced = []
    answers = True
    for contact in contacts.stuck(campaign.id, ContactStatus.CALLING, now - CALL_GRACE, MOST_QUESTIONS):
        outcome = None
        if answers and contact.call_id is not None:
            try:
                outcome = settle.carrier.outcome(contact.call_id)
            except (
                TransientError
            ) as error:  # one that is out of order is asked again at the next look, not 50 times
                logger().warning("the carrier gives no news of calls", call_id=contact.call_id, error=repr(error))
                answers = False
        if outcome is None and contact.queued_at is not None and contact.queued_at < now - LONGEST_CALL:
            outcome = CallOutcome(contact.attempt_key, contact.call_id or "", Disposition.FAILED, now, 0.0, 0)
        if outcome is not None:
            settling.settle(outcome, settle)
        elif contact.call_id is None:
            unplaced.append(DialTask(campaign.id, contact.id, contact.attempt, contact.generation))
    if unplaced:
        queue.send(unplaced)
