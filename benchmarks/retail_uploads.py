"""How fast a file of sales becomes facts, against pandas doing the same job; and the memory a large one takes.

    python -m benchmarks.retail_uploads [MiB]     1024 when none is given; the throughput is taken on 96 MiB

From the bytes S3 answers with to the requests DynamoDB gets, botocore real, the wire answered at once, one core.
pandas gets the same bytes from memory, checks the same fields, drops repeated row ids, and groups to the same
facts, which are not even packed or sent. Memory is the resident peak of a process that does nothing else. Exit
status 1 when throughput is below 25 MB/s or pandas, or memory reaches 200 MiB.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.sales_file import sales_bytes
from chalicelib.core.clock import SystemClock
from chalicelib.retail.ports.uploads import Quarantine, UploadFile, UploadFiles
from chalicelib.retail.service import uploading

KEY = "uploads/bench.jsonl"
ROUNDS = 3
TIMED_BYTES = 96 * 2**20
ARRAY_BYTES = 300_000_000
LEAST_MB_A_SECOND = 25.0
MOST_MIB = 200.0


def on_the_wire() -> dict[str, int]:
    """Let every DynamoDB request be answered at once, and return what counts them."""
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench", AWS_DEFAULT_REGION="us-east-1")
    from botocore.awsrequest import AWSResponse

    from chalicelib.core.aws import client

    sent = {"requests": 0, "bytes": 0}
    claimed = (
        b'{"Attributes": {"key": {"S": "%s"}, "etag": {"S": "e"}, "moment": {"S": ""},'
        b' "status": {"S": "processing"}, "restatement": {"N": "1"}, "etags": {"SS": ["e"]}},'
        b' "Items": [], "Responses": {}}'
    ) % KEY.encode()

    class Answer(io.BytesIO):
        def stream(self, **_: Any) -> Iterator[bytes]:
            yield self.read()

    def answer(request: Any, **_: Any) -> Any:
        sent["requests"] += 1
        sent["bytes"] += len(request.body)
        return AWSResponse(request.url, 200, {"Content-Type": "application/x-amz-json-1.0"}, Answer(claimed))

    client("dynamodb", validate=False).meta.events.register("before-send.dynamodb", answer)
    return sent


class MadeUpFiles(UploadFiles):
    """One file whose bytes are given, and a quarantine that is counted and dropped."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def look(self, key: str) -> UploadFile:
        """See `UploadFiles.look`."""
        return UploadFile(key, "e", 0, datetime(2025, 1, 16, tzinfo=UTC), None)

    def chunks(self, file: UploadFile) -> Iterator[bytes]:
        """See `UploadFiles.chunks`."""
        return self._pieces

    def quarantine(self, key: str) -> Quarantine:
        """See `UploadFiles.quarantine`."""
        return _Dropped()


class _Dropped(Quarantine):
    def add(self, entry: dict[str, Any]) -> None:
        """Forget it."""

    def close(self) -> str | None:
        """Nothing was kept."""
        return None

    def abandon(self) -> None:
        """Nothing was kept."""


def process(pieces: Iterator[bytes]) -> dict[str, Any]:
    """Take the file in and return the result."""
    from chalicelib.retail.adapters.dynamo_facts import DynamoFactWriter
    from chalicelib.retail.adapters.dynamo_uploads import DynamoUploadRecords

    ports = uploading.Ports(MadeUpFiles(pieces), DynamoUploadRecords("facts"), DynamoFactWriter("facts"))
    return uploading.process(KEY, ports, SystemClock())


def with_pandas(content: bytes) -> tuple[int, int]:
    """Do the same job with pandas; return (rows kept, product days)."""
    import numpy as np
    import pandas as pd

    rows = pd.read_json(io.BytesIO(content), lines=True, dtype=False)
    quantity, price = rows["quantity"], rows["unit_price"]
    good = (
        rows["store"].str.len().between(1, 64)
        & rows["product"].str.len().between(1, 64)
        & pd.to_datetime(rows["date"], format="%Y-%m-%d", errors="coerce").notna()
        & (quantity % 1 == 0)
        & (quantity != 0)
        & quantity.abs().le(1_000_000)
        & price.between(0, 10_000_000)
    )
    rows = rows[good].drop_duplicates(["store", "date", "row_id"])
    sold = rows["quantity"] > 0
    amount = (rows["quantity"] * (rows["unit_price"] * 100).round()).astype("int64")
    rows = rows.assign(
        sold=rows["quantity"].where(sold, 0),
        returned=-rows["quantity"].where(~sold, 0),
        gross=amount.where(sold, 0),
        returns=-amount.where(~sold, 0),
        ticket=rows["transaction"].where(sold, np.nan),
    )
    by_product = rows.groupby(["store", "date", "product"])[["sold", "returned", "gross", "returns"]].sum()
    by_day = rows.groupby(["store", "date"]).agg({"sold": "sum", "gross": "sum", "ticket": "nunique"})
    assert len(by_day)
    return len(rows), len(by_product)


def compare() -> bool:
    """Print both throughputs, the best of three rounds each, in turn; return whether the bars are met."""
    pieces = list(sales_bytes(TIMED_BYTES))
    content = b"".join(pieces)
    megabytes = len(content) / 1e6
    sent = on_the_wire()
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        started = time.process_time()
        result = process(iter(pieces))
        ours.append(megabytes / (time.process_time() - started))
        started = time.process_time()
        kept, product_days = with_pandas(content)
        theirs.append(megabytes / (time.process_time() - started))
    assert (kept, product_days) == (result["rows"]["kept"], result["productDays"]), "both did the same job"
    print(f"{megabytes:.0f} MB, {result['rows']['in']:,} rows, {result['productDays']:,} product days")
    print(f"JSON lines to facts: {max(ours):.1f} MB/s a core (rounds {', '.join(f'{one:.1f}' for one in ours)})")
    print(f"pandas, without sending: {max(theirs):.1f} MB/s (rounds {', '.join(f'{one:.1f}' for one in theirs)})")
    print(f"DynamoDB: {sent['requests'] // ROUNDS:,} requests, {sent['bytes'] / ROUNDS / 1e6:.1f} MB a file")
    return max(ours) >= LEAST_MB_A_SECOND and max(ours) > max(theirs)


def alone(size_bytes: int, form: str) -> None:
    """Take in a generated file and print the seconds, the rows and this process's resident peak in MiB."""
    on_the_wire()
    started = time.process_time()
    result = process(sales_bytes(size_bytes, array=form == "array"))
    rows = result["rows"]
    assert rows["in"] == rows["kept"] + rows["quarantined"]
    status = Path("/proc/self/status").read_text()  # ru_maxrss would be the parent's when that had more
    peak = int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) / 1024  # type: ignore[index]
    print(f"{time.process_time() - started:.1f} {rows['in']} {rows['quarantined']} {peak:.1f}")


def measure(size_bytes: int, form: str) -> bool:
    """Do `alone` in a process of its own; return whether memory stayed below the bar."""
    command = [sys.executable, "-m", "benchmarks.retail_uploads", "alone", str(size_bytes), form]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, rows, quarantined, peak = done.stdout.split()
    print(
        f"{size_bytes / 2**20:,.0f} MiB as {form}: {int(rows):,} rows, {int(quarantined):,} quarantined, "
        f"{seconds} s with generating it, resident at its peak {peak} MiB"
    )
    return float(peak) < MOST_MIB


def main(mebibytes: int) -> int:
    """Print the figures; return the exit status."""
    met = [compare(), measure(mebibytes * 2**20, "lines"), measure(ARRAY_BYTES, "array")]
    return 0 if all(met) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["alone"]:
        alone(int(sys.argv[2]), sys.argv[3])
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024))
