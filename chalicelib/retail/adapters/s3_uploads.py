"""The retail bucket's ``uploads/`` and ``quarantine/``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from chalicelib.core.aws import client
from chalicelib.retail.errors.uploads import UploadChangedError, UploadNotFoundError
from chalicelib.retail.ports.uploads import Quarantine, UploadFile, UploadFiles, UploadTarget

BLOCK_BYTES = 4 * 1024 * 1024
PART_BYTES = 8 * 1024 * 1024
"""Of a multipart upload; S3 wants 5 MiB or more and takes 10,000 parts."""
LINK_SECONDS = 3600
_PLAIN, _QUOTED = "replaces", "replaces-quoted"
"""S3 metadata with the key of the file corrected; metadata is ASCII, so another key is quoted as in URLs."""
_GONE = ("404", "NoSuchKey", "NotFound", "412", "PreconditionFailed")


class S3UploadFiles(UploadFiles):
    """Files read by ranges, so that no connection stays open while rows are written."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def look(self, key: str) -> UploadFile:
        """See `UploadFiles.look`."""
        from botocore.exceptions import ClientError

        try:
            head = client("s3").head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                raise UploadNotFoundError(f"there is no {key} in {self._bucket}") from None
            raise
        etag = str(head["ETag"]).strip('"')
        metadata = head.get("Metadata", {})
        replaces = unquote(metadata[_QUOTED]) if _QUOTED in metadata else metadata.get(_PLAIN)
        return UploadFile(key, etag, int(head["ContentLength"]), head["LastModified"], replaces)

    def chunks(self, file: UploadFile) -> Iterator[bytes]:
        """See `UploadFiles.chunks`; every range asks for the same version."""
        from botocore.exceptions import ClientError

        for start in range(0, file.size_bytes, BLOCK_BYTES):
            last = min(start + BLOCK_BYTES, file.size_bytes) - 1
            try:
                block = client("s3").get_object(
                    Bucket=self._bucket, Key=file.key, Range=f"bytes={start}-{last}", IfMatch=f'"{file.etag}"'
                )
            except ClientError as error:
                if error.response["Error"]["Code"] in _GONE:
                    raise UploadChangedError(f"{file.key} was replaced or removed while it was read") from error
                raise
            yield block["Body"].read()

    def quarantine(self, key: str) -> Quarantine:
        """See `UploadFiles.quarantine`."""
        return S3Quarantine(self._bucket, key)

    def target(self, key: str, *, content_type: str, size_bytes: int, replaces: str | None) -> UploadTarget:
        """See `UploadFiles.target`; type and size are signed, so S3 takes nothing else."""
        place: dict[str, Any] = {
            "Bucket": self._bucket,
            "Key": key,
            "ContentType": content_type,
            "ContentLength": size_bytes,
        }
        headers = {"Content-Type": content_type, "Content-Length": str(size_bytes)}
        if replaces is not None:
            name, value = (
                (_PLAIN, replaces) if replaces.isascii() and replaces.isprintable() else (_QUOTED, quote(replaces))
            )
            place["Metadata"] = {name: value}
            headers[f"x-amz-meta-{name}"] = value
        url = client("s3").generate_presigned_url("put_object", Params=place, ExpiresIn=LINK_SECONDS)
        return UploadTarget(url, headers, LINK_SECONDS)


class S3Quarantine(Quarantine):
    """One object; in parts when it grows beyond `PART_BYTES`, so that memory stays flat."""

    def __init__(self, bucket: str, key: str) -> None:
        self._place = {"Bucket": bucket, "Key": key}
        self._encode = msgspec.json.Encoder().encode
        self._held = bytearray()
        self._upload_id: str | None = None
        self._parts: list[dict[str, Any]] = []

    def add(self, entry: dict[str, Any]) -> None:
        """See `Quarantine.add`."""
        self._held += self._encode(entry)
        self._held += b"\n"
        if len(self._held) >= PART_BYTES:
            self._send_part()

    def close(self) -> str | None:
        """See `Quarantine.close`."""
        s3 = client("s3")
        if self._upload_id is not None:
            if self._held:
                self._send_part()
            s3.complete_multipart_upload(
                **self._place, UploadId=self._upload_id, MultipartUpload={"Parts": self._parts}
            )
            self._upload_id = None
        elif self._held:
            s3.put_object(**self._place, Body=bytes(self._held), ContentType="application/x-ndjson")
        else:
            s3.delete_object(**self._place)
            return None
        return self._place["Key"]

    def abandon(self) -> None:
        """See `Quarantine.abandon`."""
        if self._upload_id is not None:
            client("s3").abort_multipart_upload(**self._place, UploadId=self._upload_id)
            self._upload_id = None

    def _send_part(self) -> None:
        s3 = client("s3")
        if self._upload_id is None:
            begun = s3.create_multipart_upload(**self._place, ContentType="application/x-ndjson")
            self._upload_id = str(begun["UploadId"])
        number = len(self._parts) + 1
        sent = s3.upload_part(**self._place, UploadId=self._upload_id, PartNumber=number, Body=bytes(self._held))
        self._parts.append({"ETag": sent["ETag"], "PartNumber": number})
        self._held.clear()
