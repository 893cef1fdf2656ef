"""Dispatch with boto3 as it is and the wire stubbed: contacts a second, memory, calls.

    python -m benchmarks.dispatch [CONTACTS ...]      10000 and 1000000 when none is given

Requests are built, signed and serialised, responses parsed, by the real client; only the socket is missing. The
time the stub itself takes is left out. Exit status 1 when a bar is missed: 4,000 contacts a second; under 150 MiB
more memory for the most contacts than for the fewest; SQS requests ceil(n/10); transactions of 99 contacts; and as
many counter reads a wave for any number of contacts.
"""

from __future__ import annotations

import json
import math
import os
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}

from botocore.awsrequest import AWSRequest, AWSResponse

from chalicelib.campaigns.adapters.dynamo_campaigns import DynamoCampaignStore
from chalicelib.campaigns.adapters.dynamo_contacts import PAGE, DynamoContactStore
from chalicelib.campaigns.adapters.dynamo_people import DynamoPeople
from chalicelib.campaigns.adapters.sqs_dial_queue import SqsDialQueue
from chalicelib.campaigns.service import dispatching
from chalicelib.core import aws, payload
from chalicelib.core.clock import FixedClock
from tests.fakes.campaigns.samples import ALWAYS, RUN_ARN, campaign

LEAST_A_SECOND = 4_000
MOST_MEBIBYTES_MORE = 150
NOW = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
CAMPAIGN = campaign(windows=(ALWAYS,), calls_per_second=10_000.0, max_concurrent_calls=10_000_000)
ZONES = "America/New_York"
SUPPRESSED_EVERY = 100
"""One contact in so many is suppressed."""


class StubbedWire:
    """Answers the requests of one dispatch over ``contacts`` contacts."""

    def __init__(self, contacts: int) -> None:
        self._contacts = self.left = contacts
        self.queued, self.out = 0, 0
        self.calls: Counter[str] = Counter()
        self.seconds = 0.0
        self._suppressed: list[str] = []

    def answer(self, request: AWSRequest, **_: Any) -> AWSResponse:
        """Return the response in place of the socket's."""
        began = time.perf_counter()
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        body = json.loads(request.body)
        kind = f"{operation} {body['TableName']}" if operation == "Query" else operation
        self.calls[kind] += 1
        text = getattr(self, "_" + operation)(body)
        response = AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.0"}, _Raw(text))
        self.seconds += time.perf_counter() - began
        return response

    def _GetItem(self, _: dict[str, Any]) -> str:  # noqa: N802 - AWS's names
        config = json.dumps(payload.to_json_types(CAMPAIGN))
        return json.dumps({"Item": {"body": {"S": config}}})

    def _Query(self, body: dict[str, Any]) -> str:  # noqa: N802
        if body["TableName"] == "campaigns":
            sums = {
                "total": self.left + self.queued + self.out,
                f"ready:{ZONES}": self.left,
                "status:pending": self.left,
                "call:answered": self.queued,
            }
            return json.dumps({"Items": [{name: {"N": str(n)} for name, n in sums.items()}]})
        # A line's head is the best contact that is still ready; a wave goes on where its last page ended.
        after = body.get("ExclusiveStartKey", {}).get("rank", {}).get("S")
        first = int(after.rpartition("#c")[2]) if after else self._contacts - self.left
        size = min(PAGE, self._contacts - first)
        items = ",".join(self._contact(number) for number in range(first, first + size))
        last = f'"LastEvaluatedKey":{{"rank":{{"S":"500000#c{first + size}"}}}},' if size == PAGE else ""
        return f'{{{last}"Items":[{items}]}}'

    def _contact(self, number: int) -> str:
        return (
            f'{{"campaign_id":{{"S":"spring"}},"contact_id":{{"S":"c{number:031d}"}},'
            f'"phone":{{"S":"+1{number:010d}"}},"zones":{{"S":"{ZONES}"}},"priority":{{"N":"0.5"}},'
            f'"state":{{"S":"pending"}},"attempt":{{"N":"0"}},"generation":{{"N":"0"}},'
            f'"queue":{{"S":"spring#ready#{ZONES}"}},"rank":{{"S":"500000#c{number}"}}}}'
        )

    def _BatchGetItem(self, body: dict[str, Any]) -> str:  # noqa: N802
        phones = [key["phone"]["S"] for key in body["RequestItems"]["suppressions"]["Keys"]]
        found = [
            {"phone": {"S": phone}, "everywhere": {"M": {}}, "version": {"N": "1"}}
            for phone in phones
            if int(phone) % SUPPRESSED_EVERY == 0
        ]
        return json.dumps({"Responses": {"suppressions": found}, "UnprocessedKeys": {}})

    def _TransactWriteItems(self, body: dict[str, Any]) -> str:  # noqa: N802
        contacts = len(body["TransactItems"]) - 1
        self.left -= contacts
        self.out += contacts
        return "{}"

    def _SendMessageBatch(self, body: dict[str, Any]) -> str:  # noqa: N802
        sent = [{"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": "0" * 32} for entry in body["Entries"]]
        self.queued += len(sent)
        self.out -= len(sent)
        return json.dumps({"Successful": sent, "Failed": []})


class _Raw:
    """The body of a response as urllib3 gives it."""

    def __init__(self, text: str) -> None:
        self._body = text.encode()

    def stream(self, **_: Any) -> list[bytes]:
        """Return the body in one piece."""
        return [self._body]


@dataclass(frozen=True)
class Measured:
    """One size's figures."""

    contacts: int
    waves: list[int]
    """Contacts each wave queued."""
    seconds: float
    calls: Counter[str]
    peak_mebibytes: float


def measure(contacts: int) -> Measured:
    """Dispatch ``contacts`` contacts in as many waves as it takes."""
    wire = StubbedWire(contacts)
    aws.client.cache_clear()
    for service in ("dynamodb", "sqs"):
        aws.client(service, validate=False).meta.events.register("before-send", wire.answer)
    ports = dispatching.Ports(
        DynamoCampaignStore("campaigns"),
        DynamoContactStore("contacts", "campaigns", "suppressions"),
        DynamoPeople("suppressions"),
        SqsDialQueue("https://sqs.us-east-1.amazonaws.com/123456789012/dial-tasks"),
    )
    run = dispatching.Run("spring", 1, RUN_ARN, NOW)
    dispatching.dispatch(replace(run, generation=0), ports, FixedClock(NOW))  # first use of the clients
    wire.calls.clear()
    wire.seconds, waves, began = 0.0, list[int](), time.process_time()
    while wire.left > 0:
        waves.append(dispatching.dispatch(run, ports, FixedClock(NOW)).contact_count)
    seconds = time.process_time() - began - wire.seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(contacts, waves, seconds, wire.calls, peak)


def main(sizes: list[int]) -> int:
    """Measure each size, print the figures and return the exit status."""
    results = [measure(size) for size in sorted(sizes)]
    for result in results:
        rate = result.contacts / result.seconds
        print(
            f"{result.contacts:>9,} contacts  {rate:>7,.0f} contacts/s  {result.peak_mebibytes:,.0f} MiB at most"
        )
        print(f"          {len(result.waves)} waves, {sum(result.waves):,} queued, calls {dict(result.calls)}")
    more = results[-1].peak_mebibytes - results[0].peak_mebibytes
    bars = {
        "contacts a second": min(r.contacts / r.seconds for r in results) >= LEAST_A_SECOND,
        f"memory: {more:.0f} MiB more": more < MOST_MEBIBYTES_MORE,
        "SQS requests": all(_sqs_requests_are_full(r) for r in results),
        "transactions": all(_transactions_are_full(r) for r in results),
        "counter reads": {r.calls["Query campaigns"] / len(r.waves) for r in results} == {2.0},
    }
    print("every bar met" if all(bars.values()) else f"MISSED: {[bar for bar, met in bars.items() if not met]}")
    return 0 if all(bars.values()) else 1


def _sqs_requests_are_full(result: Measured) -> bool:
    return result.calls["SendMessageBatch"] == sum(math.ceil(queued / 10) for queued in result.waves)


def _transactions_are_full(result: Measured) -> bool:
    """Each but the last of a wave holds 99 contacts."""
    return 0 <= result.calls["TransactWriteItems"] - math.ceil(result.contacts / 99) <= len(result.waves)


if __name__ == "__main__":
    sys.exit(main([int(argument) for argument in sys.argv[1:]] or [10_000, 1_000_000]))
