"""The report as JSON: the same figures as the PDF, under names that stay."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.ports.reports import Report
from chalicelib.core import payload


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON types.

    Shares are from 0 to 1, money is in cents, times are UTC.
    """
    campaign, found = report.campaign, report.figures
    return {
        "campaignId": campaign.id,
        "campaignName": campaign.name,
        "status": campaign.status.value,
        "generatedAt": payload.to_json_types(report.generated_at),
        "verdict": report.verdict,
        "warnings": list(report.warnings),
        "funnel": [{"stage": stage, "count": count} for stage, count in found.funnel],
        "contacts": found.statuses,
        "rows": {"invalid": found.rows_invalid, "duplicate": found.rows_duplicate},
        "calls": found.calls,
        "liveAnswers": found.live,
        "connectRate": found.connect_rate,
        "dispositions": found.dispositions,
        "attempts": {str(number): count for number, count in found.attempts.items()},
        "hours": [
            {"zone": h.zone, "hour": h.hour, "calls": h.calls, "live": h.live, "connectRate": h.connect_rate}
            for h in found.hours
        ],
        "held": found.held,
        "cost": {"cents": found.cost_cents, "centsPerReached": found.cost_cents_per_reached},
        "talkSeconds": found.talk_seconds,
    }
