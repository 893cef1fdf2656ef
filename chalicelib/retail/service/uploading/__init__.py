"""``upload-processor``: a file of sales becomes daily facts, every row of it accounted for.

    plain_bytes.py  gzip, byte order marks, UTF-16       row_reader.py       a row at first sight
    splitting.py    lines or elements                    row_examination.py  a row looked at closely
    spool.py        sales by store and day, flat memory  reading.py          the file to its end, counted
    totals.py       sales to facts, repeated rows        writing.py          facts, crash-safe, replacing

A file that is cut off or corrupt from some point on keeps the rows before it, and its facts say that they may not
be complete; as a correction of a whole file it is rejected, for it would take away more than it brings.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

from chalicelib.core.clock import Clock
from chalicelib.retail.domain.uploads import UploadRecord, is_upload, quarantine_key, run_name, upload_id_of
from chalicelib.retail.errors.uploads import UploadChangedError, UploadNotFoundError, UploadRejectedError
from chalicelib.retail.ports.facts import FactWriter
from chalicelib.retail.ports.uploads import UploadFile, UploadFiles, UploadRecords, UploadRuns
from chalicelib.retail.service.uploading import collector
from chalicelib.retail.service.uploading.reading import Reading
from chalicelib.retail.service.uploading.spool import HELD, Spool
from chalicelib.retail.service.uploading.totals import Stamp
from chalicelib.retail.service.uploading.writing import Written, remove_others, write

MOST_CORRECTIONS = 50
"""Of corrections, in a row, that each declare another file to replace."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What taking in a file needs of the world."""

    files: UploadFiles
    records: UploadRecords
    facts: FactWriter


def start_run(detail: dict[str, Any], ports: Ports, runs: UploadRuns) -> dict[str, Any]:
    """Start the execution for an object that has arrived; the same content twice is one run.

    Args:
        detail: of S3's event: ``bucket.name``, ``object.key``, ``object.etag``, ``object.sequencer``.
        ports: to look whether content that came before is there again, after another.
        runs: of ``upload-processor``.

    Returns:
        ``{"key", "run", "started"}``, or ``{"key", "ignored": True}`` for what is no upload.
    """
    key, etag = str(detail["object"]["key"]), str(detail["object"].get("etag", ""))
    if not is_upload(key):
        return {"key": key, "ignored": True}
    name = run_name(key, etag)
    started = runs.start(name, {"detail": detail})
    if not started and _is_back(key, etag, ports):
        name = run_name(key, etag, str(detail["object"].get("sequencer", "")))
        started = runs.start(name, {"detail": detail})
    return {"key": key, "run": name, "started": started}


def process(key: str, ports: Ports, clock: Clock, held: int = HELD) -> dict[str, Any]:
    """Take in the file's present version.

    Args:
        key: below ``uploads/``.
        ports: files, records and facts.
        clock: what time it is.
        held: sales in memory at most.

    Returns:
        ``status`` ``processed``: ``rows{in, kept, quarantined}``, ``reasons{code: rows}``, ``quarantineKey``,
        ``complete``, ``damage``, ``restatement``, and what facts were written; ``superseded`` when a later version
        has been taken in.

    Raises:
        UploadRejectedError: no row can be taken in, a damaged file would replace a whole one, or another upload
            has brought the same file.
        UploadNotFoundError: there is no such file.
        UploadChangedError: the file was replaced while it was read.
        UploadBusyError: another version of it is being processed, or the same file as another upload.
    """
    file = ports.files.look(key)
    upload_id = _upload_of(file, ports)
    record = ports.records.get(upload_id)
    if record is not None and record.status == "done" and (record.key, record.etag) == (key, file.etag):
        return record.result
    _refuse_a_twin(upload_id, file, ports)
    quarantine = ports.files.quarantine(quarantine_key(key))
    with collector.paused(), closing(Spool(held)) as spool:
        try:
            reading = Reading(quarantine)
            last_day = file.arrived_at.date() + timedelta(days=1)  # east of Greenwich it is tomorrow already
            reading.read(ports.files.chunks(file), last_day, spool)
            if reason := _reason_to_reject(reading, record):
                _reject(reason, file, upload_id, reading, ports)
            _refuse_what_was_replaced(file, ports)
            claimed = ports.records.claim(upload_id, file, file.arrived_at.isoformat(), clock.now())
            if claimed is None:
                return {"status": "superseded", "uploadId": upload_id, "key": key}
            result = _write(reading, spool, file, claimed, ports)
        finally:
            quarantine.abandon()
    ports.records.finish(upload_id, file.etag, result)
    return result


def _write(reading: Reading, spool: Spool, file: UploadFile, record: UploadRecord, ports: Ports) -> dict[str, Any]:
    upload_id, complete = record.upload_id, reading.state.damage is None
    stamp = Stamp(upload_id, record.restatement, complete, int(file.arrived_at.timestamp()))
    written = Written()
    for repeated in write(spool.partitions(), stamp, file.etag, ports.facts, ports.records, written):
        reading.take_back(repeated)
    written.removed_store_days = remove_others(upload_id, file.etag, ports.facts, ports.records)
    return {
        "status": "processed",
        "uploadId": upload_id,
        "key": file.key,
        "restatement": record.restatement,
        **_accounts(reading),
        "stores": len(written.stores),
        "storeDays": written.store_days,
        "productDays": written.product_days,
        "removedStoreDays": written.removed_store_days,
        "firstDay": written.first_day.isoformat() if written.first_day else None,
        "lastDay": written.last_day.isoformat() if written.last_day else None,
    }


def _accounts(reading: Reading) -> dict[str, Any]:
    """Return what became of the rows; closes the quarantine."""
    return {
        "rows": {"in": reading.rows, "kept": reading.kept, "quarantined": reading.quarantined},
        "reasons": dict(sorted(reading.reasons.items())),
        "quarantineKey": reading.quarantine.close(),
        "complete": reading.state.damage is None,
        "damage": reading.state.damage,
        "foreignRows": reading.state.foreign_rows,
        "bytes": reading.state.plain_bytes,
    }


def _reason_to_reject(reading: Reading, record: UploadRecord | None) -> str | None:
    if reading.kept == 0:
        found = "; ".join(reading.first[:3]) or "it is empty"
        damage = f" ({reading.state.damage})" if reading.state.damage else ""
        return f"none of its {reading.rows} rows can be taken in{damage}: {found}"
    if reading.state.damage and record is not None and record.result.get("complete", False):
        return f"{reading.state.damage}; the version before it was whole and stays"
    return None


def _reject(reason: str, file: UploadFile, upload_id: str, reading: Reading, ports: Ports) -> NoReturn:
    accounts = _accounts(reading)
    accounts["rows"] = {"in": reading.rows, "readable": reading.kept, "quarantined": reading.quarantined}
    rejected = {"key": file.key, "etag": file.etag, "reason": reason, **accounts}
    ports.records.reject(upload_id, rejected)
    raise UploadRejectedError(f"{file.key}: {reason}")


def _refuse_a_twin(upload_id: str, file: UploadFile, ports: Ports) -> None:
    """Refuse the same bytes as another upload has brought: sent again by a client, they would count twice."""
    holder = ports.records.holder(file.etag)
    if holder is None or holder.upload_id == upload_id:
        return
    reason = (
        f"it is byte for byte {holder.key} (upload {holder.upload_id}), which came before; other sales that read"
        " the same need a transaction or a row_id of their own"
    )
    ports.records.reject(upload_id, {"key": file.key, "etag": file.etag, "reason": reason})
    raise UploadRejectedError(f"{file.key}: {reason}")


def _refuse_what_was_replaced(file: UploadFile, ports: Ports) -> None:
    """Refuse to write what is no longer there: of two versions within a second no time says which came later."""
    try:
        present = ports.files.look(file.key)
    except UploadNotFoundError:  # tidied up, and read already
        return
    if present.etag != file.etag:
        raise UploadChangedError(f"{file.key} was replaced while it was read")


def _upload_of(file: UploadFile, ports: Ports) -> str:
    """Return the id of the upload the file belongs to: its own, or that of the first file it goes back to."""
    seen = file
    for _ in range(MOST_CORRECTIONS):
        if seen.replaces is None:
            return upload_id_of(seen.key)
        earlier = upload_id_of(seen.replaces)
        try:
            seen = ports.files.look(seen.replaces)
        except UploadNotFoundError:
            if ports.records.get(earlier) is not None:
                return earlier
            raise UploadRejectedError(
                f"{file.key} declares to replace {seen.replaces}, and there is no such upload"
            ) from None
    raise UploadRejectedError(
        f"{file.key} replaces a file that replaces a file, more than {MOST_CORRECTIONS} deep"
    )


def _is_back(key: str, etag: str, ports: Ports) -> bool:
    """Return whether content that was taken in before lies there again, after other content."""
    try:
        file = ports.files.look(key)
    except UploadNotFoundError:
        return False
    record = ports.records.get(_upload_of(file, ports))
    return record is not None and file.etag == etag and record.etag != etag and etag in record.etags
