"""What people do about approvals in Slack: approve, reject with a reason, choose.

A button's value is the approval's id (of a choice: the id and the option's place); its message is edited by the
decision itself, so the answers here are for the person who pressed.
"""

from __future__ import annotations

from typing import Any

from chalicelib.approvals import wording
from chalicelib.core.errors import InvalidInputError, SignalboxError, TransientError
from chalicelib.core.slack import Action, ActionCall, Message, Reply, escaped


def act(call: ActionCall) -> Reply:
    """Answer a button or the modal of the room."""
    if (view := modal(call)) is not None:
        return Reply(modal=view)
    try:
        return _decide(call)
    except TransientError:
        raise  # it is tried again
    except InvalidInputError as error:
        return Reply(Message(escaped(f"Not decided: {error}")))
    except SignalboxError as error:
        return Reply(Message(escaped(f"Nothing was changed: {error}")))


def modal(call: ActionCall) -> dict[str, Any] | None:
    """Return the modal that asks why, for the button that rejects."""
    return wording.reason_modal(call.value) if call.action_id == wording.REJECT and call.message else None


def _decide(call: ActionCall) -> Reply:
    from chalicelib.approvals import wiring
    from chalicelib.approvals.domain.approval import Choice
    from chalicelib.approvals.domain.verdicts import decided_text
    from chalicelib.approvals.service import deciding

    room = wiring.room()
    approval_id, _, place = call.value.partition(" ")
    if call.action_id == wording.REJECT:
        draft = deciding.DecisionDraft(Choice.REJECTED, reason=call.inputs.get(wording.REASON, ""))
    elif call.action_id.startswith(wording.CHOOSE):
        draft = deciding.DecisionDraft(Choice.CHOSEN, choice=deciding.option_value(approval_id, place, room))
    else:
        draft = deciding.DecisionDraft(Choice.APPROVED)
    where = f"slack {call.message.channel}" if call.message else "slack modal"
    outcome = deciding.decide(approval_id, draft, call.person.id, where, room)
    text = wording.outcome_text(outcome.approval)
    if not outcome.new and outcome.approval.decided:
        text = decided_text(outcome.approval.decided)
    return Reply(Message(escaped(text)))


ACTIONS = (Action(wording.ACTION, role="approver", handle=act, modal=modal),)
