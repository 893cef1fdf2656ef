"""Writes the morning's report as HTML, PDF and JSON, and says whether this execution mails it.

A date is mailed once: the first execution that asks the log may, and may ask again (its task is tried again
after a lost answer); another may only when forced. A run after late data writes the next version, which says what
changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from chalicelib.retail.domain import report as reports
from chalicelib.retail.ports.reports import ReportLog, ReportPrinter, ReportRecord, Shelf
from chalicelib.retail.service.mornings import read_book
from chalicelib.retail.service.parcels import unpack
from chalicelib.retail.service.reporting.mail import mail_subject, mail_text

FORMS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Ports:
    """What reporting needs."""

    shelf: Shelf
    log: ReportLog
    printer: ReportPrinter


def generate_report(event: Mapping[str, Any], ports: Ports) -> dict[str, Any]:
    """Write the report: ``{"run", "storeSummaries", "insights"}`` to ``{"send", "version", "subject", "message",
    "reportUrl", "pdfUrl", "keys"}``.

    ``message`` is the mail, at most `mail.LARGEST_MAIL_BYTES`.
    """
    run = event["run"]
    day = run["date"]
    report = reports.restate(unpack(ports.shelf, event["insights"]["report"]), read_report(day, ports.shelf))
    keys = {form: report_key(day, form) for form in FORMS}
    printed = {
        "html": ports.printer.html(report),
        "pdf": ports.printer.pdf(report),
        "json": msgspec.json.encode(report),
    }
    for form, body in printed.items():
        ports.shelf.put(f"reports/{day}/versions/{report['version']}/report.{form}", body, FORMS[form])
        ports.shelf.put(keys[form], body, FORMS[form])
    stamp = read_book(event, ports.shelf).stamps[day]
    net = report["company"]["day"]["netCents"]
    ports.log.written(ReportRecord(day, report["version"], stamp, net, ""))
    links = {form: ports.shelf.link(keys[form], f"sales-{day}.{form}") for form in ("html", "pdf")}
    return {
        "send": ports.log.claim(day, run["executionArn"], force=run["force"]),
        "version": report["version"],
        "subject": mail_subject(report),
        "message": mail_text(report, links),
        "reportUrl": links["html"],
        "pdfUrl": links["pdf"],
        "keys": keys,
    }


def read_report(day: str, shelf: Shelf) -> reports.Report | None:
    """Return the last report of a date, None when there is none."""
    body = shelf.get(report_key(day, "json"))
    return None if body is None else dict(msgspec.json.decode(body))


def report_key(day: str, form: str) -> str:
    """Return where the last report of a date is."""
    return f"reports/{day}/report.{form}"
