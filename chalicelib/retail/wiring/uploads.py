"""The parts of ``upload-processor``, and the facts both machines share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.config import setting

if TYPE_CHECKING:
    from chalicelib.retail.ports.facts import DailyFacts, FactWriter
    from chalicelib.retail.ports.uploads import UploadFiles, UploadRecords, UploadRuns
    from chalicelib.retail.service import uploading, uploads


def daily_facts() -> DailyFacts:
    """Return the facts, to read."""
    from chalicelib.retail.adapters.dynamo_facts import DynamoDailyFacts

    return DynamoDailyFacts(setting("FACTS_TABLE"))


def fact_writer() -> FactWriter:
    """Return the facts, to write."""
    from chalicelib.retail.adapters.dynamo_facts import DynamoFactWriter

    return DynamoFactWriter(setting("FACTS_TABLE"))


def upload_files(bucket: str) -> UploadFiles:
    """Return the files of a bucket."""
    from chalicelib.retail.adapters.s3_uploads import S3UploadFiles

    return S3UploadFiles(bucket)


def upload_records() -> UploadRecords:
    """Return what is remembered of uploads."""
    from chalicelib.retail.adapters.dynamo_uploads import DynamoUploadRecords

    return DynamoUploadRecords(setting("FACTS_TABLE"))


def upload_runs() -> UploadRuns:
    """Return the executions of ``upload-processor``."""
    from chalicelib.retail.adapters.upload_executions import StepFunctionsUploadRuns

    return StepFunctionsUploadRuns(setting("UPLOAD_MACHINE_ARN"))


def processing(bucket: str) -> uploading.Ports:
    """Return what taking in a file of ``bucket`` needs."""
    from chalicelib.retail.service import uploading

    return uploading.Ports(upload_files(bucket), upload_records(), fact_writer())


def upload_desk() -> uploads.Ports:
    """Return what the API needs to take in and show uploads."""
    from chalicelib.retail.service import uploads

    return uploads.Ports(upload_files(setting("RETAIL_BUCKET")), upload_records())
