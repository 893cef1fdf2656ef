"""S3's events for EventBridge, in the shape of
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

_REASONS = {
    "Put": "PutObject",
    "Post": "POST Object",
    "Copy": "CopyObject",
    "CompleteMultipartUpload": "CompleteMultipartUpload",
    "Delete": "DeleteObject",
    "DeleteMarkerCreated": "DeleteObject",
}
_sequence = itertools.count(1)


def object_detail(bucket: Any, kind: str, api_reason: str, key: Any, account_id: str) -> dict[str, Any]:
    """Return the detail of an "Object Created" or "Object Deleted" event about moto's bucket and key."""
    described: dict[str, Any] = {"key": key.name}
    if kind == "Object Created":
        described |= {"size": key.size, "etag": key.etag.replace('"', "")}
    if getattr(bucket, "is_versioned", False) and getattr(key, "version_id", None):
        described["version-id"] = key.version_id
    described["sequencer"] = f"{next(_sequence):018X}"
    detail = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": described,
        "request-id": uuid.uuid4().hex[:16].upper(),
        "requester": account_id,
        "source-ip-address": "127.0.0.1",
        "reason": _REASONS.get(api_reason, api_reason),
    }
    if kind == "Object Deleted":
        marker = api_reason == "DeleteMarkerCreated"
        detail["deletion-type"] = "Delete Marker Created" if marker else "Permanently Deleted"
    return detail
