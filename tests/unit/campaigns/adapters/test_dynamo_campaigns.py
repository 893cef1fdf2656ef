from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.campaigns.adapters.dynamo_campaigns import DynamoCampaignStore
from chalicelib.campaigns.domain.campaign import CampaignStatus, RetryRule
from chalicelib.campaigns.errors import CampaignNotFoundError
from chalicelib.core.errors import ConflictError
from tests.fakes.campaigns.samples import MONDAY_NOON, campaign


def test_a_campaign_comes_back_as_it_was_stored(campaigns: DynamoCampaignStore) -> None:
    rich = campaign(retry_rules={"busy": RetryRule(5, 2)}, end_at=MONDAY_NOON, zone="Europe/Berlin")
    campaigns.create(rich)
    assert campaigns.get("spring") == rich


def test_an_id_is_good_for_one_campaign(campaigns: DynamoCampaignStore) -> None:
    campaigns.create(campaign())
    with pytest.raises(ConflictError, match="spring"):
        campaigns.create(campaign())


@pytest.mark.parametrize("campaign_id", ["nobody", ""])
def test_an_unknown_campaign_is_named(campaigns: DynamoCampaignStore, campaign_id: str) -> None:
    with pytest.raises(CampaignNotFoundError):
        campaigns.get(campaign_id)


def test_of_two_moves_from_the_same_standing_one_wins(campaigns: DynamoCampaignStore) -> None:
    before = campaign()
    campaigns.create(before)
    campaigns.move(before, replace(before, status=CampaignStatus.PAUSED))
    with pytest.raises(ConflictError):
        campaigns.move(before, replace(before, status=CampaignStatus.CANCELLED))
    assert campaigns.get("spring").status is CampaignStatus.PAUSED


@pytest.mark.parametrize("changes", [{"generation": 2}, {"active_execution": "another"}])
def test_a_move_needs_generation_and_execution_too(
    campaigns: DynamoCampaignStore, changes: dict[str, object]
) -> None:
    campaigns.create(campaign())
    with pytest.raises(ConflictError):
        campaigns.move(campaign(**changes), campaign(status=CampaignStatus.PAUSED))


def test_pages_are_newest_first(campaigns: DynamoCampaignStore) -> None:
    for number in range(5):
        campaigns.create(campaign(id=f"c{number}", created_at=MONDAY_NOON + timedelta(hours=number)))
    first, after = campaigns.page(3, None)
    rest, end = campaigns.page(3, after)
    assert [c.id for c in first + rest] == ["c4", "c3", "c2", "c1", "c0"]
    assert after is not None
    assert end is None


def test_the_bucket_is_one_for_all_dialers_and_fills_with_time(campaigns: DynamoCampaignStore) -> None:
    campaigns.create(campaign())
    take = campaigns.take_calls
    assert take("spring", rate=2.0, burst=10.0, at=MONDAY_NOON, want=8) == 8
    assert take("spring", rate=2.0, burst=10.0, at=MONDAY_NOON, want=8) == 2
    assert take("spring", rate=2.0, burst=10.0, at=MONDAY_NOON, want=8) == 0
    assert take("spring", rate=2.0, burst=10.0, at=MONDAY_NOON + timedelta(seconds=3), want=8) == 6
    assert take("spring", rate=2.0, burst=10.0, at=MONDAY_NOON, want=0) == 0
