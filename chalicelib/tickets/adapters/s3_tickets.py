"""Tickets and the engine's answers in S3."""

from __future__ import annotations

from typing import Any

from chalicelib.core.aws import client
from chalicelib.tickets.ports.tickets import StoredFile, TicketFiles


class S3TicketFiles(TicketFiles):
    """One versioned bucket."""

    def __init__(self, bucket: str) -> None:
        self.bucket = bucket

    def read(self, key: str, *, most_bytes: int, version_id: str = "") -> StoredFile | None:
        """See `TicketFiles.read`."""
        s3 = client("s3")
        place: dict[str, Any] = {"Bucket": self.bucket, "Key": key}
        if version_id:
            place["VersionId"] = version_id
        try:
            found = s3.get_object(**place)
        except s3.exceptions.ClientError as error:
            # Without s3:ListBucket S3 says 403 for a missing key, so the roles have it.
            if error.response["Error"]["Code"] in ("NoSuchKey", "NoSuchVersion", "InvalidArgument"):
                return None
            raise
        body: bytes = found["Body"].read(most_bytes + 1)
        return StoredFile(body, str(found["ETag"]), str(found.get("VersionId", "")))

    def write(self, key: str, body: bytes, *, replacing: str | None) -> bool:
        """See `TicketFiles.write`, by S3's conditional writes."""
        s3 = client("s3")
        condition = {"IfNoneMatch": "*"} if replacing is None else {"IfMatch": replacing}
        try:
            s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json", **condition)
        except s3.exceptions.ClientError as error:
            # 409: another conditional write of the same key was under way. 404: the object is gone.
            if error.response["Error"]["Code"] in (
                "PreconditionFailed",
                "ConditionalRequestConflict",
                "NoSuchKey",
            ):
                return False
            raise
        return True
