"""The parts of ``upload-processor``, and the facts both machines share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.config import setting

if TYPE_CHECKING:
    from chalicelib.retail.ports.facts import DailyFacts, FactWriter


def daily_facts() -> DailyFacts:
    """Return the facts, to read."""
    from chalicelib.retail.adapters.dynamo_facts import DynamoDailyFacts

    return DynamoDailyFacts(setting("FACTS_TABLE"))


def fact_writer() -> FactWriter:
    """Return the facts, to write."""
    from chalicelib.retail.adapters.dynamo_facts import DynamoFactWriter

    return DynamoFactWriter(setting("FACTS_TABLE"))
