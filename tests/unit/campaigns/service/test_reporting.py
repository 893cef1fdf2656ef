"""Every figure of the report is a counter or a sum of counters, in JSON and on paper."""

from __future__ import annotations

import io
import json
import random
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from chalicelib.campaigns.adapters.pdf_report import ReportLabPrinter
from chalicelib.campaigns.domain import figures as f
from chalicelib.campaigns.domain.campaign import CampaignStatus
from chalicelib.campaigns.domain.contact import ContactStatus, Disposition
from chalicelib.campaigns.domain.holds import HoldReason
from chalicelib.campaigns.service import reporting
from chalicelib.campaigns.service.reporting.verdict import verdict
from chalicelib.campaigns.wording import money, percent
from chalicelib.core.clock import FixedClock
from chalicelib.core.errors import NotFoundError
from tests.fakes.campaigns.files import FakeReports
from tests.fakes.campaigns.samples import MONDAY_NOON, campaign, contact
from tests.fakes.campaigns.stores import FakeCampaignStore

ZONES = ("America/New_York", "America/Chicago", "Europe/London")
FINAL = {
    Disposition.ANSWERED: ContactStatus.REACHED,
    Disposition.OPTED_OUT: ContactStatus.SUPPRESSED,
    Disposition.INVALID_NUMBER: ContactStatus.INVALID,
}


def history(contacts: int, seed: int, scale: int = 1) -> dict[str, int]:
    """Return the counters of so many contacts called at random, each count ``scale`` times."""
    draw, counts = random.Random(seed), Counter[str]()
    counts.update(f.arrived(contacts))
    counts.update({f.ROWS_INVALID: 3, f.ROWS_DUPLICATE: 5})
    for number in range(contacts):
        person = contact(number, zones=(draw.choice(ZONES),), status=ContactStatus.CALLING)
        final = ContactStatus.EXHAUSTED
        for attempt in (1, 2, 3):
            how = draw.choice([d for d in Disposition if d is not Disposition.ABANDONED])
            at = MONDAY_NOON + timedelta(hours=draw.randrange(9))
            counts.update(
                f.called(
                    replace(person, attempt=attempt),
                    how,
                    placed_at=at,
                    talk_seconds=20,
                    cost_cents=draw.randrange(9),
                )
            )
            if how in FINAL:
                final = FINAL[how]
                break
        counts.update({f.status_key(ContactStatus.PENDING): -1, f.status_key(final): 1})
    counts.update(f.held({HoldReason.WINDOW: contacts, HoldReason.RETRY_DELAY: 2}))
    return {name: count * scale for name, count in counts.items()}


class World:
    def __init__(self, counts: dict[str, int], **changed: Any) -> None:
        self.campaigns, self.reports = FakeCampaignStore(), FakeReports()
        self.campaigns.create(campaign(**{"status": CampaignStatus.COMPLETED} | changed))
        self.campaigns.sums["spring"].update(counts)
        self.ports = reporting.Ports(self.campaigns, self.reports, ReportLabPrinter())

    def generate(self) -> tuple[dict[str, Any], str]:
        """Return (the JSON, the PDF's text on one line)."""
        self.answer = reporting.generate("spring", self.ports, FixedClock(MONDAY_NOON + timedelta(days=1)))
        body = json.loads(self.reports.objects["campaigns/spring/report.json"])
        pages = PdfReader(io.BytesIO(self.reports.objects["campaigns/spring/report.pdf"])).pages
        return body, re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


@pytest.mark.parametrize(
    ("contacts", "seed", "scale"), [(1, 1, 1), (60, 2, 1), (200, 3, 1), (50, 4, 12_345_678_901)]
)
def test_every_figure_is_the_counters_in_json_and_on_paper(contacts: int, seed: int, scale: int) -> None:
    counts = history(contacts, seed, scale)
    body, text = World(counts).generate()
    assert body["warnings"] == []
    assert body["contacts"] == {s.value: counts.get(f.status_key(s), 0) for s in ContactStatus}
    assert sum(body["contacts"].values()) == counts["total"]
    assert body["dispositions"] == {d.value: counts.get(f.disposition_key(d), 0) for d in Disposition}
    assert sum(body["dispositions"].values()) == body["calls"] == sum(body["attempts"].values())
    assert sum(hour["calls"] for hour in body["hours"]) == body["calls"]
    assert sum(hour["live"] for hour in body["hours"]) == body["liveAnswers"]
    assert body["cost"]["cents"] == counts[f.COST_CENTS]
    numbers = [
        *body["contacts"].values(),
        *body["dispositions"].values(),
        *body["attempts"].values(),
        *body["held"].values(),
        *(step["count"] for step in body["funnel"]),
    ]
    missing = [number for number in numbers if f"{number:,}" not in text]
    assert missing == []
    for hour in body["hours"]:
        rate = percent(hour["live"], hour["calls"])
        line = f"{hour['zone']} {hour['hour']:02} {hour['calls']:,} {hour['live']:,} {rate}"
        assert line in text
    assert money(body["cost"]["cents"]) in text
    assert body["verdict"] in text


def test_nobody_called_and_nobody_there_are_said() -> None:
    _, text = World({}).generate()
    assert "The campaign had no contacts: nobody was called." in text
    body, text = World(f.arrived(12)).generate()
    assert "None of the 12 contacts was called: 12 not called in time." in text
    assert body["calls"] == body["cost"]["cents"] == 0


@pytest.mark.parametrize(
    "name",
    [
        "x" * 200,
        "very long words " * 12,
        "<b>&amp; ]]> not markup",
        "Кампания Весна Ελλάδα",
        "春季提醒 キャンペーン 한국어",
        "مرحبا שלום",
        "🎉 party",
        " ",
    ],
)
def test_any_name_can_be_printed(name: str) -> None:
    body, text = World(history(5, 1), name=name).generate()
    assert body["campaignName"] == name
    assert "CAMPAIGN REPORT" in text


@pytest.mark.parametrize("name", ["Кампания Весна", "Ελλάδα 2026", "Łódź & Søn <tag>", "Grüße"])
def test_names_in_european_scripts_can_be_copied_from_the_pdf(name: str) -> None:
    assert name in World(history(5, 1), name=name).generate()[1]


@settings(max_examples=25)
@given(st.text(max_size=200))
def test_no_name_breaks_the_printer(name: str) -> None:
    World({}, name=name).generate()


def test_a_campaign_that_runs_or_does_not_add_up_is_warned_of() -> None:
    body, text = World(f.arrived(3) | {"status:pending": 2}, status=CampaignStatus.ACTIVE).generate()
    assert "The counters do not agree: 3 contacts came in, 2 are in some state." in body["warnings"]
    assert "are in no final state yet: the campaign is active." in text


def test_too_many_abandoned_calls_are_warned_of() -> None:
    day = MONDAY_NOON.date()
    counts = f.arrived(1) | {f.day_key(day, "live"): 100, f.day_key(day, "abandoned"): 4}
    body, _ = World(counts).generate()
    assert body["warnings"] == ["4 of 100 live answers in 30 days were abandoned (4.0 %); the limit is 3 %."]


def test_the_answer_links_to_both_files() -> None:
    world = World(history(5, 1))
    world.generate()
    assert (
        world.answer["reportUrl"] == "https://reports.example/campaigns/spring/report.pdf?as=campaign-spring.pdf"
    )
    assert reporting.latest("spring", world.ports)["report"]["campaignId"] == "spring"


def test_a_report_that_was_not_written_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="has no report yet"):
        reporting.latest("spring", World({}).ports)


def test_the_verdict_names_the_best_hour_only_when_there_were_enough_calls() -> None:
    assert "answered most often" not in verdict(f.figures(history(3, 1)))
    assert "answered most often" in verdict(f.figures(history(300, 1)))


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "0.0 %"),
        (0, 5, "0.0 %"),
        (5, 5, "100.0 %"),
        (9_999, 10_000, "99.9 %"),
        (1, 10_000, "<0.1 %"),
        (1, 3, "33.3 %"),
    ],
)
def test_shares_never_round_to_all_or_nothing(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text
