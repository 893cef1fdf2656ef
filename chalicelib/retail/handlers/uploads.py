"""Doors of ``upload-processor`` with a Lambda of their own.

Task    process_upload
Event   on_store_upload (S3 Object Created)
"""

from __future__ import annotations

from typing import Any

from chalice import Blueprint
from chalice.app import CloudWatchEvent

from chalicelib.core import clock
from chalicelib.core.metrics import measured
from chalicelib.core.task import task
from chalicelib.retail.wiring import uploads as wiring

bp = Blueprint(__name__)


@bp.on_cw_event(
    {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"object": {"key": [{"prefix": "uploads/"}]}},
    },
    name="on-store-upload",
)
@task
def on_store_upload(event: CloudWatchEvent) -> dict[str, Any]:
    """Start ``upload-processor`` for the file that was uploaded to S3; the same file twice is one run."""
    from chalicelib.retail.service import uploading

    ports = wiring.processing(event.detail["bucket"]["name"])
    return uploading.start_run(event.detail, ports, wiring.upload_runs())


@bp.lambda_function(name="process-upload")
@task
def process_upload(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Turn the file into daily facts.

    ``event`` is ``{"detail": {"bucket": {"name": ...}, "object": {"key": ...}}, "executionArn": ...}``; returns
    ``status, uploadId, key, rows{in, kept, quarantined}, reasons, quarantineKey, complete, ...``.
    """
    from chalicelib.retail.service import uploading

    detail = event["detail"]
    ports = wiring.processing(detail["bucket"]["name"])
    result = uploading.process(detail["object"]["key"], ports, clock.current())
    if result["status"] == "processed":
        measured("retail", "RowsKept", result["rows"]["kept"])
        measured("retail", "RowsQuarantined", result["rows"]["quarantined"])
    return result
