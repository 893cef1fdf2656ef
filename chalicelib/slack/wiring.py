"""Which adapter plays which part, by configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core import clock
from chalicelib.core.config import setting

if TYPE_CHECKING:
    from chalicelib.slack.service import receiving, working


def receive() -> receiving.Ports:
    """Return what receiving needs."""
    from chalicelib.core.secrets import secret
    from chalicelib.slack.adapters.dynamo_orders import DynamoOrders
    from chalicelib.slack.adapters.dynamo_people import DynamoPeople
    from chalicelib.slack.adapters.lambda_bot import LambdaBot
    from chalicelib.slack.service import receiving

    table = setting("SLACK_TABLE")
    return receiving.Ports(
        DynamoOrders(table),
        DynamoPeople(table),
        LambdaBot(setting("SLACK_BOT_FUNCTION")),
        secret("slack", "signing_secret"),
        clock.current(),
    )


def work() -> working.Ports:
    """Return what working needs."""
    from chalicelib.slack.adapters.dynamo_orders import DynamoOrders
    from chalicelib.slack.adapters.dynamo_people import DynamoPeople
    from chalicelib.slack.service import working

    table = setting("SLACK_TABLE")
    return working.Ports(DynamoOrders(table), DynamoPeople(table), clock.current())
