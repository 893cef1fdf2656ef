"""Starts moto, puts it on our clock, and tells a listener what happens inside it.

moto delivers some events itself, and not all as AWS does (see docs/decisions.md). Where it would deliver to
a function or through EventBridge, the listener is called instead.
"""

from __future__ import annotations

import functools
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from localcloud.aws import moto_expressions, moto_requests
from localcloud.aws.moto_dynamodb import copy_table, query, serialize_structure, transact_write_items

Process = Callable[[Any], "tuple[int, Any, Any] | None"]

_now: Callable[[], float] = time.time


class MotoListener:
    """The port: what moto tells. Called on the thread of the request that caused it; must not block."""

    def rule_matched(self, rule: Any, event: dict[str, Any]) -> None:
        """An event matches an enabled rule (moto's `Rule`)."""

    def object_event(self, bucket: Any, detail_type: str, reason: str, key: Any) -> None:
        """An object of a bucket with EventBridge notifications was created or deleted."""

    def message_added(self, queue: Any, message: Any) -> None:
        """A message was put into a queue (moto's `Queue`, `Message`)."""

    def visibility_changed(self, queue: Any) -> None:
        """A consumer changed when messages of a queue are visible again."""

    def topic_to_function(self, subscription: Any, message: dict[str, Any]) -> None:
        """A topic has a message for a subscribed function."""

    def message_published(self, place: str, subject: str | None, message: str, attributes: Any) -> None:
        """A topic, by its ARN, or a telephone number was given a message; ``attributes`` as moto has them."""

    def schedules_changed(self) -> None:
        """A rule or schedule was made, changed or removed."""


class MotoBackend:
    """moto in this process, started once; another one may be started after `stop`."""

    def __init__(self, listener: MotoListener, now: Callable[[], float]) -> None:
        self._listener = listener
        self._now = now
        self._undo: list[Callable[[], None]] = []
        self._mock: Any = None

    def start(self, route: Callable[[Process], Process]) -> None:
        """Start moto; ``route`` wraps its function that answers requests."""
        from moto import mock_aws
        from moto.core.models import botocore_stubber

        self._mock = mock_aws()
        self._mock.start()
        _set_clock(self._now)
        self._make_moto_fast()
        self._replace(botocore_stubber, "process_request", route(botocore_stubber.process_request))
        self._make_clients_one_at_a_time()
        self._listen()

    def stop(self) -> None:
        """Stop moto and forget everything in it."""
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()
        _set_clock(time.time)
        if self._mock is not None:
            self._mock.stop()
            self._mock = None

    def _make_clients_one_at_a_time(self) -> None:
        """Functions on many threads make clients of boto3's default session, which is not made for that."""
        import boto3

        lock, make = threading.RLock(), boto3.session.Session.client

        def client(session: Any, *args: Any, **kwargs: Any) -> Any:
            with lock:
                return make(session, *args, **kwargs)

        self._replace(boto3.session.Session, "client", client)
        boto3.setup_default_session()

    def _make_moto_fast(self) -> None:
        from moto.core import responses
        from moto.core.serialize import BaseJSONSerializer
        from moto.dynamodb.models import DynamoDBBackend
        from moto.dynamodb.models.table import Table

        wrapped = transact_write_items(DynamoDBBackend.transact_write_items)
        self._replace(DynamoDBBackend, "transact_write_items", wrapped)
        self._replace(Table, "__deepcopy__", copy_table)
        self._replace(Table, "query", query(Table.query))
        # Both are asked again at each request for what never changes: a fifth of a short one.
        for name in ("camelcase_to_underscores", "method_names_from_class"):
            self._replace(responses, name, functools.cache(getattr(responses, name)))
        name = "_serialize_type_structure"
        self._replace(BaseJSONSerializer, name, serialize_structure(getattr(BaseJSONSerializer, name)))
        for owner, name, instead in (*moto_expressions.replacements(), *moto_requests.replacements()):
            self._replace(owner, name, instead)

    def _listen(self) -> None:
        import moto.s3.notifications as s3_notifications
        from moto.events.models import EventsBackend, Rule
        from moto.scheduler.models import EventBridgeSchedulerBackend
        from moto.sns.models import SNSBackend, Subscription
        from moto.sqs.models import Queue, SQSBackend

        listener = self._listener

        def send_to_targets(rule: Any, event: dict[str, Any], transform_input: bool = True) -> None:
            del transform_input  # moto's way to say who sent the event
            if (
                rule.state == "ENABLED"
                and rule.event_pattern.get_pattern()
                and rule.event_pattern.matches_event(event)
            ):
                listener.rule_matched(rule, event)

        def send_object_event(_account: str, bucket: Any, event_name: str, key: Any) -> None:
            name = str(getattr(event_name, "value", event_name))
            kind = s3_notifications._detail_type(event_name)
            listener.object_event(bucket, kind, name.rpartition(":")[2], key)

        publish_to_subscriber = Subscription.publish

        def publish(subscription: Any, message: str, message_id: str, **more: Any) -> None:
            if subscription.protocol != "lambda":
                publish_to_subscriber(subscription, message, message_id, **more)
                return
            matcher = subscription._filter_policy_matcher
            attributes = more.get("message_attributes")
            if matcher is None or matcher.matches(attributes, message):
                data = subscription.get_post_data(
                    message, message_id, more.get("subject"), message_attributes=attributes
                )
                listener.topic_to_function(subscription, data)

        publish_to_topic = SNSBackend.publish

        def published(backend: Any, message: str, arn: str | None, *rest: Any, **more: Any) -> str:
            message_id = publish_to_topic(backend, message, arn, *rest, **more)
            place = arn or more.get("phone_number") or ""
            listener.message_published(place, more.get("subject"), message, more.get("message_attributes"))
            return message_id

        self._replace(Rule, "send_to_targets", send_to_targets)
        self._replace(s3_notifications, "_send_event_bridge_message", send_object_event)
        self._replace(Subscription, "publish", publish)
        self._replace(SNSBackend, "publish", published)
        self._replace(Queue, "add_message", _remembering_duplicates(Queue.add_message, listener, self._now))
        for name in ("change_message_visibility", "delete_message"):
            self._after(
                SQSBackend,
                name,
                lambda backend, queue_name, *_, **__: listener.visibility_changed(backend.get_queue(queue_name)),
            )
        changes = ("put_rule", "delete_rule", "enable_rule", "disable_rule", "put_targets", "remove_targets")
        for name in changes:
            self._after(EventsBackend, name, lambda *_, **__: listener.schedules_changed())
        for name in ("create_schedule", "update_schedule", "delete_schedule"):
            self._after(EventBridgeSchedulerBackend, name, lambda *_, **__: listener.schedules_changed())

    def _after(self, owner: Any, name: str, then: Callable[..., None]) -> None:
        original = getattr(owner, name)

        def both(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            queue_name = kwargs.pop("queue_name", None)
            then(*(args if queue_name is None else (*args, queue_name)))
            return result

        self._replace(owner, name, both)

    def _replace(self, owner: Any, name: str, value: Any) -> None:
        own = name in vars(owner)
        before = getattr(owner, name, None)
        setattr(owner, name, value)
        self._undo.append(lambda: setattr(owner, name, before) if own else delattr(owner, name))


DEDUPLICATION_SECONDS = 300


def _remembering_duplicates(
    add_message: Callable[[Any, Any], None], listener: MotoListener, now: Callable[[], float]
) -> Callable[[Any, Any], None]:
    """Wrap moto's `Queue.add_message`: SQS refuses a FIFO duplicate for five minutes even after the first
    one was deleted, where moto looks only among the messages still there."""
    seen: dict[tuple[str, str], float] = {}

    def add(queue: Any, message: Any) -> None:
        if queue.fifo_queue and message.deduplication_id:
            key = (queue.queue_arn, message.deduplication_id)
            last = seen.get(key)
            if last is not None and now() - last < DEDUPLICATION_SECONDS:
                return
            seen[key] = now()
        add_message(queue, message)
        listener.message_added(queue, message)

    return add


def _set_clock(now: Callable[[], float]) -> None:
    """Let moto ask ``now`` for the time; modules of moto loaded later ask it too."""
    global _now
    import moto.core.utils as moto_utils

    _now = now
    original = moto_utils.utcnow
    if original is _utcnow:
        return
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.") and getattr(module, "utcnow", None) is original:
            vars(module)["utcnow"] = _utcnow


def _utcnow() -> datetime:
    """Return the time as moto keeps it: UTC, without a zone."""
    return datetime.fromtimestamp(_now(), UTC).replace(tzinfo=None)
