"""How fast contacts are imported, and whether memory stays flat.

    python -m benchmarks.importing [ROWS]      200000 when none is given

Reads a CSV file that is made while it is read (quotes, several formats of the same number, one row in fifty
broken, one in fifty a duplicate), with phonenumbers and the priority model real and a store that remembers ids as
numbers. The same again with DynamoDB's adapter, boto3 real, and the wire answered at once. Exit status 1 when
memory grows by more than 64 MiB with the rows, or a million rows would take more than 900 s of work.
"""

from __future__ import annotations

import io
import os
import resource
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.campaigns.adapters.numbers import LibPhoneNumbers
from chalicelib.campaigns.ports.stores import Arrival, Arrived, ContactIntake
from chalicelib.campaigns.service import importing
from tests.fakes.campaigns.files import FakeModels, FakeUploads
from tests.fakes.campaigns.samples import campaign
from tests.fakes.campaigns.stores import FakeCampaignStore
from tests.fakes.campaigns.world import FakeImportContinuations

KEY = "contacts/spring/list.csv"
MOST_SECONDS_A_MILLION = 900.0
MOST_GROWTH_MIB = 64.0
AREAS = (212, 312, 415, 303, 617, 713, 206, 305)


class GeneratedUpload(FakeUploads):
    """A CSV file of so many rows that is never whole anywhere."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows

    def chunks(self, key: str, offset: int) -> Iterator[bytes]:
        """See `Uploads.chunks`."""
        assert offset == 0, "this benchmark runs in one go"
        yield b"name,phone,age,job,note\n"
        for start in range(0, self.rows, 20_000):
            yield "".join(_row(number) for number in range(start, min(start + 20_000, self.rows))).encode()

    def write(self, key: str, body: bytes, content_type: str) -> None:
        """Keep nothing: in Lambda it goes to S3."""


def _row(number: int) -> str:
    if number % 50 == 7:
        return f"Broken {number},555-01,30,none,x\n"
    number = number - 1 if number % 50 == 9 else number
    area, rest = AREAS[number % 8], 2_000_000 + number // 8
    digits = f"{area}{rest}"
    phone = (digits, f"+1{digits}", f"({area}) {digits[3:6]}-{digits[6:]}")[number % 3]
    return f'"Person, {number}",{phone},{20 + number % 60},technician,"said ""hello"""\n'


class RememberingIntake(ContactIntake):
    """Knows which ids it has; eight bytes of each."""

    def __init__(self) -> None:
        self.known: set[int] = set()

    def add(self, campaign_id: str, upload_id: str, arrivals: Sequence[Arrival]) -> list[Arrived]:
        """See `ContactIntake.add`."""
        answers = []
        for arrival in arrivals:
            number = int(arrival.contact.id[:15], 16)
            answers.append(Arrived.DUPLICATE if number in self.known else Arrived.ACCEPTED)
            self.known.add(number)
        return answers

    def count_rows(self, campaign_id: str, upload_id: str, *, invalid: int, duplicates: int) -> None:
        """Counted in the report."""


class ForgetfulIntake(RememberingIntake):
    """Takes everything and keeps nothing."""

    def add(self, campaign_id: str, upload_id: str, arrivals: Sequence[Arrival]) -> list[Arrived]:
        """See `ContactIntake.add`."""
        return [Arrived.ACCEPTED] * len(arrivals)


def dynamo_intake() -> tuple[ContactIntake, list[int]]:
    """Return DynamoDB's intake over a wire that answers at once, and a list that counts the requests."""
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench", AWS_DEFAULT_REGION="us-east-1")
    from botocore.awsrequest import AWSResponse

    from chalicelib.campaigns.adapters.dynamo_intake import DynamoContactIntake
    from chalicelib.core.aws import client

    class Answer(io.BytesIO):
        def stream(self, **_: Any) -> Iterator[bytes]:
            yield self.read()

    sent = [0]

    def answer(request: Any, **_: Any) -> Any:
        sent[0] += 1
        return AWSResponse(request.url, 200, {"Content-Type": "application/x-amz-json-1.0"}, Answer(b"{}"))

    client("dynamodb", validate=False).meta.events.register("before-send.dynamodb", answer)
    return DynamoContactIntake("contacts", "campaigns"), sent


def run(rows: int, intake: ContactIntake) -> tuple[dict[str, Any], float]:
    """Import so many rows and return (report, seconds)."""
    campaigns = FakeCampaignStore()
    campaigns.create(campaign())
    ports = importing.Ports(campaigns, intake, GeneratedUpload(rows), LibPhoneNumbers(), FakeModels())
    started = time.perf_counter()
    report = importing.import_upload(KEY, ports, FakeImportContinuations(), lambda: 900.0)
    return report, time.perf_counter() - started


def peak_mib(rows: int) -> float:
    """Return the most memory Python held while it imported so many rows into a store that keeps nothing."""
    tracemalloc.start()
    run(rows, ForgetfulIntake())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def main(rows: int) -> int:
    """Print the figures; return the exit status."""
    run(1_000, RememberingIntake())  # phonenumbers loads its tables
    report, seconds = run(rows, RememberingIntake())
    counts = report["counts"]
    print(f"{rows:,} rows in {seconds:.1f} s: {rows / seconds:,.0f} rows/s; {counts}")
    assert counts["rows"] == rows == counts["accepted"] + counts["duplicates"] + counts["invalid"]
    intake, sent = dynamo_intake()
    _, wired = run(rows, intake)
    print(f"with boto3, the wire answering at once: {rows / wired:,.0f} rows/s, {sent[0]:,} requests")
    small, large = peak_mib(10_000), peak_mib(min(rows, 100_000))
    print(
        f"Python's memory at its peak: {small:.1f} MiB for 10,000 rows, {large:.1f} MiB for {min(rows, 100_000):,}"
    )
    print(f"resident at its peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    a_million = wired / rows * 1_000_000
    print(f"a million rows: {a_million:.0f} s of work, before DynamoDB's own time")
    return 0 if large - small <= MOST_GROWTH_MIB and a_million <= MOST_SECONDS_A_MILLION else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
