"""What people ask and answer about sales in Slack.

    /sales today          yesterday's business day: the last report there can be
    /sales 2025-01-15     the report of a date, with buttons at each finding
    /sales S07            one store's last days

A button's value is ``<date> <finding>``, such as ``2025-01-15 sales_low|store:S07``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.core import clock
from chalicelib.core.errors import InvalidInputError, NotFoundError
from chalicelib.core.slack import Action, ActionCall, Blocks, Command, CommandCall, Message, Reply, escaped

ACTION = "sales_finding"
_BUTTONS = (("expected", "Expected"), ("real", "Real"), ("event", "Known event"))
_USAGE = "today, DATE or STORE: /sales today, /sales 2025-01-15, /sales S07"


def sales(call: CommandCall) -> Reply:
    """Answer ``/sales``."""
    asked = " ".join(call.words)  # a store's id may have spaces
    if not asked:
        return Reply(Message(f"Say {_USAGE}"))
    try:
        if asked.lower() == "today" or _is_date(asked):
            return Reply(_report_message(_yesterday() if asked.lower() == "today" else asked))
        return Reply(_store_message(asked))
    except (InvalidInputError, NotFoundError) as error:
        return Reply(Message(str(error)))


def act(call: ActionCall) -> Reply:
    """Take the answer to a finding."""
    from chalicelib.retail.service.reporting import asking
    from chalicelib.retail.wiring import reports as wiring

    day, _, finding = call.value.partition(" ")
    given = call.action_id.partition(":")[2].partition(":")[0]
    try:
        said = asking.answer(day, finding, given, call.person.id, wiring.report_asking(), clock.current())
    except NotFoundError as error:
        return Reply(Message(str(error)))
    return Reply(Message(said))


def _report_message(day: str) -> Message:
    from chalicelib.retail.service.reporting import asking
    from chalicelib.retail.wiring import reports as wiring

    report = asking.show(day, wiring.report_asking(), clock.current())
    blocks: Blocks = [_section(f"*{report['verdict']}*")]
    for number, item in enumerate(report["items"], 1):
        advice = f"\n{item['owner'].capitalize()}: {item['action']}" if item["action"] else ""
        blocks += [
            _section(escaped(f"{number}. {item['text']}{advice}")),
            _buttons(day, f"{item['kind']}|{item['scope']}"),
        ]
    blocks.append(_section(f"<{report['links']['html']}|Whole report> · <{report['links']['pdf']}|PDF>"))
    return Message(report["verdict"], blocks)


def _store_message(store: str) -> Message:
    from chalicelib.retail.domain.wording import money
    from chalicelib.retail.wiring import reports as wiring
    from chalicelib.retail.wiring.uploads import daily_facts

    last = date.fromisoformat(_yesterday())
    days = daily_facts().store_history(store, last - timedelta(days=13), last)
    if not days:
        return Message(escaped(f"No sales of a store {store[:64]} in the last 14 days. Say {_USAGE}"))
    currency = wiring.currency()
    lines = [
        f"{fact.day:%a %Y-%m-%d}  {money(fact.net_cents, currency)}  {fact.units_sold:,} pieces"
        + (f"  returns {money(fact.returns_cents, currency)}" if fact.returns_cents else "")
        for fact in days
    ]
    table = "\n".join(lines)
    name = escaped(store)
    return Message(f"Store {name}: {lines[-1]}", [_section(f"*Store {name}*\n```{table}```")])


def _buttons(day: str, finding: str) -> dict[str, Any]:
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": f"{ACTION}:{answer}",
                "text": {"type": "plain_text", "text": label},
                "value": f"{day} {finding}",
            }
            for answer, label in _BUTTONS
        ],
    }


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:3000]}}


def _is_date(word: str) -> bool:
    return len(word) == 10 and word[:4].isdigit() and word[4] == word[7] == "-"


def _yesterday() -> str:
    from chalicelib.retail.wiring import reports as wiring

    today = clock.current().now().astimezone(ZoneInfo(wiring.zone())).date()
    return (today - timedelta(days=1)).isoformat()


COMMANDS = (
    Command(
        "/sales",
        (
            "today - the last day's report",
            "DATE - the report of a date, 2025-01-15",
            "STORE - a store's last 14 days",
        ),
        role="viewer",
        handle=sales,
    ),
)
ACTIONS = (Action(ACTION, role="operator", handle=act),)
