"""Contacts come in: from a file in the assets bucket, or a short list in a request.

    keys.py   where things lie         records.py  lines to CSV and JSONL records
    lines.py  bytes to lines           rows.py     a record to a contact, or a reason
    run.py    batches and checkpoints  progress.py counts, checkpoint and report

Every row of an upload is accepted, a duplicate or invalid, and the last two are reported by line and reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.domain.campaign import FINAL_STATUSES, Campaign
from chalicelib.campaigns.errors import CampaignStateError
from chalicelib.campaigns.ports.files import Models, Uploads
from chalicelib.campaigns.ports.stores import CampaignStore, ContactIntake
from chalicelib.campaigns.ports.world import ImportContinuations, PhoneNumbers
from chalicelib.campaigns.service.importing.keys import UploadKey
from chalicelib.campaigns.service.importing.lines import UnreadableUploadError
from chalicelib.campaigns.service.importing.progress import Progress
from chalicelib.campaigns.service.importing.rows import RowReader
from chalicelib.campaigns.service.importing.run import Pace, UploadRun
from chalicelib.campaigns.service.scoring import scorer_of
from chalicelib.core import payload
from chalicelib.core.errors import InvalidInputError, NotFoundError

MOST_ROWS_IN_A_REQUEST = 1_000


@dataclass(frozen=True, slots=True)
class Ports:
    """What an import needs of the world."""

    campaigns: CampaignStore
    intake: ContactIntake
    uploads: Uploads
    numbers: PhoneNumbers
    models: Models


def import_upload(
    key: str,
    ports: Ports,
    continuations: ImportContinuations,
    time_left: Callable[[], float],
    pace: Pace = Pace(),  # noqa: B008  (frozen)
) -> dict[str, Any]:
    """Take in the upload stored under ``key``, from its checkpoint if it has one.

    Args:
        key: such as ``contacts/<campaign>/<upload>.csv``; what is no upload is left alone.
        ports: the stores and files.
        continuations: takes the import up again when ``time_left`` (seconds) runs short.
        time_left: seconds until this invocation is ended.
        pace: batch and checkpoint sizes.

    Returns:
        The report (``status`` ``done`` or ``refused``), or ``{"status": "continues" | "ignored"}``.
    """
    upload = UploadKey.read(key)
    if upload is None:
        return {"status": "ignored", "key": key}
    progress = _checkpointed(upload, ports.uploads)
    try:
        campaign = _open_campaign(upload.campaign_id, ports.campaigns)
        run = _run(upload, campaign, progress, ports, pace)
        if not run.advance(time_left):
            continuations.continue_later(key)
            return {"status": "continues", "rows": progress.rows}
    except (CampaignStateError, UnreadableUploadError, NotFoundError, InvalidInputError) as refusal:
        return _write_report(upload, progress.report("refused", str(refusal)), ports.uploads)
    return _finish(upload, progress, ports)


def import_list(campaign_id: str, upload_id: str, rows: Sequence[Any], ports: Ports) -> dict[str, Any]:
    """Take in ``rows`` (JSON objects with a ``phone``; at most `MOST_ROWS_IN_A_REQUEST`) and return the report.

    Raises:
        CampaignNotFoundError: there is no such campaign.
        CampaignStateError: the campaign has ended.
    """
    campaign = _open_campaign(campaign_id, ports.campaigns)
    upload = UploadKey.short_list(campaign_id, upload_id)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    ports.uploads.write(upload.key, lines.encode(), "application/x-ndjson")
    progress = Progress()
    _run(upload, campaign, progress, ports, Pace(look_every=MOST_ROWS_IN_A_REQUEST + 1)).advance(lambda: 0.0)
    return _finish(upload, progress, ports)


def new_upload(
    campaign_id: str, upload_id: str, file_format: str, campaigns: CampaignStore, uploads: Uploads
) -> dict[str, Any]:
    """Return where a client PUTs a file of contacts; ``file_format`` is ``csv`` or ``jsonl``.

    Raises:
        CampaignNotFoundError: there is no such campaign.
        CampaignStateError: the campaign has ended.
    """
    _open_campaign(campaign_id, campaigns)
    upload = UploadKey.new(campaign_id, upload_id, file_format)
    target = uploads.target(upload.key, "text/csv" if upload.is_csv else "application/x-ndjson")
    return {
        "uploadId": upload_id,
        "method": "PUT",
        "url": target.url,
        "headers": target.headers,
        "expiresInSeconds": target.expires_in_seconds,
    }


def upload_report(campaign_id: str, upload_id: str, uploads: Uploads) -> dict[str, Any]:
    """Return the report of an upload, or how far it has come.

    Raises:
        NotFoundError: nothing has been uploaded under this id.
    """
    upload = UploadKey.new(campaign_id, upload_id, "csv")
    if report := uploads.read_json(upload.beside("report.json")):
        return report
    if checkpoint := uploads.read_json(upload.beside("checkpoint.json")):
        return _header(upload) | payload.parse(Progress, checkpoint).report("running")
    for file_format in ("csv", "jsonl"):
        size = uploads.size_bytes(UploadKey.new(campaign_id, upload_id, file_format).key)
        if size is not None:
            return _header(upload) | {"status": "waiting", "sizeBytes": size}
    raise NotFoundError(f"campaign {campaign_id} has no upload {upload_id}")


def _open_campaign(campaign_id: str, campaigns: CampaignStore) -> Campaign:
    campaign = campaigns.get(campaign_id)
    if campaign.status in FINAL_STATUSES:
        raise CampaignStateError(
            f"campaign {campaign_id} is {campaign.status}; contacts can be added until it ends"
        )
    return campaign


def _checkpointed(upload: UploadKey, uploads: Uploads) -> Progress:
    stored = uploads.read_json(upload.beside("checkpoint.json"))
    return payload.parse(Progress, stored) if stored else Progress()


def _run(upload: UploadKey, campaign: Campaign, progress: Progress, ports: Ports, pace: Pace) -> UploadRun:
    score = scorer_of(campaign, ports.models)
    reader = RowReader(campaign.id, campaign.default_region, ports.numbers, score)
    return UploadRun(upload, reader, progress, intake=ports.intake, uploads=ports.uploads, pace=pace)


def _finish(upload: UploadKey, progress: Progress, ports: Ports) -> dict[str, Any]:
    ports.intake.count_rows(
        upload.campaign_id, upload.upload_id, invalid=progress.invalid, duplicates=progress.duplicates
    )
    return _write_report(upload, progress.report("done"), ports.uploads)


def _write_report(upload: UploadKey, report: dict[str, Any], uploads: Uploads) -> dict[str, Any]:
    report = _header(upload) | report
    uploads.write(upload.beside("report.json"), json.dumps(report).encode(), "application/json")
    uploads.delete(upload.beside("checkpoint.json"))
    return report


def _header(upload: UploadKey) -> dict[str, Any]:
    return {"campaignId": upload.campaign_id, "uploadId": upload.upload_id}
