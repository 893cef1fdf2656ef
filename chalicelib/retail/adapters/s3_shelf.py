"""The retail bucket as a shelf: digests and state data under ``analysis/``, ``reports/``, ``exports/``."""

from __future__ import annotations

from chalicelib.core.aws import client
from chalicelib.retail.ports.reports import Shelf

LINK_SECONDS = 7 * 24 * 3600
"""The longest a signed link can live; signed by a role's temporary credentials it ends with them, hours earlier.
``GET /reports/{date}`` gives fresh ones at any time."""


class S3Shelf(Shelf):
    """Files as objects, links by presigning."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """See `Shelf.put`."""
        client("s3").put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def get(self, key: str) -> bytes | None:
        """See `Shelf.get`."""
        s3 = client("s3")
        try:
            body: bytes = s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            return None
        return body

    def link(self, key: str, file_name: str) -> str:
        """See `Shelf.link`."""
        place = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentDisposition": f'inline; filename="{file_name}"',
        }
        return str(client("s3").generate_presigned_url("get_object", Params=place, ExpiresIn=LINK_SECONDS))
