"""Emergencies through the FIFO queue of the local cloud, on real time.

    python -m benchmarks.emergencies [SECONDS]       60 when none is given

20 reports a second from 40 vehicles, three in four of high priority; one in ten repeats an earlier report as a new
message, one in fifty is malformed. All of it runs: queue, functions, interpreter, cameras, Slack, escalation.
Latency is from the event's time stamp, set as the report is sent, to the time the last of its notifications
(authorities and owner) had its message id. Exit status 1 when a bar is missed: nothing lost, nothing doubled, each
vehicle's incidents started in the order reported, 99 of 100 under 250 ms.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.fleet.domain.incidents.report import is_high_priority, read_report
from localcloud.project import LocalProject

A_SECOND = 20
VEHICLES = 40
DUPLICATE_EVERY, MALFORMED_EVERY = 10, 50
P99_MILLISECONDS = 250.0
PATIENCE_SECONDS = 30.0
WARM_UP = 20
"""Reports before the clock runs: functions are imported and clients made, as in a container that is warm."""
PROJECT = Path(__file__).resolve().parent.parent
TYPES = ("panic_button", "accident", "hijack", "breakdown")


@dataclass
class Load:
    """What was reported."""

    texts: dict[str, str] = field(default_factory=dict)
    """Message id -> the report's text."""
    sent_at: dict[str, int] = field(default_factory=dict)
    """Message id -> milliseconds when it was sent."""
    malformed: int = 0
    duplicates: int = 0
    behind_milliseconds: float = 0.0
    """How late the latest report was sent: this machine's doing."""


def report_text(number: int, vehicle: str, dice: random.Random) -> str:
    """Return the ``number``-th report, sent now."""
    place = {"lat": round(dice.uniform(-4, 12), 5), "lon": round(dice.uniform(-79, -67), 5)}
    event = {
        "vehicleId": vehicle,
        "type": TYPES[number % len(TYPES)],
        "severity": "critical",
        "location": place,
        "eventTimestamp": time.time_ns() // 1_000_000,
        "metadata": {"driver_id": f"DRV-{number % 500}", "number": number},
    }
    if number % MALFORMED_EVERY == MALFORMED_EVERY // 2:
        return (
            json.dumps(event)[:-20],
            json.dumps(event | {"location": {"lat": 400, "lon": "west"}}),
            json.dumps(event | {"eventTimestamp": "soon"}),
            json.dumps(event | {"type": 7}),
        )[number // MALFORMED_EVERY % 4]
    return json.dumps(event)


def send(project: LocalProject, count: int, load: Load, seed: int) -> None:
    """Send ``count`` reports at their times."""
    sqs = project.cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="signalbox-local-emergency.fifo")["QueueUrl"]
    dice = random.Random(seed)
    earlier: list[tuple[str, str]] = []
    began = time.perf_counter()
    for number in range(count):
        due = began + number / A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        load.behind_milliseconds = max(load.behind_milliseconds, (time.perf_counter() - due) * 1000)
        vehicle = f"VEH-{seed}-{dice.randrange(VEHICLES):03d}"
        if number % DUPLICATE_EVERY == DUPLICATE_EVERY - 1 and earlier:
            vehicle, text = dice.choice(earlier[-100:])
            load.duplicates += 1
        else:
            text = report_text(number, vehicle, dice)
            if number % MALFORMED_EVERY == MALFORMED_EVERY // 2:
                load.malformed += 1
            else:
                earlier.append((vehicle, text))
        answer = sqs.send_message(
            QueueUrl=url, MessageBody=text, MessageGroupId=vehicle, MessageDeduplicationId=f"{seed}-{number}"
        )
        load.texts[answer["MessageId"]] = text
        load.sent_at[answer["MessageId"]] = time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Expected:
    """An incident that should have come of the reports."""

    vehicle: str
    high: bool
    since: int
    """Milliseconds: the event's time stamp."""


def expected(load: Load, started: dict[str, dict[str, Any]]) -> dict[str, Expected]:
    """Return incident id -> what it should be; an id made of the time of arrival is taken from the execution."""
    by_report = {one["report"]["id"]: name for name, one in started.items()}
    found: dict[str, Expected] = {}
    for message_id, text in load.texts.items():
        report = read_report(text, report_id=message_id, received_at=load.sent_at[message_id])
        event = report.as_input()
        stamped = report.event_timestamp != report.received_at
        name = report.incident_id if stamped else by_report.get(message_id, report.incident_id)
        found.setdefault(name, Expected(report.vehicle_id, is_high_priority(event), report.event_timestamp))
    return found


def notifications(project: LocalProject) -> Iterator[str]:
    """Yield the id of every notification that SNS took."""
    from moto.sns.models import sns_backends

    for topic in sns_backends[project.cloud.account_id][project.cloud.region].topics.values():
        for _message_id, _message, _subject, attributes, _group in topic.sent_notifications:
            if attributes and "notificationId" in attributes:
                yield str(attributes["notificationId"]["Value"])


def latencies(project: LocalProject, wanted: dict[str, Expected]) -> tuple[list[float], int]:
    """Return (milliseconds from event to last notification, how many incidents lack one)."""
    milliseconds, lost = [], 0
    with project.cloud.functions.within(
        next(one.name for one in project.cloud.functions if one.logical_id == "APIHandler")
    ):
        from chalicelib.fleet.wiring import incidents as wiring

        store = wiring.store()
        for name, one in wanted.items():
            incident = store.load(name)
            notices = incident.notices if incident is not None else {}
            due = ("authorities", "owner") if one.high else ("owner",)
            times = [notices[key].sent_at for key in due if key in notices]
            told = [datetime.fromisoformat(at).timestamp() * 1000 for at in times if at is not None]
            if len(told) < len(due):
                lost += 1
            else:
                milliseconds.append(max(told) - one.since)
    return milliseconds, lost


def out_of_order(started: dict[str, dict[str, Any]], load: Load) -> int:
    """Return how many incidents of a vehicle started before an earlier report of it."""
    place = {message_id: number for number, message_id in enumerate(load.texts)}
    last: dict[str, int] = defaultdict(lambda: -1)
    wrong = 0
    for one in started.values():
        number = place[one["report"]["id"]]
        vehicle = one["vehicleId"]
        wrong += number < last[vehicle]
        last[vehicle] = number
    return wrong


def measure(seconds: int) -> bool:
    """Run once and print the figures; True when every bar is met."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("app.py", "chalicelib", "infrastructure", "statemachines", ".chalice"):
            (Path(folder) / name).symlink_to(PROJECT / name)
        with LocalProject(Path(folder), aws_port=0, api_port=0) as project:
            send(project, WARM_UP, Load(), seed=1)
            time.sleep(2)
            before = {one.name for one in project.cloud.engine.list_executions()}
            load = Load()
            busy = os.times()
            sender = threading.Thread(target=send, args=(project, seconds * A_SECOND, load, 2))
            began = time.perf_counter()
            sender.start()
            sender.join()
            _settle(project)
            spent, used = time.perf_counter() - began, os.times()
            started = {
                one.name: one.input
                for one in reversed(project.cloud.engine.list_executions())
                if one.name not in before
            }
            wanted = expected(load, started)
            found, lost = latencies(project, wanted)
            ours = [one for one in notifications(project) if one.split("/")[0] in wanted]
            doubled = sum(times > 1 for times in Counter(ours).values())
            lost += len(wanted.keys() - started.keys())
            wrong_order = out_of_order(started, load)
    cuts = statistics.quantiles(found, n=100)
    cores = (used.user + used.system - busy.user - busy.system) / spent
    print(f"{len(load.texts)} reports, {load.duplicates} repeated, {load.malformed} malformed")
    print(f"{len(wanted)} incidents, {len(started) - len(wanted)} more were started")
    print(f"lost {lost}, doubled {doubled}, out of order {wrong_order}")
    print(f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms, most {max(found):.0f} ms")
    print(
        f"{cores:.2f} cores used; load of the machine {os.getloadavg()[0]:.1f}; "
        f"the sender was {load.behind_milliseconds:.0f} ms late at most"
    )
    return not (lost or doubled or wrong_order or len(started) != len(wanted)) and cuts[98] < P99_MILLISECONDS


def _settle(project: LocalProject) -> None:
    """Wait until the last response is complete."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    waiting = {"AwaitAcknowledgement"}
    sqs = project.cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="signalbox-local-emergency.fifo")["QueueUrl"]
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    while time.monotonic() < deadline:
        left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
        if any(int(count) for count in left.values()):
            time.sleep(0.2)
            continue
        running = [one for one in project.cloud.engine.list_executions() if not one.ended]
        if all(one.dataflow and one.dataflow[-1].state in waiting for one in running):
            return
        time.sleep(0.2)


def main() -> int:
    """Measure; see the module's docstring."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    return 0 if measure(seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
