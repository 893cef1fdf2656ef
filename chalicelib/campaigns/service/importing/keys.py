"""Where an upload and what is written about it lie in the assets bucket.

contacts/<campaign>/<upload>.csv | .jsonl     what was uploaded
contacts/<campaign>/<upload>.report.json      counts, reasons and the first problems, when it is done
contacts/<campaign>/<upload>.problems.<line>.jsonl   every problem, in files that begin at <line>
contacts/<campaign>/<upload>.checkpoint.json  how far it has come, while it runs
contacts/<campaign>/<upload>.list.jsonl       a short list that came in a request's body
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UPLOAD_KEY = re.compile(r"contacts/(?P<campaign>[^/]+)/(?P<upload>[^/.]+)\.(?P<format>csv|txt|jsonl|ndjson)")


@dataclass(frozen=True, slots=True)
class UploadKey:
    """One upload's place."""

    campaign_id: str
    upload_id: str
    key: str
    is_csv: bool

    @classmethod
    def read(cls, key: str) -> UploadKey | None:
        """Return the upload stored under ``key``, or None when it is no upload (a report, say)."""
        match = _UPLOAD_KEY.fullmatch(key)
        if match is None:
            return None
        return cls(match["campaign"], match["upload"], key, match["format"] in ("csv", "txt"))

    @classmethod
    def new(cls, campaign_id: str, upload_id: str, file_format: str) -> UploadKey:
        """Return the place of an upload to come; ``file_format`` is ``csv`` or ``jsonl``."""
        key = f"contacts/{campaign_id}/{upload_id}.{file_format}"
        return cls(campaign_id, upload_id, key, file_format == "csv")

    @classmethod
    def short_list(cls, campaign_id: str, upload_id: str) -> UploadKey:
        """Return the place of a list from a request's body; its arrival there imports nothing."""
        return cls(campaign_id, upload_id, f"contacts/{campaign_id}/{upload_id}.list.jsonl", is_csv=False)

    def beside(self, suffix: str) -> str:
        """Return the key of a document about this upload, such as ``report.json``."""
        return f"contacts/{self.campaign_id}/{self.upload_id}.{suffix}"
