"""The desk in Slack: ``/opportunity analyze`` and ``/opportunity status``."""

from __future__ import annotations

from typing import Any

from chalicelib.core.errors import InvalidInputError, NotFoundError, Problem
from chalicelib.core.slack import Command, CommandCall, Message, Reply

_USAGE = (
    'analyze "CUSTOMER" "OPPORTUNITY" YYYY-MM-DD [REGION] [premier] [funding] [follow-on] - start an analysis',
    "status ID - show an analysis",
)
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


COMMANDS = (Command("/opportunity", _USAGE, "operator", command),)


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
    started, _ = asking.ask(payload.parse(AnalyzeBody, given), call.trigger_id, wiring.runs())
    return Message(
        f"Analysis of {_plain(customer)}, {_plain(name)} has begun: `/opportunity status {started['id']}`"
    )


def _status(analysis_id: str) -> Message:
    from chalicelib.opportunities import wiring
    from chalicelib.opportunities.service import asking

    shown = asking.look(analysis_id, wiring.runs(), wiring.analyses())
    result = (shown.get("result") or {}).get("result")
    if result is None:
        why = f": {shown['error']}" if shown.get("error") else ""
        later = "; a later analysis took its results' place" if shown.get("superseded") else ""
        return Message(f"{analysis_id} is {shown['status']}{why}{later}")
    lines = [_plain(result["summary"]), *(f"• {_plain(step)}" for step in result["nextSteps"])]
    text = "\n".join(lines)[:2_900]
    return Message(text, [{"type": "section", "text": {"type": "mrkdwn", "text": text}}])


def _plain(text: str) -> str:
    """Return a text so that Slack shows it as it is: no mention, no link comes of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
