"""Imports that go on: the import's own function, invoked once more and not waited for."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.campaigns.ports.world import ImportContinuations
from chalicelib.core.aws import client


class LambdaImportContinuations(ImportContinuations):
    """Invokes the function that is running with the event S3 would send for the upload."""

    def __init__(self, function_name: str, bucket: str) -> None:
        self._function_name, self._bucket = function_name, bucket

    def continue_later(self, key: str) -> None:
        """See `ImportContinuations.continue_later`."""
        client("lambda").invoke(
            FunctionName=self._function_name, InvocationType="Event", Payload=json.dumps(self.event(key)).encode()
        )

    def event(self, key: str) -> dict[str, Any]:
        """Return the event of an upload under ``key``, with every field that Chalice reads."""
        return {
            "version": "0",
            "id": f"continuation of {key}",
            "source": "aws.s3",
            "detail-type": "Object Created",
            "account": "",
            "region": "",
            "time": "",
            "resources": [],
            "detail": {"bucket": {"name": self._bucket}, "object": {"key": key}},
        }
