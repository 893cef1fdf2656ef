"""Queues call functions as Lambda's pollers do."""

from __future__ import annotations

from tests.unit.localcloud.conftest import MakeCloud, bodies, failing, function, idle, mapping, queue, seen, send

FAILURES = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


def test_messages_arrive_in_batches_of_the_mappings_size(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {
            "Work": queue(QueueName="work"),
            "Batch": function("batch"),
            "Map": mapping("Batch", "Work", BatchSize=4, MaximumBatchingWindowInSeconds=5),
        }
    )
    for number in range(6):
        send(cloud, "work", str(number))
    cloud.timeline.run_until(lambda: len(seen()) == 2, 60)
    assert seen() == [["0", "1", "2", "3"], ["4", "5"]]


def test_a_window_gathers_messages(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {
            "Work": queue(QueueName="work"),
            "Batch": function("batch"),
            "Map": mapping("Batch", "Work", BatchSize=10, MaximumBatchingWindowInSeconds=20),
        }
    )
    send(cloud, "work", "first")
    cloud.timeline.skip(10)
    assert seen() == []
    send(cloud, "work", "second")
    cloud.timeline.skip(11)
    assert seen() == [["first", "second"]]


def test_only_failed_messages_come_again_after_the_visibility_timeout(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {
            "Work": queue(QueueName="work", VisibilityTimeout=30),
            "Batch": function("batch"),
            "Map": mapping("Batch", "Work", **FAILURES),
        }
    )
    seen()
    failing().add("bad")
    send(cloud, "work", "good")
    send(cloud, "work", "bad")
    cloud.timeline.skip(29)
    assert seen() == [["good", "bad"]]
    failing().clear()
    cloud.timeline.skip(2)
    assert seen() == [["good", "bad"], ["bad"]]
    idle(cloud)
    assert len(seen()) == 2


def test_a_message_that_keeps_failing_goes_to_the_dead_letter_queue(make_cloud: MakeCloud) -> None:
    redrive = {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 3}
    cloud = make_cloud(
        {
            "Dead": queue(QueueName="dead"),
            "Work": queue(QueueName="work", VisibilityTimeout=30, RedrivePolicy=redrive),
            "Broken": function("broken"),
            "Map": mapping("Broken", "Work"),
        }
    )
    send(cloud, "work", "poison")
    idle(cloud)
    assert len(seen()) == 3
    assert bodies(cloud, "dead") == ["poison"]
    assert bodies(cloud, "work") == []


def test_fifo_keeps_the_order_of_a_group_when_a_message_fails(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {
            "Work": queue(
                QueueName="work.fifo", FifoQueue=True, ContentBasedDeduplication=True, VisibilityTimeout=30
            ),
            "Batch": function("batch"),
            "Map": mapping("Batch", "Work", BatchSize=1, **FAILURES),
        }
    )
    seen()
    failing().add("a1")
    for body in ("a1", "a2", "b1", "a3"):
        send(cloud, "work.fifo", body, MessageGroupId=body[0])
    cloud.timeline.skip(5)
    assert seen() == [["a1"], ["b1"]], "the failed message holds its group back, not the other group"
    failing().clear()
    idle(cloud)
    assert seen() == [["a1"], ["b1"], ["a1"], ["a2"], ["a3"]]


def test_fifo_drops_a_duplicate_for_five_minutes_even_when_the_first_is_gone(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {
            "Work": queue(QueueName="work.fifo", FifoQueue=True),
            "Batch": function("batch"),
            "Map": mapping("Batch", "Work"),
        }
    )
    once = {"MessageGroupId": "g", "MessageDeduplicationId": "the-same"}
    send(cloud, "work.fifo", "1", **once)
    idle(cloud)
    send(cloud, "work.fifo", "2", **once)
    idle(cloud)
    assert seen() == [["1"]]
    cloud.timeline.skip(301)
    send(cloud, "work.fifo", "3", **once)
    idle(cloud)
    assert seen() == [["1"], ["3"]]


def test_a_delayed_message_waits_for_its_delay(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {"Work": queue(QueueName="work"), "Batch": function("batch"), "Map": mapping("Batch", "Work")}
    )
    send(cloud, "work", "later", DelaySeconds=60)
    cloud.timeline.skip(59)
    assert seen() == []
    cloud.timeline.skip(2)
    assert seen() == [["later"]]


def test_a_throttled_batch_comes_again(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {
            "Work": queue(QueueName="work", VisibilityTimeout=30),
            "Batch": function("batch", ReservedConcurrentExecutions=0),
            "Map": mapping("Batch", "Work"),
        }
    )
    send(cloud, "work", "patient")
    cloud.timeline.skip(45)
    (spec,) = cloud.functions
    cloud.functions.register(type(spec)(name=spec.name, handler=spec.handler))
    idle(cloud)
    assert seen() == [["patient"]]


def test_filtered_messages_are_deleted_unseen(make_cloud: MakeCloud) -> None:
    criteria = {"Filters": [{"Pattern": '{"body": {"kind": ["wanted"]}}'}]}
    cloud = make_cloud(
        {
            "Work": queue(QueueName="work"),
            "Batch": function("batch"),
            "Map": mapping("Batch", "Work", FilterCriteria=criteria),
        }
    )
    send(cloud, "work", '{"kind": "wanted"}')
    send(cloud, "work", '{"kind": "other"}')
    idle(cloud)
    assert seen() == [['{"kind": "wanted"}']]
    assert bodies(cloud, "work") == []
