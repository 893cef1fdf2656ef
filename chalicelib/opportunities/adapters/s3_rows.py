"""The rows of queries in S3: ``rows/<opportunity>/<kind>/<analysis>.json.gz``."""

from __future__ import annotations

import gzip
import json
from typing import Any

from chalicelib.core.aws import client
from chalicelib.opportunities.errors import AnalysisNotFoundError
from chalicelib.opportunities.ports.analyses import RowStore
from chalicelib.opportunities.ports.querying import Answer

_MOST_DELETED = 1_000
"""Keys one DeleteObjects takes."""


class S3RowStore(RowStore):
    """Rows as gzipped JSON."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def put(self, opportunity_id: str, kind: str, analysis_id: str, answer: Answer) -> str:
        """See `RowStore.put`."""
        key = f"{_folder(opportunity_id, kind)}{analysis_id}.json.gz"
        body = gzip.compress(json.dumps(answer.rows, separators=(",", ":")).encode(), mtime=0)
        client("s3").put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/gzip")
        return key

    def get(self, key: str) -> list[dict[str, Any]]:
        """See `RowStore.get`."""
        s3 = client("s3")
        try:
            body = s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            raise AnalysisNotFoundError(f"the rows {key} are not there; a later analysis cleared them") from None
        rows: list[dict[str, Any]] = json.loads(gzip.decompress(body))
        return rows

    def clear(self, opportunity_id: str, kind: str, *, but: str) -> int:
        """See `RowStore.clear`."""
        s3, folder = client("s3"), _folder(opportunity_id, kind)
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=folder)
        kept = f"{folder}{but}.json.gz"
        keys = [one["Key"] for page in pages for one in page.get("Contents", []) if one["Key"] != kept]
        for start in range(0, len(keys), _MOST_DELETED):
            some = [{"Key": key} for key in keys[start : start + _MOST_DELETED]]
            s3.delete_objects(Bucket=self._bucket, Delete={"Objects": some, "Quiet": True})
        return len(keys)


def _folder(opportunity_id: str, kind: str) -> str:
    return f"rows/{opportunity_id}/{kind}/"
