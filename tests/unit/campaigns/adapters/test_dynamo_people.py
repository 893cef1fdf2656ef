from __future__ import annotations

from chalicelib.campaigns.adapters.dynamo_people import DynamoPeople, DynamoSuppressionList
from chalicelib.core.aws import client
from tests.fakes.campaigns.samples import MONDAY_NOON

ONE, TWO, THREE = "+12125550001", "+12125550002", "+12125550003"


def test_suppressions_are_global_or_of_one_campaign(
    suppressions: DynamoSuppressionList, people: DynamoPeople
) -> None:
    suppressions.add(ONE, campaign_id=None, reason="asked", at=MONDAY_NOON)
    suppressions.add(TWO, campaign_id="spring", reason="asked", at=MONDAY_NOON)
    found = people.get_many("spring", [ONE, TWO, THREE, ONE])
    assert {phone for phone, person in found.items() if person.suppressed} == {ONE, TWO}
    elsewhere = people.get_many("autumn", [ONE, TWO, THREE])
    assert {phone for phone, person in elsewhere.items() if person.suppressed} == {ONE}
    assert (found[TWO].suppressed, found[TWO].version) == (True, 1)
    assert (found[THREE].suppressed, found[THREE].version) == (False, 0)


def test_adding_twice_is_fine_and_every_write_counts(
    suppressions: DynamoSuppressionList, people: DynamoPeople
) -> None:
    suppressions.add(ONE, campaign_id=None, reason="first", at=MONDAY_NOON)
    suppressions.add(ONE, campaign_id=None, reason="second", at=MONDAY_NOON)
    assert people.get_many("spring", [ONE])[ONE].version == 2


def test_any_number_of_persons_is_read(suppressions: DynamoSuppressionList, people: DynamoPeople) -> None:
    suppressions.add("+15550000249", campaign_id=None, reason="asked", at=MONDAY_NOON)
    found = people.get_many("spring", (f"+1555{n:07d}" for n in range(250)))
    assert len(found) == 250
    assert [phone for phone, person in found.items() if person.suppressed] == ["+15550000249"]


def test_a_suppression_put_by_hand_holds(people: DynamoPeople) -> None:
    item = {"phone": {"S": ONE}, "everywhere": {"M": {"reason": {"S": "court order"}}}}
    client("dynamodb").put_item(TableName="suppressions", Item=item)
    found = people.get_many("spring", [ONE])[ONE]
    assert (found.suppressed, found.version) == (True, 0)
