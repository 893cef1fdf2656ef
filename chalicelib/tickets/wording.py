"""The desk's messages in Slack: a recommendation with its evidence, and what an operator has to know.

What strangers wrote (a ticket's subject, an expert's reasoning) stands in plain text elements or is escaped, so no
word of it mentions anybody, links anywhere or looks like ours.
"""

from __future__ import annotations

import re
from typing import Any

from chalicelib.core.slack import Blocks, Message, escaped
from chalicelib.tickets.domain.assignment import Assignment, AssignmentState, Share
from chalicelib.tickets.domain.recommendation import REMOVAL_RULES, Candidate, Recommendation

ACTION = "sme"
"""The family of the desk's buttons: ``sme:accept``, ``sme:busy``, ``sme:not_me``."""
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
_HEADER_LENGTH = 150
_TEXT_LENGTH = 2_900
"""Characters; Slack takes 150 in a header and 3,000 in a section."""


def recommendation(one: Recommendation, assignment: Assignment | None) -> Message:
    """Return the recommendation as it stands: whom it names, why, and who holds the ticket now.

    Buttons are those of the expert who is asked now; the others may take the ticket by themselves.
    """
    blocks: Blocks = [
        _header(f"Ticket {one.ticket_id}: who can solve it"),
        _plain(one.subject or "(no subject)"),
    ]
    for place, candidate in enumerate(one.shown, start=1):
        blocks += _candidate(place, candidate, one, assignment)
    if one.is_prior and one.candidates:
        blocks.append(_small("Confidence is a documented first guess until there is feedback to calibrate it on."))
    blocks.append(_small(_standing(one, assignment)))
    names = ", ".join(f"{c.name} ({c.confidence:.0%})" for c in one.shown) or "nobody"
    return Message(f"Ticket {one.ticket_id}: {escaped(names)}", blocks, key=f"recommendation/{_id(one)}")


def low_confidence(one: Recommendation) -> Message:
    """Return the alert that no expert is probable enough."""
    first = one.candidates[0]
    text = (
        f"Ticket {one.ticket_id}: nobody is probable enough. {escaped(first.name)} has {first.confidence:.0%}, "
        f"the least that counts is {one.threshold:.0%}. An operator is asked to choose."
    )
    blocks = [
        _header(f"Low confidence: ticket {one.ticket_id}"),
        _plain(one.subject or "(no subject)"),
        _marked(text),
    ]
    return Message(text, blocks, key=f"low-confidence/{_id(one)}")


def nobody_available(one: Recommendation) -> Message:
    """Return the alert that nobody is eligible, with until when and why."""
    text = f"Ticket {one.ticket_id}: no expert is available now. An operator is asked to choose."
    if one.held_until:
        text += f" The first expert is free {one.held_until:%a %d %b %Y %H:%M} UTC; then it is matched again."
    reasons: dict[str, int] = {}
    for removed in one.removed:
        words = REMOVAL_RULES.get(removed.rule, removed.rule)
        reasons[words] = reasons.get(words, 0) + 1
    why = ", ".join(f"{count} {words}" for words, count in sorted(reasons.items())) or "the directory is empty"
    blocks = [
        _header(f"Nobody available: ticket {one.ticket_id}"),
        _plain(one.subject or "(no subject)"),
        _marked(text),
        _small(why),
    ]
    return Message(text, blocks, key=f"nobody-available/{_id(one)}")


def weekly_share(week: str, shares: list[tuple[str, Share]]) -> Message:
    """Return the week's report: each expert's name and what they took."""
    lines = [
        f"{name}: {share.taken} taken ({share.share:.0%}), {share.solved} solved, {share.refused} refused"
        for name, share in shares
    ]
    text = f"Tickets of week {week}: {sum(share.taken for _, share in shares)} taken"
    body = "\n".join(lines) or "No ticket was taken."
    return Message(text, [_header(text), _plain(body)], key=f"weekly-share/{week}")


def value(one: Recommendation, cre_id: str) -> str:
    """Return a button's value; `parts` takes it apart."""
    return f"{one.ticket_id}|{one.recommendation_id}|{cre_id}"


def parts(text: str) -> tuple[str, str, str]:
    """Return (ticket id, recommendation id, cre id) of a button's value; "" for what it lacks."""
    ticket_id, _, rest = text.partition("|")
    recommendation_id, _, cre_id = rest.partition("|")
    return ticket_id, recommendation_id, cre_id


def person(slack_id: str, name: str) -> str:
    """Return a mention of the expert, or the name where there is no Slack id."""
    return f"<@{slack_id}>" if _SLACK_ID.fullmatch(slack_id) else escaped(name)


def _candidate(place: int, one: Candidate, of: Recommendation, assignment: Assignment | None) -> Blocks:
    title = f"*{place}. {person(one.slack_id, one.name)}*  {one.confidence:.0%}"
    blocks: Blocks = [_marked(title), _plain(one.reasoning or "(no reason given)")]
    if one.evidence:
        past = [f"{e.ticket_id}: {e.subject} (similarity {e.similarity:.2f})" for e in one.evidence[:3]]
        blocks.append(_small("\n".join(past)))
    if assignment is not None and assignment.state is not AssignmentState.OFFERED:
        return blocks
    asked = assignment is not None and assignment.cre_id == one.cre_id
    buttons = [("accept", "Accept", "primary"), ("not_me", "Not me", ""), ("busy", "Busy", "")]
    shown = buttons if asked else [("accept", "I take it", "")]
    elements = []
    for what, label, style in shown:
        button: dict[str, Any] = {
            "type": "button",
            "action_id": f"{ACTION}:{what}",
            "text": {"type": "plain_text", "text": label},
            "value": value(of, one.cre_id),
        }
        elements.append(button | ({"style": style} if style else {}))
    # An action_id may stand once in a block, so each expert's buttons are a block of their own.
    blocks.append({"type": "actions", "block_id": f"{ACTION}-{place}", "elements": elements})
    return blocks


def _standing(one: Recommendation, assignment: Assignment | None) -> str:
    if assignment is None:
        return "Nobody is asked yet."
    candidate = one.candidate(assignment.cre_id)
    name = candidate.name if candidate else assignment.cre_id
    match assignment.state:
        case AssignmentState.ACCEPTED:
            return f"{name} has the ticket."
        case AssignmentState.CLOSED:
            return "The ticket is solved."
        case AssignmentState.OFFERED:
            return (
                f"{name} is asked." if assignment.cre_id else "Everyone asked has refused; an operator is needed."
            )


def _id(one: Recommendation) -> str:
    return f"{one.ticket_id}/{one.recommendation_id}"


def _header(text: str) -> dict[str, Any]:
    return {"type": "header", "text": {"type": "plain_text", "text": text[:_HEADER_LENGTH], "emoji": False}}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text[:_TEXT_LENGTH], "emoji": False}}


def _marked(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_TEXT_LENGTH]}}


def _small(text: str) -> dict[str, Any]:
    return {
        "type": "context",
        "elements": [{"type": "plain_text", "text": text[:_TEXT_LENGTH], "emoji": False}],
    }
