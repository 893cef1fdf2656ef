"""What people read: the room's messages, in Slack's blocks and as plain text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalicelib.approvals.domain.approval import Approval, ApprovalState, Choice, Fact, Moment, Option
from chalicelib.approvals.domain.policy import Policy
from chalicelib.approvals.domain.verdicts import at_text
from chalicelib.core.slack import Blocks, Message, escaped

ACTION = "approvals"
APPROVE, REJECT, CHOOSE = f"{ACTION}:approve", f"{ACTION}:reject", f"{ACTION}:choose"
REASON = "reason"
MOST_FIELDS = 10
"""A section of Slack's takes ten fields."""
LONGEST_SECTION, LONGEST_FIELD, LONGEST_BUTTON = 2_900, 1_900, 70
"""Slack takes 3,000, 2,000 and 75 characters."""


def question(approval: Approval, mentions: str) -> Message:
    """Return the message with the buttons."""
    text = f"{approval.subject}: a decision is wanted until {at_text(approval.expires_at)}"
    blocks = [*_about(approval), _context(f"Until {at_text(approval.expires_at)}. Asked: {mentions}")]
    for number, option in enumerate(approval.options):
        blocks.append(_option(approval, number, option))
    blocks.append({"type": "actions", "elements": _buttons(approval)})
    return Message(escaped(text), blocks)


def answer(approval: Approval) -> Message:
    """Return what stands in the message's place when it is over: the same, with the outcome and no button."""
    outcome = outcome_text(approval)
    return Message(
        escaped(f"{approval.subject}: {outcome}"), [*_about(approval), _section(f"*{escaped(outcome)}*")]
    )


def reminder(approval: Approval, moment: Moment, mentions: str) -> Message:
    """Return what is said in the message's thread when ``moment`` comes."""
    until = at_text(approval.expires_at)
    match moment:
        case Moment.ESCALATION:
            text = f"Nobody has decided yet. Now asked as well: {mentions}; until {until}."
        case Moment.EXPIRY:
            text = escaped(outcome_text(approval))
        case _:
            last = "Last reminder" if moment is Moment.LAST_REMINDER else "Reminder"
            text = f"{last}: a decision is wanted until {until}. {mentions}"
    return Message(text)


def outcome_text(approval: Approval) -> str:
    """Return how it ended, in one line."""
    decided = approval.decided
    if decided is None:
        return f"Expired at {at_text(approval.expires_at)}, nobody decided"
    if approval.state is ApprovalState.EXPIRED:
        return f"Expired: {decided.by} decided at {at_text(decided.at)}, when nothing waited for it any more"
    what = decided.decision.capitalize()
    if decided.decision is Choice.CHOSEN:
        label = next((o.label for o in approval.options if o.value == decided.choice), decided.choice)
        what = f"Chosen: {label}"
    stead = f" for {decided.on_behalf_of}" if decided.on_behalf_of else ""
    reason = f". Reason: {decided.reason}" if decided.reason else ""
    return f"{what} by {decided.by}{stead} at {at_text(decided.at)}{reason}"


def reason_modal(approval_id: str) -> dict[str, Any]:
    """Return the modal that asks why; what it sends has the approval's id and the reason."""
    return {
        "type": "modal",
        "callback_id": REJECT,
        "private_metadata": approval_id,
        "title": _plain("Reject"),
        "submit": _plain("Reject"),
        "close": _plain("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": REASON,
                "label": _plain("Why?"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": REASON,
                    "multiline": True,
                    "max_length": 1_000,
                },
            }
        ],
    }


def mentions(people: Iterable[str], policy: Policy) -> str:
    """Return people as Slack calls them, by name where it does not know them."""
    return ", ".join(
        " ".join(f"<@{slack_id}>" for slack_id in policy.slack_ids(person)) or escaped(person) for person in people
    )


def _about(approval: Approval) -> Blocks:
    """Return what the question is about."""
    asked = f"Asked by {escaped(approval.requester)}"
    if approval.askers != {approval.requester}:
        asked += f", sent in by {escaped(str(approval.entered_by))}"
    facts = [_cut(f"*{escaped(name)}*\n{escaped(_shown(value))}") for name, value in approval.facts.items()]
    pages = [facts[at : at + MOST_FIELDS] for at in range(0, len(facts), MOST_FIELDS)]
    return [
        _section(f"*{escaped(approval.subject)}*\n{asked}"),
        *({"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in page]} for page in pages),
    ]


def _shown(value: Fact) -> str:
    """Return a fact as people read it."""
    if value is None:
        return "not known"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _cut(text: str) -> str:
    """Return as much of escaped text as a field takes, without half an escape at its end."""
    if len(text) <= LONGEST_FIELD:
        return text
    kept = text[: LONGEST_FIELD - 1]
    begun = kept.rfind("&")
    return (kept if ";" in kept[begun:] or begun < 0 else kept[:begun]) + "…"


def _option(approval: Approval, number: int, option: Option) -> dict[str, Any]:
    """Return one option with its evidence and its button; the button's value is the id and the option's place."""
    return {
        **_section(f"*{escaped(option.label)}*\n{escaped(option.evidence)}"),
        "accessory": {
            "type": "button",
            "action_id": f"{CHOOSE}:{number}",
            "text": _plain("Choose"),
            "value": f"{approval.id} {number}",
            "accessibility_label": f"Choose {option.label}"[:LONGEST_BUTTON],
            "confirm": _confirm("Choose this one?", option.label, "Choose"),
        },
    }


def _buttons(approval: Approval) -> list[dict[str, Any]]:
    reject = {
        "type": "button",
        "action_id": REJECT,
        "style": "danger",
        "text": _plain("None of them" if approval.options else "Reject"),
        "value": approval.id,
    }
    if approval.options:
        return [reject]
    approve = {
        "type": "button",
        "action_id": APPROVE,
        "style": "primary",
        "text": _plain("Approve"),
        "value": approval.id,
        "confirm": _confirm("Approve this?", approval.subject, "Approve"),
    }
    return [approve, reject]


def _confirm(title: str, text: str, yes: str) -> dict[str, Any]:
    return {"title": _plain(title), "text": _plain(text[:300]), "confirm": _plain(yes), "deny": _plain("Back")}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:LONGEST_SECTION]}}


def _context(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:LONGEST_FIELD]}]}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}
