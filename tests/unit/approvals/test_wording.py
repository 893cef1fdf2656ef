"""Messages that Slack takes, whatever people write."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.approvals import wording
from chalicelib.approvals.domain.approval import Approval, ApprovalState, Choice, Decided, Moment, Option
from tests.fakes.approvals.samples import approval
from tests.fakes.approvals.world import ANA, BEN, NOON, POLICY

text = st.text(min_size=1, max_size=300)
long_text = st.text(max_size=2_000)


@st.composite
def approvals(draw: st.DrawFn) -> Approval:
    labels = draw(st.lists(text, max_size=20))
    return approval(
        subject=draw(text),
        facts=draw(st.dictionaries(st.text(min_size=1, max_size=100), long_text | st.integers(), max_size=50)),
        options=tuple(Option(str(n), label, draw(long_text)) for n, label in enumerate(labels)),
        amount_cents=draw(st.none() | st.integers(0, 10**18)),
        currency="COP",
    )


@settings(max_examples=30, deadline=None)
@given(approvals())
def test_slacks_limits_are_kept(one: Approval) -> None:
    """https://docs.slack.dev/reference/block-kit/blocks: 50 blocks, 3,000 and 2,000 characters, ten fields."""
    blocks = wording.question(one, "somebody").blocks
    assert len(blocks) <= 50
    for block in blocks:
        assert len(block.get("fields", [])) <= 10
        for found in texts(block):
            assert 0 < len(found["text"]) <= (2_000 if found in block.get("fields", []) else 3_000)
        for button in [*block.get("elements", []), block.get("accessory", {})]:
            assert len(button.get("value", "")) <= 2_000
            if confirm := button.get("confirm"):
                assert len(confirm["text"]["text"]) <= 300


def texts(block: dict[str, Any]) -> list[dict[str, Any]]:
    return [*block.get("fields", []), *([block["text"]] if "text" in block else [])]


def test_nobody_can_mention_a_channel_in_a_subject() -> None:
    shown = str(wording.question(approval(subject="<!channel> & co"), "x").blocks[0])
    assert "<!channel>" not in shown
    assert "&lt;!channel&gt; &amp; co" in shown


@pytest.mark.parametrize("decided", [None, Decided(Choice.REJECTED, "<!here>", NOON, "<!channel>")])
def test_nobody_can_mention_a_channel_in_a_notification(decided: Decided | None) -> None:
    state = ApprovalState.PENDING if decided is None else ApprovalState.DECIDED
    one = approval(subject="<!channel>", decided=decided, state=state)
    messages = [wording.question(one, "x"), wording.answer(one)]
    messages += [wording.reminder(one, moment, "x") for moment in Moment]
    assert not [message.text for message in messages if "<!" in message.text]


def test_facts_are_for_people() -> None:
    facts = {"Score": None, "Known": True, "New": False, "Vehicles": 75}
    (_, fields, *_) = wording.question(approval(facts=facts), "x").blocks
    said = [one["text"] for one in fields["fields"]]
    assert said == ["*Score*\nnot known", "*Known*\nyes", "*New*\nno", "*Vehicles*\n75"]


def test_a_long_fact_is_cut_between_letters() -> None:
    (_, fields, *_) = wording.question(approval(facts={"Why": "<" * 1_000}), "x").blocks
    assert fields["fields"][0]["text"].removesuffix("…").endswith("&lt;")


def test_mentions_are_slack_ids_where_they_are_known() -> None:
    assert wording.mentions([ANA, BEN, "U0NEW"], POLICY) == "<@U0ANA>, ben@example.com, <@U0NEW>"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "Expired at 2026-06-02 12:00 UTC, nobody decided"),
        (
            {"state": ApprovalState.DECIDED, "decided": Decided(Choice.APPROVED, ANA, NOON, "", None, BEN)},
            "Approved by ana@example.com for ben@example.com at 2026-06-01 12:00 UTC",
        ),
        (
            {"state": ApprovalState.EXPIRED, "decided": Decided(Choice.APPROVED, ANA, NOON, "")},
            "Expired: ana@example.com decided at 2026-06-01 12:00 UTC, when nothing waited for it any more",
        ),
    ],
)
def test_outcomes(changed: dict[str, Any], expected: str) -> None:
    assert wording.outcome_text(approval(**changed)) == expected


def test_every_moment_has_its_words() -> None:
    said = {
        moment: wording.reminder(approval(), moment, "ana").text for moment in Moment if moment != Moment.CHECK
    }
    assert len(set(said.values())) == 4
