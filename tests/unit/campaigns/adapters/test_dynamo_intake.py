"""New contacts and their counters, on DynamoDB's stand-in."""

from __future__ import annotations

from chalicelib.campaigns.adapters.dynamo_campaigns import DynamoCampaignStore
from chalicelib.campaigns.adapters.dynamo_contacts import DynamoContactStore
from chalicelib.campaigns.adapters.dynamo_intake import DynamoContactIntake
from chalicelib.campaigns.domain.contact import ContactStatus
from chalicelib.campaigns.ports.stores import Arrival, Arrived
from tests.fakes.campaigns.samples import contact

ACCEPTED, DUPLICATE = Arrived.ACCEPTED, Arrived.DUPLICATE


def arrivals(*numbers: int, first_line: int = 2) -> list[Arrival]:
    return [Arrival(line, contact(number)) for line, number in enumerate(numbers, first_line)]


def test_more_than_a_transaction_holds_is_stored_and_counted(
    intake: DynamoContactIntake, campaigns: DynamoCampaignStore, contacts: DynamoContactStore
) -> None:
    assert set(intake.add("spring", "u", arrivals(*range(150)))) == {ACCEPTED}
    counts = campaigns.counters("spring")
    assert (counts["total"], counts["status:pending"]) == (150, 150)
    assert len(contacts.ready("spring", ("America/New_York",)).contacts) > 0


def test_the_same_line_again_is_accepted_and_counted_once(
    intake: DynamoContactIntake, campaigns: DynamoCampaignStore
) -> None:
    intake.add("spring", "u", arrivals(1, 2))
    assert intake.add("spring", "u", arrivals(1, 2, 3)) == [ACCEPTED] * 3
    assert campaigns.counters("spring")["total"] == 3


def test_another_line_or_upload_is_a_duplicate_and_changes_nothing(
    intake: DynamoContactIntake, campaigns: DynamoCampaignStore, contacts: DynamoContactStore
) -> None:
    intake.add("spring", "u", arrivals(1, 2))
    assert intake.add("spring", "u", arrivals(1, 3, first_line=9)) == [DUPLICATE, ACCEPTED]
    assert intake.add("spring", "v", arrivals(2)) == [DUPLICATE]
    assert campaigns.counters("spring")["total"] == 3
    assert contacts.get_many("spring", ["c0000001"])["c0000001"].status is ContactStatus.PENDING


def test_rows_of_an_upload_are_counted_once_and_corrected(
    intake: DynamoContactIntake, campaigns: DynamoCampaignStore
) -> None:
    intake.count_rows("spring", "u", invalid=5, duplicates=2)
    intake.count_rows("spring", "u", invalid=5, duplicates=2)
    intake.count_rows("spring", "v", invalid=1, duplicates=0)
    intake.count_rows("spring", "u", invalid=3, duplicates=4)
    intake.count_rows("spring", "w", invalid=0, duplicates=0)
    counts = campaigns.counters("spring")
    assert (counts["rows:invalid"], counts["rows:duplicate"]) == (4, 4)
