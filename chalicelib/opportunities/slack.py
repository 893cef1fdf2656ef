"""The desk in Slack: ``/opportunity analyze`` and ``/opportunity status``, and what came of an analysis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import slack
from chalicelib.core.errors import InvalidInputError, NotFoundError, Problem
from chalicelib.core.slack import Command, CommandCall, Message, Reply
from chalicelib.opportunities.domain.opportunity import FOLLOW_ON, FUNDING

_USAGE = (
    'analyze "CUSTOMER" "OPPORTUNITY" YYYY-MM-DD [REGION] [premier] [funding] [follow-on] - start an analysis',
    "status ID - show an analysis",
)
_LONGEST_NOTICE = 300
"""Of the text beside the blocks, for notifications and screen readers."""
_OPTIONS = {"premier": "useNovaPremier", "funding": "includeFunding", "follow-on": "includeFollowOn"}


def command(call: CommandCall) -> Reply:
    """Answer ``/opportunity``."""
    try:
        match call.words:
            case ("analyze", customer, name, closes, *more):
                return Reply(_analyze(call, customer, name, closes, more))
            case ("status", analysis_id):
                return Reply(_status(analysis_id))
    except InvalidInputError as error:
        return Reply(Message("\n".join(f"{p.path}: {p.message}" for p in error.problems)))
    except NotFoundError as error:
        return Reply(Message(str(error)))
    return Reply(Message("\n".join(f"/opportunity {line}" for line in _USAGE)))


def _finished(data: Mapping[str, Any]) -> tuple[str, Message]:
    """``{"analysisId", "channel"}``: what came of an analysis, as `_status` shows it, said once."""
    message = _status(data["analysisId"])
    return data["channel"], Message(message.text, message.blocks, key=data["analysisId"])


COMMANDS = (Command("/opportunity", _USAGE, "viewer", command, {"analyze": "operator"}),)
MESSAGES: dict[str, Callable[[Mapping[str, Any]], tuple[str, Message]]] = {"analysis_finished": _finished}


def _analyze(call: CommandCall, customer: str, name: str, closes: str, more: list[str]) -> Message:
    from chalicelib.core import payload
    from chalicelib.opportunities import wiring
    from chalicelib.opportunities.service import asking
    from chalicelib.opportunities.service.requests import AnalyzeBody

    regions = [word for word in more if word not in _OPTIONS]
    if len(regions) > 1:
        raise InvalidInputError([Problem(regions[1], "unknown_word", f"is none of {', '.join(_OPTIONS)}")])
    given: dict[str, Any] = {"CustomerName": customer, "oppName": name, "closeDate": closes}
    given |= {"region": regions[0]} if regions else {}
    given |= {_OPTIONS[word]: True for word in more if word in _OPTIONS}
    # Slack sends a command again when it had no answer in time, with the same trigger.
    body = payload.parse(AnalyzeBody, given)
    started, _ = asking.ask(body, call.trigger_id, wiring.runs(), slack_channel=call.channel)
    subject = slack.escaped(f"{customer}, {name}")
    return Message(f"Analysis of {subject} has begun: `/opportunity status {started['id']}`")


def _status(analysis_id: str) -> Message:
    from chalicelib.opportunities import wiring
    from chalicelib.opportunities.service import asking

    shown = asking.look(analysis_id, wiring.runs(), wiring.analyses())
    result = (shown.get("result") or {}).get("result")
    if result is None:
        why = f": {shown['error']}" if shown.get("error") else ""
        later = "; a later analysis took its results' place" if shown.get("superseded") else ""
        return Message(f"{analysis_id} is {shown['status']}{why}{later}")
    lines = [slack.escaped(result["summary"]), *(f"• {slack.escaped(step)}" for step in result["nextSteps"])]
    for kind, what in ((FUNDING, "Funding"), (FOLLOW_ON, "Follow-on")):
        if related := shown.get(kind):
            lines.append(f"*{what}* {slack.escaped(related['result']['summary'])}")
    text = "\n".join(lines)
    return Message(text[:_LONGEST_NOTICE], [slack.section(text)])
