from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.core.aws import client
from chalicelib.tickets.adapters.dynamo_smes import DynamoSmeDirectory
from chalicelib.tickets.domain.sme import SmeProfile
from chalicelib.tickets.errors import SmeNotFoundError
from tests.fakes.tickets.samples import ADA, BEN, CLEO, sme


def test_what_is_put_is_got(smes: DynamoSmeDirectory) -> None:
    for profile in (CLEO, ADA, BEN):
        smes.put(profile)
    assert smes.all() == [ADA, BEN, CLEO]
    assert smes.get("cre002") == BEN


def test_a_new_profile_leaves_the_open_assignments_alone(smes: DynamoSmeDirectory) -> None:
    smes.put(ADA)
    client("dynamodb").update_item(
        TableName="smes",
        Key={"cre_id": {"S": ADA.cre_id}},
        UpdateExpression="ADD open_assignments :two",
        ExpressionAttributeValues={":two": {"N": "2"}},
    )
    smes.put(replace(ADA, capacity=20, open_assignments=9))
    assert smes.get(ADA.cre_id) == replace(ADA, capacity=20, open_assignments=2)


def test_a_row_put_by_hand_needs_little(smes: DynamoSmeDirectory) -> None:
    client("dynamodb").put_item(TableName="smes", Item={"cre_id": {"S": "cre9"}, "name": {"S": "Noa"}})
    assert smes.get("cre9") == SmeProfile("cre9", "Noa")


@pytest.mark.parametrize("cre_id", ["nobody", ""])
def test_nobody_has_that_id(smes: DynamoSmeDirectory, cre_id: str) -> None:
    with pytest.raises(SmeNotFoundError):
        smes.get(cre_id)


def test_more_experts_than_one_page_of_a_scan(smes: DynamoSmeDirectory) -> None:
    for number in range(12):
        smes.put(sme(number, name=f"N{number}" + "x" * 100_000))  # a page has one megabyte
    assert len(smes.all()) == 12
