"""The assets bucket: audio, uploads and models.

audio/<anything>      recordings of voice campaigns, their content type set by whoever uploaded them
contacts/<campaign>/  uploads and what is written about them, see service/importing/keys.py
models/<anything>     priority models, JSON
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from chalicelib.campaigns.ports.files import AudioFiles, Models, Uploads, UploadTarget
from chalicelib.core.aws import client

BLOCK_BYTES = 4 * 1024 * 1024
LINK_SECONDS = 3600


class S3AudioFiles(AudioFiles):
    """Looks at objects' headers (S3 HeadObject)."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def content_type(self, key: str) -> str | None:
        """See `AudioFiles.content_type`."""
        head = _head(self._bucket, key)
        return None if head is None else str(head.get("ContentType", ""))


class S3Uploads(Uploads):
    """Uploads by presigned PUT, read by ranges so that no connection stays open while rows are written."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def target(self, key: str, content_type: str) -> UploadTarget:
        """See `Uploads.target`."""
        place = {"Bucket": self._bucket, "Key": key, "ContentType": content_type}
        url = client("s3").generate_presigned_url("put_object", Params=place, ExpiresIn=LINK_SECONDS)
        return UploadTarget(url, {"Content-Type": content_type}, LINK_SECONDS)

    def size_bytes(self, key: str) -> int | None:
        """See `Uploads.size_bytes`."""
        head = _head(self._bucket, key)
        return None if head is None else int(head["ContentLength"])

    def chunks(self, key: str, offset: int) -> Iterator[bytes]:
        """See `Uploads.chunks`."""
        size = self.size_bytes(key) or 0
        for start in range(offset, size, BLOCK_BYTES):
            last = min(start + BLOCK_BYTES, size) - 1
            block = client("s3").get_object(Bucket=self._bucket, Key=key, Range=f"bytes={start}-{last}")
            yield block["Body"].read()

    def write(self, key: str, body: bytes, content_type: str) -> None:
        """See `Uploads.write`."""
        client("s3").put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def read_json(self, key: str) -> dict[str, Any] | None:
        """See `Uploads.read_json`."""
        return read_json(self._bucket, key)

    def delete(self, key: str) -> None:
        """See `Uploads.delete`."""
        client("s3").delete_object(Bucket=self._bucket, Key=key)


class S3Models(Models):
    """Models as the training stores them."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def read(self, key: str) -> dict[str, Any] | None:
        """See `Models.read`."""
        return read_json(self._bucket, key)


def read_json(bucket: str, key: str) -> dict[str, Any] | None:
    """Return the JSON object stored under ``key`` of ``bucket``, or None when there is none."""
    s3 = client("s3")
    try:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return None
    found: dict[str, Any] = json.loads(body)
    return found


def _head(bucket: str, key: str) -> dict[str, Any] | None:
    from botocore.exceptions import ClientError

    try:
        found: dict[str, Any] = client("s3").head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
            return None
        raise
    return found
