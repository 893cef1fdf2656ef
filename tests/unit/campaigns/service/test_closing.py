"""Executions that end otherwise than by themselves, and the campaigns they leave behind."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns.domain.campaign import CampaignStatus
from chalicelib.campaigns.service.closing import run_failed
from chalicelib.core.clock import FixedClock
from tests.fakes.campaigns.samples import MONDAY_NOON, RUN_ARN, campaign
from tests.fakes.campaigns.stores import FakeCampaignStore


def ended(execution_arn: str, *, run_input: dict[str, Any] | None = None, **changed: Any) -> tuple[bool, Any]:
    """Return what is said of the execution's end, and the campaign after it."""
    campaigns = FakeCampaignStore()
    campaigns.create(campaign(**changed))
    asked = {"campaignId": "spring"} | (run_input or {})
    return run_failed(asked, execution_arn, campaigns, FixedClock(MONDAY_NOON)), campaigns.get("spring")


def test_the_campaigns_own_execution_leaves_it_failed() -> None:
    failed, spring = ended(RUN_ARN)
    assert (failed, spring.status, spring.generation) == (True, CampaignStatus.FAILED, 1)


def test_a_successor_that_dies_before_it_takes_over_leaves_it_failed() -> None:
    failed, spring = ended("arn:successor", run_input={"predecessor": RUN_ARN})
    assert (failed, spring.status) == (True, CampaignStatus.FAILED)


def test_a_scheduled_run_that_dies_before_it_takes_the_campaign_uses_up_its_name() -> None:
    failed, spring = ended(
        "arn:campaign-execution:spring-4", status=CampaignStatus.SCHEDULED, generation=3, active_execution=None
    )
    assert (failed, spring.status, spring.generation) == (True, CampaignStatus.FAILED, 4)


@pytest.mark.parametrize(
    ("execution_arn", "changed"),
    [
        ("arn:another", {}),
        (RUN_ARN, {"status": CampaignStatus.PAUSED}),
        (RUN_ARN, {"status": CampaignStatus.COMPLETED}),
        ("arn:by-hand", {"status": CampaignStatus.SCHEDULED, "active_execution": None}),
    ],
)
def test_what_another_runs_or_nobody_does_stays_as_it_is(execution_arn: str, changed: dict[str, Any]) -> None:
    failed, spring = ended(execution_arn, **changed)
    assert not failed
    assert spring == campaign(**changed)


def test_a_run_without_a_predecessor_is_not_taken_for_the_successor_of_nobody() -> None:
    waiting = {"status": CampaignStatus.SCHEDULED, "active_execution": None}
    failed, spring = ended("arn:by-hand", run_input={"predecessor": None}, **waiting)
    assert (failed, spring.status) == (False, CampaignStatus.SCHEDULED)


@pytest.mark.parametrize("campaign_id", ["gone", ""])
def test_a_run_of_no_campaign_leaves_nothing_behind(campaign_id: str) -> None:
    assert ended("arn:any", run_input={"campaignId": campaign_id})[0] is False
