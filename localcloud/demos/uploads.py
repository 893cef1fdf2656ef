"""upload-processor: a day of 25 stores, nine rows of it malformed, from presigned URL to facts."""

from __future__ import annotations

import hashlib
import time
from datetime import date
from typing import Any

from localcloud.demos.demo import Bench, Demo, Verdict
from localcloud.demos.http_calls import ApiCallError, call
from localcloud.demos.store_sales import SalesFile, StoreSales, store_sales

_LAST_DAY = date(2024, 6, 30)
_ARRIVAL_SECONDS = 30.0


class UploadDemo(Demo):
    """The file of the day on which a till wrote nine malformed rows."""

    machine = "upload-processor"

    def __init__(self, sales: StoreSales | None = None) -> None:
        self._sales = sales or store_sales(_LAST_DAY, days=3)
        self._path = ""

    def start(self, bench: Bench) -> str:
        """See `Demo.start`."""
        file = self._file()
        wanted = {"name": "stores", "format": "jsonl", "sizeBytes": len(file.content)}
        target = bench.api("POST", "/uploads", wanted)
        self._path = f"/uploads/{target['uploadId']}"
        call(target["method"], target["url"], file.content, target["headers"])
        return self._started(bench, target["key"], file.content)

    def progress(self, bench: Bench) -> tuple[float, str]:
        """See `Demo.progress`."""
        try:
            upload = bench.api("GET", self._path)
        except ApiCallError:
            return 0.0, "reading"
        return (1.0 if upload["status"] == "done" else 0.5), str(upload["status"])

    def verdict(self, bench: Bench) -> Verdict:
        """See `Demo.verdict`."""
        upload = bench.api("GET", self._path)
        result = upload["result"] or {}
        faults = self._faults(bench, result)
        rows = result.get("rows", {})
        words = (
            f"{rows.get('in')} rows: {rows.get('kept')} kept, {rows.get('quarantined')} quarantined; "
            f"{result.get('storeDays')} stores, {result.get('productDays')} products"
        )
        return Verdict(not faults, "; ".join(faults) or words, bench.api_url + self._path)

    def _started(self, bench: Bench, key: str, content: bytes) -> str:
        """Wait until the file's arrival has started its execution, and return its ARN."""
        with bench.cloud.functions.within(_function(bench, "OnStoreUpload")):
            from chalicelib.core.config import setting
            from chalicelib.retail.domain.uploads import run_name

            etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
            name = run_name(key, etag)
            arn = f"{setting('UPLOAD_MACHINE_ARN').replace(':stateMachine:', ':execution:')}:{name}"
        deadline = time.monotonic() + _ARRIVAL_SECONDS
        while True:
            try:
                bench.api("GET", f"/executions/upload-processor:{name}")
            except ApiCallError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return arn

    def _file(self) -> SalesFile:
        day = self._sales.event("malformed rows").day
        return next(one for one in self._sales.files if f"-{day:%Y%m%d}-1." in one.key)

    def _faults(self, bench: Bench, result: dict[str, Any]) -> list[str]:
        """Return what is not as it should be."""
        lines = self._file().content.count(b"\n")
        rows = {"in": lines, "kept": lines - self._sales.malformed, "quarantined": self._sales.malformed}
        faults = []
        if result.get("rows") != rows:
            faults.append(f"the rows are {result.get('rows')}, not {rows}")
        if result.get("storeDays") != 24:  # one of the 25 sends its sales a day later
            faults.append(f"facts of {result.get('storeDays')} stores were written, not 24")
        if not self._quarantined(bench, str(result.get("quarantineKey"))):
            faults.append("the quarantine does not hold the malformed rows")
        return faults

    def _quarantined(self, bench: Bench, key: str) -> bool:
        with bench.cloud.functions.within(_function(bench, "ProcessUpload")):
            from chalicelib.core.aws import client
            from chalicelib.core.config import setting

            body = client("s3").get_object(Bucket=setting("RETAIL_BUCKET"), Key=key)["Body"].read()
        return bool(body.count(b"\n") == self._sales.malformed)


def _function(bench: Bench, logical_id: str) -> str:
    return next(one.name for one in bench.cloud.functions if one.logical_id == logical_id)
