"""`Triggers`: hears what happens inside moto and hands it to the part that acts on it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from localcloud.aws.moto_backend import MotoListener
from localcloud.functions import Functions
from localcloud.mailbox import Mailbox
from localcloud.provision.site import AsyncSettings, QueueMapping
from localcloud.stepfunctions import Timeline
from localcloud.triggers.async_invoke import AsyncInvoker
from localcloud.triggers.bus import Bus
from localcloud.triggers.delivery import Delivery, Target
from localcloud.triggers.objects import object_detail
from localcloud.triggers.queues import QueuePoller
from localcloud.triggers.schedules import Schedules
from localcloud.triggers.status_events import DETAIL_TYPE, SOURCE, status_detail
from localcloud.triggers.topics import sns_event


class Triggers(MotoListener):
    """Every trigger of the local cloud. Before `open`, what moto tells is heard and nothing is fired."""

    def __init__(
        self,
        timeline: Timeline,
        functions: Functions,
        client: Callable[[str], Any],
        start_execution: Callable[[str, str, str], None],
        async_settings: dict[str, AsyncSettings],
        *,
        account_id: str = "123456789012",
        region: str = "us-east-1",
    ) -> None:
        self._timeline = timeline
        self._functions = functions
        self._account_id = account_id
        self._region = region
        self.invoker = AsyncInvoker(timeline, functions, async_settings)
        self.delivery = Delivery(timeline, client, self.invoker, start_execution)
        self.invoker.forward = self._forward
        self.mailbox = Mailbox(timeline.now)
        """What topics were given to deliver."""
        self._pollers: dict[str, list[QueuePoller]] = {}
        self._bus: Bus | None = None
        self._schedules: Schedules | None = None

    def open(self, mappings: list[QueueMapping], lock: threading.RLock) -> None:
        """Begin: poll the mappings' queues, fire the schedules. ``lock`` guards moto's queues."""
        from moto.events.models import EventPattern, events_backends
        from moto.scheduler.models import scheduler_backends
        from moto.sqs.models import sqs_backends

        events = events_backends[self._account_id][self._region]
        self._bus = Bus(self._timeline, self.delivery, events)
        scheduler = scheduler_backends[self._account_id][self._region]
        self._schedules = Schedules(self._timeline, self._bus, self.delivery, events, scheduler)

        def matches(pattern: dict[str, Any], value: Any) -> bool:
            return bool(EventPattern(None, pattern).matches_event(value))

        for mapping in mappings:
            backend = sqs_backends[self._account_id][self._region]
            poller = QueuePoller(mapping, backend, self._timeline, self._functions, lock, matches)
            self._pollers.setdefault(poller.queue_name, []).append(poller)
            poller.wake()
        self._schedules.changed()

    def publish(
        self, source: str, detail_type: str, detail: dict[str, Any], resources: list[str] | None = None
    ) -> None:
        """Publish an event on the default bus."""
        if self._bus is not None:
            self._bus.publish(source, detail_type, detail, resources)

    def execution_changed(self, execution: Any) -> None:
        """Publish an execution's new status."""
        self.publish(SOURCE, DETAIL_TYPE, status_detail(execution), [execution.arn])

    def rule_matched(self, rule: Any, event: dict[str, Any]) -> None:
        """See `MotoListener.rule_matched`."""
        if self._bus is not None:
            self._bus.matched(rule, event)

    def object_event(self, bucket: Any, detail_type: str, reason: str, key: Any) -> None:
        """See `MotoListener.object_event`."""
        detail = object_detail(bucket, detail_type, reason, key, self._account_id)
        self.publish("aws.s3", detail_type, detail, [f"arn:aws:s3:::{bucket.name}"])

    def message_added(self, queue: Any, message: Any) -> None:
        """See `MotoListener.message_added`."""
        self.visibility_changed(queue)

    def visibility_changed(self, queue: Any) -> None:
        """See `MotoListener.visibility_changed`."""
        for poller in self._pollers.get(queue.name, ()):
            poller.wake()

    def topic_to_function(self, subscription: Any, message: dict[str, Any]) -> None:
        """See `MotoListener.topic_to_function`."""
        self.delivery.send(Target(subscription.endpoint), sns_event(subscription, message))

    def message_published(self, place: str, subject: str | None, message: str, attributes: Any) -> None:
        """See `MotoListener.message_published`."""
        self.mailbox.put(place, subject, message, attributes)

    def schedules_changed(self) -> None:
        """See `MotoListener.schedules_changed`."""
        if self._schedules is not None:
            self._schedules.changed()

    def _forward(self, arn: str, payload: Any, attributes: dict[str, str]) -> None:
        if arn.split(":")[2] == "sqs":
            self.delivery.set_aside(arn, payload, attributes)
        else:
            self.delivery.send(Target(arn), json.loads(payload) if isinstance(payload, str) else payload)
