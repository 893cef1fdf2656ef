"""daily-analysis: 60 days of 25 stores arrive, three mornings are reported, each planted event has to be named."""

from __future__ import annotations

import gzip
import json
import time
from datetime import date, timedelta
from typing import Any

from localcloud.demos.demo import Bench, Demo, Verdict
from localcloud.demos.http_calls import ApiCallError, call
from localcloud.demos.store_sales import SalesFile, StoreSales, store_sales

_LAST_DAY = date(2024, 7, 31)
_MORNINGS = 3
_SEPARATE_FILES = 3
"""Of each morning's files; what came before is one file."""
_PATIENCE_SECONDS = 120.0


class MorningDemo(Demo):
    """Files are taken in as they would have come; the report of a day is made before later files arrive."""

    machine = "daily-analysis"

    def __init__(self, sales: StoreSales | None = None) -> None:
        self._sales = sales or store_sales(_LAST_DAY)
        self._done = 0.0
        self._arn = ""
        self._reports: dict[str, dict[str, Any]] = {}

    def start(self, bench: Bench) -> str:
        """See `Demo.start`: loads the files of the time before, and starts the first morning."""
        self._arn = self._mornings(bench)
        return self._arn

    def progress(self, bench: Bench) -> tuple[float, str]:
        """See `Demo.progress`."""
        return self._done, f"{len(self._reports)}/{_MORNINGS} mornings"

    def execution_arn(self, bench: Bench, started: str) -> str:
        """See `Demo.execution_arn`: the last morning's."""
        return self._arn or started

    def verdict(self, bench: Bench) -> Verdict:
        """See `Demo.verdict`."""
        faults = [
            f"the report of {day} names {sorted(named)}, not {sorted(wanted)}"
            for day, wanted in self._wanted().items()
            if (named := self._named(day)) != wanted
        ]
        late = self._sales.event("late file").day.isoformat()
        last = self._reports.get(_LAST_DAY.isoformat(), {})
        if [one["date"] for one in last.get("restatedDays", [])] != [late]:
            faults.append(f"the late file of {late} is not told of")
        lines = sum(len(report["items"]) for report in self._reports.values())
        path = bench.kept_in / "sales-report.pdf"
        if last:
            path.write_bytes(call("GET", last["links"]["pdf"]))
        result = f"{self._sales.rows:,} rows, {_MORNINGS} reports, {lines} findings, each planted event named"
        return Verdict(not faults, "; ".join(faults) or result, f"{path}, {bench.api_url}/reports/{_LAST_DAY}")

    def _mornings(self, bench: Bench) -> str:
        """Take in the files of each morning and report it; return the last execution."""
        files = list(self._sales.files)
        arn = ""
        for number in range(_MORNINGS):
            day = _LAST_DAY - timedelta(days=_MORNINGS - 1 - number)
            come = [file for file in files if file.arrives <= day + timedelta(days=1)]
            files = files[len(come) :]
            for file in _together(come):
                _take_in(bench, file)
            arn = str(bench.api("POST", f"/reports/{day}", {})["executionArn"])
            self._reports[day.isoformat()] = _finished(bench, arn, day)
            self._done = (number + 1) / _MORNINGS
        return arn

    def _wanted(self) -> dict[str, set[str]]:
        event = self._sales.event
        closed, price, late = event("closed store"), event("price error"), event("late file")
        fraud = event("returns fraud")
        return {
            closed.day.isoformat(): {f"no_data|store:{closed.store_id}"},
            price.day.isoformat(): {f"price_slip|product:{price.product_id}", f"no_data|store:{late.store_id}"},
            fraud.day.isoformat(): {"sales_low|company", f"returns_high|store:{fraud.store_id}"},
        }

    def _named(self, day: str) -> set[str]:
        return {f"{item['kind']}|{item['scope']}" for item in self._reports.get(day, {}).get("items", [])}


def _together(files: list[SalesFile]) -> list[SalesFile]:
    """Return the files with all but the last few as one: stores that join send their past in one go."""
    past, recent = files[:-_SEPARATE_FILES], files[-_SEPARATE_FILES:]
    if not past:
        return recent
    lines = b"".join(_lines(file.content) for file in past)
    return [SalesFile("uploads/past.jsonl.gz", gzip.compress(lines, 1, mtime=0), past[-1].arrives), *recent]


def _lines(content: bytes) -> bytes:
    plain = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    if plain.startswith(b"["):
        return b"".join(f"{json.dumps(row)}\n".encode() for row in json.loads(plain))
    return plain


def _take_in(bench: Bench, file: SalesFile) -> None:
    """Put one file where stores put theirs, and wait until upload-processor has taken it in.

    The facts say so, not the execution: its name is made from the file, and one of an earlier run has it, too.
    """
    from chalicelib.retail.domain.uploads import upload_id_of

    function = next(one for one in bench.cloud.functions if one.logical_id == "OnStoreUpload")
    bucket = function.environment["RETAIL_BUCKET"]
    bench.cloud.client("s3").put_object(Bucket=bucket, Key=file.key, Body=file.content)
    _ended(bench, f"/uploads/{upload_id_of(file.key)}", "processing")


def _finished(bench: Bench, arn: str, day: date) -> dict[str, Any]:
    """Wait for the execution's end and return the report."""
    _ended(bench, f"/executions/{':'.join(arn.rsplit(':', 2)[1:])}", "RUNNING")
    report: dict[str, Any] = bench.api("GET", f"/reports/{day}")
    return report


def _ended(bench: Bench, path: str, going_on: str) -> None:
    """Wait until what the API shows at ``path`` is there, and its status is no longer ``going_on``."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            if bench.api("GET", path)["status"] != going_on:
                return
        except ApiCallError:  # the file's event is still on its way
            if time.monotonic() > deadline:
                raise
        if time.monotonic() > deadline:
            raise ApiCallError(f"{path} takes longer than {_PATIENCE_SECONDS:.0f} s")
        time.sleep(0.1)
