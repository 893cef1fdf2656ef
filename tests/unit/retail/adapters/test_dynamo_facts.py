"""Facts in DynamoDB: replaced, added up when read, and safe from writers at the same time."""

from __future__ import annotations

from datetime import date, timedelta

from chalicelib.core.dynamo import dynamodb
from chalicelib.retail.adapters.dynamo_facts import DynamoDailyFacts, DynamoFactWriter
from tests.fakes.retail.fact_samples import DAY, sheet, store_day


def test_days_come_back_as_they_were_written(facts: DynamoDailyFacts, writer: DynamoFactWriter) -> None:
    days = [store_day("s1", DAY + timedelta(days=number)) for number in range(40)]
    writer.put_days(days)
    assert facts.store_history("s1", DAY, DAY + timedelta(days=60)) == days
    assert list(facts.store_days(DAY, DAY + timedelta(days=60))) == days
    assert facts.store_history("s1", DAY + timedelta(days=3), DAY + timedelta(days=4)) == days[3:5]


def test_a_store_without_facts_has_no_history(facts: DynamoDailyFacts) -> None:
    assert facts.store_history("s1", DAY, DAY) == []
    assert list(facts.store_days(DAY, DAY)) == []


def test_the_same_upload_replaces_and_another_adds(facts: DynamoDailyFacts, writer: DynamoFactWriter) -> None:
    writer.put_days([store_day()])
    writer.put_days([store_day(units_sold=7, restatement=2)])
    writer.put_days([store_day(upload="u2", tickets=None, complete=False)])
    (day,) = facts.store_history("s1", DAY, DAY)
    assert (day.units_sold, day.gross_cents, day.rows) == (17, 10_000, 22)
    assert (day.tickets, day.complete, day.restatement, day.uploads) == (None, False, 2, ("u1", "u2"))
    writer.remove_days("u2", [("s1", DAY)])
    assert facts.store_history("s1", DAY, DAY) == [store_day(units_sold=7, restatement=2)]
    writer.remove_days("u1", [("s1", DAY), ("s1", DAY + timedelta(days=1))])
    assert facts.store_history("s1", DAY, DAY) == []


def test_uploads_of_one_store_at_the_same_time_lose_nothing(
    facts: DynamoDailyFacts, writer: DynamoFactWriter
) -> None:
    mine, first, second = (store_day(day=date(2025, 1, number), upload=f"u{number}") for number in (1, 2, 3))
    others = [first, second]

    def comes_first(**_: object) -> None:
        """Another upload's write lands between our read and our write, twice."""
        if others:
            writer.put_days([others.pop()])

    dynamodb().meta.events.register_first("before-call.dynamodb.PutItem", comes_first)
    writer.put_days([mine])
    assert others == []
    assert facts.store_history("s1", date(2025, 1, 1), date(2025, 1, 31)) == [mine, first, second]


def test_every_store_of_a_day_is_read(facts: DynamoDailyFacts, writer: DynamoFactWriter) -> None:
    written = [store_day(f"store-{number}") for number in range(150)]
    writer.put_days(written)
    assert sorted(facts.store_days(DAY, DAY)) == sorted(written)


def test_sheets_come_back_by_day_and_by_store(facts: DynamoDailyFacts, writer: DynamoFactWriter) -> None:
    written = [sheet(f"s{number}", products=3) for number in range(60)]
    writer.put_sheets(written)
    writer.put_sheets([sheet("s1", day=DAY + timedelta(days=1))])
    assert sorted(facts.product_sheets(DAY)) == sorted(written)
    assert facts.store_products("s1", DAY) == [written[1]]
    assert [line.product_id for line in written[1].rows()] == ["p0", "p1", "p2"]
    writer.remove_sheets("u1", [("s1", DAY, 0), ("s1", DAY, 1)])
    assert facts.store_products("s1", DAY) == []
