"""What people say to the campaigns desk in Slack: ``/campaign``."""

from __future__ import annotations

from typing import Any

from chalicelib.core import slack
from chalicelib.core.errors import ConflictError
from chalicelib.core.slack import Command, CommandCall, Message, Reply

_SHOWN = 20
_SHORTEST_ID = 4


def campaign(call: CommandCall) -> Reply:
    """Answer ``/campaign``."""
    from chalicelib.campaigns import wiring
    from chalicelib.campaigns.service.lifecycle import changes

    word, *rest = call.words
    if word == "list":
        return _list()
    found = _find(" ".join(rest))
    if word == "status":
        return _status(found)
    if word == "report":
        return _report(found)
    change = {
        "start": changes.start,
        "pause": changes.pause,
        "resume": changes.resume,
        "cancel": changes.cancel,
    }[word]
    answer = change(found["id"], wiring.lifecycle())
    name = slack.escaped(found["name"])
    return _said(f"*{name}* is {answer.get('status', word)}: {word}, by <@{call.person.id}>.", in_channel=True)


def _list() -> Reply:
    from chalicelib.campaigns import wiring
    from chalicelib.campaigns.service.lifecycle.views import campaign_page

    page = campaign_page(_SHOWN, None, wiring.campaigns())
    lines = [f"• *{slack.escaped(one['name'])}* {one['status']}, `{one['id'][:8]}`" for one in page["campaigns"]]
    if page["next"]:
        lines.append(f"These are the latest {_SHOWN}.")
    return _said("\n".join(lines) or "There is no campaign yet.")


def _status(found: dict[str, Any]) -> Reply:
    from chalicelib.campaigns import wiring
    from chalicelib.campaigns.service.lifecycle.views import campaign_now
    from chalicelib.core import clock

    now = campaign_now(found["id"], wiring.campaigns(), clock.current())
    progress = now["progress"]
    held = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in progress["heldNow"].items())
    lines = [
        f"*{slack.escaped(now['name'])}* is {now['status']}",
        f"{progress['completedContacts']} of {progress['totalContacts']} contacts are final "
        f"({progress['completionPercentage']:g} %), {progress['calls']} calls",
        f"{progress['readyNow']} may be called now" + (f"; waiting: {held}" if held else ""),
    ]
    if progress["nextLegalAt"] and not progress["readyNow"]:
        lines.append(f"The next call may be placed at {progress['nextLegalAt']}.")
    return _said("\n".join(lines))


def _report(found: dict[str, Any]) -> Reply:
    from chalicelib.campaigns import wiring
    from chalicelib.campaigns.service import reporting

    report = reporting.latest(found["id"], wiring.report())
    return _said(f"<{report['reportUrl']}|Report of {slack.escaped(found['name'])}> (the link ends in an hour)")


def _find(wanted: str) -> dict[str, Any]:
    """Return the campaign of this id, of an id that begins so, or of this name.

    Raises:
        CampaignNotFoundError: there is none among the latest hundred.
        ConflictError: there are several.
    """
    from chalicelib.campaigns import wiring
    from chalicelib.campaigns.errors import CampaignNotFoundError
    from chalicelib.campaigns.service.lifecycle.views import MOST_ON_A_PAGE, campaign_page

    every = campaign_page(MOST_ON_A_PAGE, None, wiring.campaigns())["campaigns"]
    found = [one for one in every if one["id"] == wanted or one["name"].casefold() == wanted.casefold()]
    if not found and len(wanted) >= _SHORTEST_ID:
        found = [one for one in every if one["id"].startswith(wanted.lower())]
    if not found:
        raise CampaignNotFoundError(f"There is no campaign {wanted!r}; `/campaign list` shows them.")
    if len(found) > 1:
        several = ", ".join(one["id"][:8] for one in found)
        raise ConflictError(f"Several campaigns are called {wanted!r}; say which by its id: {several}.")
    return dict(found[0])


def _said(text: str, *, in_channel: bool = False) -> Reply:
    return Reply(Message(text, [slack.section(text)]), in_channel=in_channel)


COMMANDS = (
    Command(
        name="/campaign",
        usage=(
            "list - the latest campaigns",
            "status CAMPAIGN - how far one is; say its name, or its id from the list",
            "start CAMPAIGN - start it now",
            "pause CAMPAIGN - place no further call",
            "resume CAMPAIGN - let it go on",
            "cancel CAMPAIGN - end it for good",
            "report CAMPAIGN - the last report",
        ),
        role="viewer",
        handle=campaign,
        asks=dict.fromkeys(("start", "pause", "resume", "cancel"), "operator"),
    ),
)
