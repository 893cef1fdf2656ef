"""The report: one look at the counters, written as JSON for programs and as PDF for people.

verdict.py  what the figures come to, in words     document.py  the report as JSON
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.domain.figures import figures
from chalicelib.campaigns.domain.lines import settled_counts
from chalicelib.campaigns.ports.files import Reports
from chalicelib.campaigns.ports.reports import Report, ReportPrinter
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.campaigns.service.reporting.document import as_json
from chalicelib.campaigns.service.reporting.verdict import verdict, warnings
from chalicelib.core.clock import Clock
from chalicelib.core.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Ports:
    """What reporting needs of the world."""

    campaigns: CampaignStore
    reports: Reports
    printer: ReportPrinter


def generate(campaign_id: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Write the report as it stands now; written again, it replaces the earlier one.

    Returns:
        ``{"reportUrl": link to the PDF, "jsonUrl": link to the same as JSON, "reportKey": the PDF's key}``.

    Raises:
        CampaignNotFoundError: there is no such campaign.
    """
    campaign = ports.campaigns.get(campaign_id)
    counts = settled_counts(campaign, ports.campaigns.counters(campaign_id))
    now = clock.now()
    found = figures(counts)
    report = Report(campaign, found, verdict(found), tuple(warnings(campaign, counts, found, now.date())), now)
    ports.reports.write(_key(campaign_id, "pdf"), ports.printer.pdf(report), "application/pdf")
    body = json.dumps(as_json(report), ensure_ascii=False, indent=1).encode()
    ports.reports.write(_key(campaign_id, "json"), body, "application/json")
    return links(campaign_id, ports.reports)


def latest(campaign_id: str, ports: Ports) -> dict[str, Any]:
    """Return the last report written, with fresh links to it.

    Raises:
        CampaignNotFoundError: there is no such campaign.
        NotFoundError: it has no report yet.
    """
    campaign = ports.campaigns.get(campaign_id)
    stored = ports.reports.read_json(_key(campaign_id, "json"))
    if stored is None:
        raise NotFoundError(f"campaign {campaign_id} is {campaign.status} and has no report yet")
    return links(campaign_id, ports.reports) | {"report": stored}


def links(campaign_id: str, reports: Reports) -> dict[str, str]:
    """Return the report's links."""
    pdf = _key(campaign_id, "pdf")
    return {
        "reportUrl": reports.url(pdf, f"campaign-{campaign_id}.pdf"),
        "jsonUrl": reports.url(_key(campaign_id, "json"), f"campaign-{campaign_id}.json"),
        "reportKey": pdf,
    }


def _key(campaign_id: str, kind: str) -> str:
    return f"campaigns/{campaign_id}/report.{kind}"
