"""Messages of a queue as a function sees them."""

from __future__ import annotations

from typing import Any


def sqs_event(messages: list[Any], queue: Any) -> dict[str, Any]:
    """Return the event of a batch of moto's messages, received from ``queue``."""
    return {"Records": [_record(message, queue) for message in messages]}


def _record(message: Any, queue: Any) -> dict[str, Any]:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": str(message.sender_id),
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    optional = {
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": message.deduplication_id if queue.fifo_queue else None,
        "SequenceNumber": message.sequence_number if queue.fifo_queue else None,
    }
    attributes |= {name: str(value) for name, value in optional.items() if value is not None}
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": {
            name: _attribute(value) for name, value in (message.message_attributes or {}).items()
        },
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.queue_arn,
        "awsRegion": queue.region,
    }


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {"stringListValues": [], "binaryListValues": []}
    data_type = value.get("data_type") or value.get("DataType", "String")
    record["dataType"] = data_type
    text = value.get("string_value", value.get("StringValue"))
    if text is not None:
        record["stringValue"] = text
    binary = value.get("binary_value", value.get("BinaryValue"))
    if binary is not None:
        record["binaryValue"] = binary
    return record


def failed_ids(response: Any, sent: list[str]) -> set[str]:
    """Return the ids a function reports as failed; a malformed report means all of them, as Lambda has it.

    >>> sorted(failed_ids({"batchItemFailures": [{"itemIdentifier": "b"}]}, ["a", "b"]))
    ['b']
    """
    if response is None or response == {}:
        return set()
    if not isinstance(response, dict):
        return set()
    items = response.get("batchItemFailures")
    if items is None:
        return set()
    if not isinstance(items, list):
        return set(sent)
    ids = [str(item.get("itemIdentifier")) if isinstance(item, dict) else "" for item in items]
    if any(one not in sent for one in ids):
        return set(sent)
    return set(ids)
