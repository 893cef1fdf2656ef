"""Links by which a carrier fetches the audio of a call."""

from __future__ import annotations

from chalicelib.core.aws import client

LINK_SECONDS = 900


class S3AudioLinks:
    """Presigned GETs; made here, without asking AWS."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def __call__(self, key: str) -> str:
        """Return a link to the audio file ``key`` that holds for 15 minutes."""
        place = {"Bucket": self._bucket, "Key": key}
        link: str = client("s3").generate_presigned_url("get_object", Params=place, ExpiresIn=LINK_SECONDS)
        return link
