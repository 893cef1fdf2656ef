"""Files: audio, uploads, reports and models."""

from __future__ import annotations


class AudioFiles:
    """The audio of voice campaigns (S3)."""

    def content_type(self, key: str) -> str | None:
        """Return the object's content type, or None when it does not exist."""
        raise NotImplementedError
