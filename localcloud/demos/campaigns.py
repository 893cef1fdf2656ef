"""campaign-execution: a campaign of 500 generated contacts, from upload to PDF report, through the REST API."""

from __future__ import annotations

import time
from typing import Any

from localcloud.demos.contact_lists import ContactList, contact_list
from localcloud.demos.demo import Bench, Demo, Verdict
from localcloud.demos.http_calls import ApiCallError, call

_SUPPRESSED = 15
_IMPORT_SECONDS = 30.0
_DRAFT = {
    "name": "Spring reminder",
    "callerId": "+12125550100",
    "zone": "America/New_York",
    "windows": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start": "09:00", "end": "20:00"}],
    "callsPerSecond": 50,
    "retryRules": {
        "no_answer": {"delayMinutes": 240, "maxAttempts": 2},
        "voicemail": {"delayMinutes": 1440, "maxAttempts": 2},
        "busy": {"delayMinutes": 30, "maxAttempts": 2},
    },
}


class CampaignDemo(Demo):
    """500 rows in seven cities, 12 of them broken, 8 twice in the list, 15 people on the do-not-call list."""

    machine = "campaign-execution"

    def __init__(self, contacts: ContactList | None = None) -> None:
        self._contacts = contacts or contact_list()
        self._path = ""
        self._execution_arn = ""

    def start(self, bench: Bench) -> str:
        """See `Demo.start`."""
        self._suppress(bench)
        campaign = bench.api("POST", "/campaigns", _DRAFT)
        self._path = f"/campaigns/{campaign['id']}"
        self._upload(bench)
        started = bench.api("POST", f"{self._path}/start")
        return str(started["executionArn"])

    def progress(self, bench: Bench) -> tuple[float, str]:
        """See `Demo.progress`."""
        campaign = bench.api("GET", self._path)
        self._execution_arn = str(campaign.get("activeExecution") or "")
        progress = campaign["progress"]
        done, total = progress["completedContacts"], progress["totalContacts"]
        words = f"{done}/{total} contacts final, {progress['calls']} calls"
        return (done / total if total else 0.0), words

    def execution_arn(self, bench: Bench, started: str) -> str:
        """See `Demo.execution_arn`: a long campaign goes on in a successor."""
        return self._execution_arn or started

    def verdict(self, bench: Bench) -> Verdict:
        """See `Demo.verdict`."""
        campaign = bench.api("GET", self._path)
        progress = campaign["progress"]
        faults = self._faults(bench, campaign)
        where = self._fetch_report(bench, faults)
        reached = progress["contacts"]["reached"]
        result = (
            f"{progress['totalContacts']} contacts, {progress['calls']} calls, {reached} reached, "
            f"${progress['costCents'] / 100:.2f}"
        )
        return Verdict(not faults, "; ".join(faults) or result, where)

    def _suppress(self, bench: Bench) -> None:
        """Put people on the do-not-call list, as the list's own owner would."""
        functions = bench.cloud.functions
        api = next(one.name for one in functions if one.logical_id == "APIHandler")
        with functions.within(api):
            from chalicelib.campaigns import wiring
            from chalicelib.core import clock

            for phone in self._contacts.phones[:_SUPPRESSED]:
                wiring.suppressions().add(phone, campaign_id=None, reason="do_not_call", at=clock.current().now())

    def _upload(self, bench: Bench) -> None:
        target = bench.api("POST", f"{self._path}/contacts", {"upload": "csv"})
        call(target["method"], target["url"], self._contacts.csv.encode(), target["headers"])
        deadline = time.monotonic() + _IMPORT_SECONDS
        report: dict[str, Any] = {"status": "waiting"}
        while report["status"] != "done":
            if report["status"] == "refused" or time.monotonic() > deadline:
                raise ApiCallError(f"the contact list is {report['status']}: {report}")
            time.sleep(0.1)
            report = bench.api("GET", f"{self._path}/uploads/{target['uploadId']}")

    def _faults(self, bench: Bench, campaign: dict[str, Any]) -> list[str]:
        """Return what is not as it should be."""
        progress = campaign["progress"]
        faults = []
        if campaign["status"] != "completed":
            faults.append(f"the campaign is {campaign['status']}, not completed")
        if progress["totalContacts"] != self._contacts.valid:
            faults.append(f"{progress['totalContacts']} contacts were taken in, not {self._contacts.valid}")
        if progress["completedContacts"] != progress["totalContacts"]:
            faults.append(f"only {progress['completedContacts']} contacts are final")
        called = {one["to"] for one in bench.carrier.calls}
        if wrongly := called & set(self._contacts.phones[:_SUPPRESSED]):
            faults.append(f"{len(wrongly)} suppressed people were called")
        if progress["calls"] != len(bench.carrier.calls):
            faults.append(f"{progress['calls']} calls were counted, the carrier placed {len(bench.carrier.calls)}")
        return faults

    def _fetch_report(self, bench: Bench, faults: list[str]) -> str:
        """Keep the PDF and return where; a missing one is a fault."""
        try:
            report = bench.api("GET", f"{self._path}/report")
            pdf = call("GET", report["reportUrl"])
        except (ApiCallError, KeyError) as error:
            faults.append(f"there is no report: {error}")
            return bench.api_url + self._path
        path = bench.kept_in / "campaign-report.pdf"
        path.write_bytes(pdf)
        if not pdf.startswith(b"%PDF"):
            faults.append("the report is no PDF")
        return f"{path}, {bench.api_url}{self._path}/report"
