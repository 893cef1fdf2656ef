from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.campaigns.adapters.dynamo_campaigns import DynamoCampaignStore
from chalicelib.campaigns.adapters.dynamo_contacts import DynamoContactStore
from chalicelib.campaigns.adapters.dynamo_intake import DynamoContactIntake
from chalicelib.campaigns.adapters.dynamo_people import DynamoPeople, DynamoSuppressionList
from chalicelib.campaigns.domain import figures
from chalicelib.campaigns.domain.contact import Contact, ContactStatus, Disposition
from chalicelib.campaigns.domain.holds import Decision, HoldReason
from chalicelib.campaigns.domain.windows import WindowBook
from chalicelib.campaigns.ports.calls import CallOutcome
from chalicelib.campaigns.ports.stores import Arrival, Arrived, Person
from chalicelib.campaigns.service import moves
from chalicelib.core import aws
from tests.fakes.campaigns.samples import MONDAY_NOON, campaign, contact

NEW_YORK = ("America/New_York",)


def add(intake: DynamoContactIntake, *contacts: Contact, upload: str = "u1") -> list[Arrived]:
    return intake.add("spring", upload, [Arrival(line, c) for line, c in enumerate(contacts, start=2)])


def test_arrivals_are_stored_and_counted_together(
    intake: DynamoContactIntake, contacts: DynamoContactStore, campaigns: DynamoCampaignStore
) -> None:
    some = [contact(n) for n in range(150)] + [contact(900, zones=())]
    assert set(add(intake, *some)) == {Arrived.ACCEPTED}
    counts = campaigns.counters("spring")
    assert counts["total"] == 151
    assert counts["ready:America/New_York"] == 150
    assert counts["ready:"] == 1
    assert figures.mismatches(counts) == []
    assert contacts.get_many("spring", ["c0000003", "nobody"]) == {"c0000003": contact(3)}


def test_a_line_taken_in_twice_is_accepted_and_counted_once(
    intake: DynamoContactIntake, campaigns: DynamoCampaignStore
) -> None:
    add(intake, contact(1), contact(2))
    assert add(intake, contact(1), contact(2), contact(3)) == [Arrived.ACCEPTED] * 3
    assert campaigns.counters("spring")["total"] == 3


def test_the_number_of_another_upload_is_a_duplicate(
    intake: DynamoContactIntake, campaigns: DynamoCampaignStore
) -> None:
    add(intake, contact(1))
    assert add(intake, contact(1), contact(2), upload="u2") == [Arrived.DUPLICATE, Arrived.ACCEPTED]
    assert campaigns.counters("spring")["total"] == 2


def test_a_contact_keeps_its_features(intake: DynamoContactIntake, contacts: DynamoContactStore) -> None:
    rich = contact(1, features={"job": "student", "age": 23.0}, priority=0.25, zones=("America/Chicago", "UTC"))
    add(intake, rich)
    assert contacts.get_many("spring", [rich.id]) == {rich.id: rich}


def test_ready_contacts_come_best_first_page_by_page(intake: DynamoContactIntake) -> None:
    add(intake, *(contact(n, priority=n / 100) for n in range(45)))
    contacts = DynamoContactStore("contacts", "campaigns", "suppressions", page=20)
    found: list[str] = []
    sizes, after = [], None
    while True:
        page = contacts.ready("spring", NEW_YORK, after)
        found += [c.id for c in page.contacts]
        sizes.append(len(page.contacts))
        if (after := page.after) is None:
            break
    assert found == [f"c{n:07d}" for n in reversed(range(45))]
    assert sizes == [20, 20, 5]
    assert contacts.ready("spring", ("America/Chicago",)).contacts == []


def test_moves_whose_contact_has_changed_are_left_out_and_not_counted(
    intake: DynamoContactIntake, contacts: DynamoContactStore, campaigns: DynamoCampaignStore
) -> None:
    some = [contact(n) for n in range(120)]
    add(intake, *some)
    queued = [moves.queue(c, 1, MONDAY_NOON, 5) for c in some]
    assert len(contacts.apply(queued[:3])) == 3
    done = contacts.apply(queued)
    assert [c.id for c in done] == [c.id for c in some[3:]]
    counts = campaigns.counters("spring")
    assert counts["status:queued"] == 120
    assert counts["ready:America/New_York"] == 0
    assert figures.mismatches(counts) == []
    assert contacts.ready("spring", NEW_YORK).contacts == []


def test_stuck_contacts_are_found_by_since_when(intake: DynamoContactIntake, contacts: DynamoContactStore) -> None:
    add(intake, contact(1), contact(2))
    contacts.apply([moves.queue(contact(1), 1, MONDAY_NOON, 0), moves.queue(contact(2), 1, MONDAY_NOON, 600)])
    late = MONDAY_NOON + timedelta(seconds=300)
    (stuck,) = contacts.stuck("spring", ContactStatus.QUEUED, late, 10)
    assert stuck.id == contact(1).id
    assert contacts.stuck("spring", ContactStatus.CALLING, late, 10) == []


def test_delayed_contacts_are_due_when_their_instant_comes(
    intake: DynamoContactIntake, contacts: DynamoContactStore
) -> None:
    add(intake, contact(1), contact(2))
    for number, minutes in ((1, 30), (2, 10)):
        until = MONDAY_NOON + timedelta(minutes=minutes)
        held = Decision(False, HoldReason.PERSON_CAP, until)
        contacts.apply([moves.turn_away(contact(number), held)])
    assert contacts.first_due("spring") == MONDAY_NOON + timedelta(minutes=10)
    assert contacts.due("spring", MONDAY_NOON).contacts == []
    due = contacts.due("spring", MONDAY_NOON + timedelta(minutes=30)).contacts
    assert [c.id for c in due] == ["c0000002", "c0000001"]
    assert due[0].waits_for == "person_cap"


def test_a_call_that_ended_counts_once(
    intake: DynamoContactIntake, contacts: DynamoContactStore, campaigns: DynamoCampaignStore
) -> None:
    add(intake, contact(1))
    queued = moves.queue(contact(1), 1, MONDAY_NOON, 0)
    calling = moves.claim(queued.after, MONDAY_NOON)
    contacts.apply([queued])
    contacts.apply([calling])
    outcome = CallOutcome("spring:c0000001:1", "call", Disposition.NO_ANSWER, MONDAY_NOON, 12.0, 3)
    ended = moves.end(calling.after, outcome, campaign(), WindowBook(campaign()))
    assert contacts.apply([ended]) == [ended.after]
    assert contacts.apply([ended]) == []
    counts = campaigns.counters("spring")
    assert counts["call:no_answer"] == 1
    assert counts["hour:America/New_York:12:calls"] == 1
    assert "hour:America/New_York:12:calls" not in campaigns.counters("spring", hours=False)
    assert figures.mismatches(counts) == []
    assert contacts.get_many("spring", ["c0000001"])["c0000001"] == ended.after


class TestClaim:
    def claim(self, contacts: DynamoContactStore, person: Person) -> bool:
        queued = moves.queue(contact(1), 1, MONDAY_NOON, 0).after
        attempts = ((queued.attempt_key, MONDAY_NOON),)
        after = replace(person, attempts=attempts, version=person.version + 1)
        return contacts.claim(moves.claim(queued, MONDAY_NOON), person, after)

    @pytest.fixture(autouse=True)
    def one_is_queued(self, intake: DynamoContactIntake, contacts: DynamoContactStore) -> None:
        add(intake, contact(1))
        contacts.apply([moves.queue(contact(1), 1, MONDAY_NOON, 0)])

    def test_contact_and_person_change_together(
        self, contacts: DynamoContactStore, people: DynamoPeople, campaigns: DynamoCampaignStore
    ) -> None:
        phone = contact(1).phone
        assert self.claim(contacts, people.get_many("spring", [phone])[phone])
        person = people.get_many("spring", [phone])[phone]
        assert person.attempts == (("spring:c0000001:1", MONDAY_NOON),)
        assert contacts.get_many("spring", ["c0000001"])["c0000001"].status is ContactStatus.CALLING
        assert campaigns.counters("spring")["status:calling"] == 1

    def test_nobody_claims_twice(self, contacts: DynamoContactStore, people: DynamoPeople) -> None:
        phone = contact(1).phone
        person = people.get_many("spring", [phone])[phone]
        assert self.claim(contacts, person)
        assert not self.claim(contacts, person)

    def test_a_suppression_written_meanwhile_refuses_the_claim(
        self,
        contacts: DynamoContactStore,
        people: DynamoPeople,
        suppressions: DynamoSuppressionList,
        campaigns: DynamoCampaignStore,
    ) -> None:
        phone = contact(1).phone
        person = people.get_many("spring", [phone])[phone]
        suppressions.add(phone, campaign_id=None, reason="asked", at=MONDAY_NOON)
        assert not self.claim(contacts, person)
        assert contacts.get_many("spring", ["c0000001"])["c0000001"].status is ContactStatus.QUEUED
        assert campaigns.counters("spring").get("status:calling", 0) == 0

    @pytest.mark.parametrize("called_before", [False, True])
    @pytest.mark.parametrize("place", ["everywhere", "campaign:spring"])
    def test_so_does_one_that_was_put_by_hand(
        self, contacts: DynamoContactStore, people: DynamoPeople, place: str, called_before: bool
    ) -> None:
        phone = contact(1).phone
        if called_before:
            table = {"TableName": "suppressions", "Key": {"phone": {"S": phone}}}
            version = {"UpdateExpression": "SET version = :v", "ExpressionAttributeValues": {":v": {"N": "3"}}}
            aws.client("dynamodb").update_item(**table, **version)
        person = people.get_many("spring", [phone])[phone]
        aws.client("dynamodb").update_item(
            TableName="suppressions",
            Key={"phone": {"S": phone}},
            UpdateExpression="SET #place = :why",
            ExpressionAttributeNames={"#place": place},
            ExpressionAttributeValues={":why": {"M": {"reason": {"S": "court order"}}}},
        )
        assert not self.claim(contacts, person)

    def test_a_suppression_in_another_campaign_refuses_nothing(
        self, contacts: DynamoContactStore, people: DynamoPeople, suppressions: DynamoSuppressionList
    ) -> None:
        phone = contact(1).phone
        suppressions.add(phone, campaign_id="autumn", reason="asked", at=MONDAY_NOON)
        assert self.claim(contacts, people.get_many("spring", [phone])[phone])
