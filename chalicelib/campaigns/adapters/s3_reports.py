"""The reports bucket: ``campaigns/<campaign>/report.pdf`` and ``.json``."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.adapters.s3_assets import read_json
from chalicelib.campaigns.ports.files import Reports
from chalicelib.core.aws import client

LINK_SECONDS = 7 * 24 * 3600
"""The longest a SigV4 link can live. Signed by a role's temporary credentials it ends with them, hours earlier:
``GET /campaigns/{campaign_id}/report`` gives a fresh one at any time."""


class S3Reports(Reports):
    """Reports as objects, links by presigning."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def write(self, key: str, body: bytes, content_type: str) -> None:
        """See `Reports.write`."""
        client("s3").put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def url(self, key: str, file_name: str) -> str:
        """See `Reports.url`."""
        place = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentDisposition": f'inline; filename="{file_name}"',
        }
        return str(client("s3").generate_presigned_url("get_object", Params=place, ExpiresIn=LINK_SECONDS))

    def read_json(self, key: str) -> dict[str, Any] | None:
        """See `Reports.read_json`."""
        return read_json(self._bucket, key)
