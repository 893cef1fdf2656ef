"""Walks through the API as its users do: each success, and each conflict that needs a past to come about."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.tickets.domain.signature import sign
from localcloud.project import ZENDESK_SECRET, LocalProject
from localcloud.standins.slack_people import Person
from tests.api.refusals import send
from tests.api.witness import Sent, Witness

_LISTS = (
    "/approval-delegations",
    "/approvals",
    "/campaigns",
    "/contracts",
    "/health",
    "/incidents",
    "/openapi.json",
    "/reports",
    "/smes",
    "/smes/share",
    "/workflow-figures",
    "/workflows",
)
_FAILS = "campaign-execution"
"""A workflow that ends FAILED without an id of a campaign: a run to redrive."""
_POSTED = "7002"
"""A ticket whose recommendation the demonstrations have posted."""
_LOOK_SECONDS, _PATIENCE_SECONDS = 0.2, 60.0


class Tour:
    """One walk after the demonstrations, whose things it finds. The witness sees what it is answered."""

    def __init__(self, project: LocalProject, witness: Witness) -> None:
        self._project, self._witness = project, witness
        self._now = datetime.fromtimestamp(project.timeline.now(), UTC)

    def walk(self) -> None:
        """Go through all rooms."""
        self._look()
        self._workflows()
        self._campaign()
        self._decisions()
        self._contracts_and_analyses()
        self._incident()
        self._tickets()
        self._uploads()
        self._slack()

    def _look(self) -> None:
        for path in _LISTS:
            self._ask("GET", path)
        self._ask("GET", "/audit", query={"day": f"{self._now:%Y-%m-%d}"})
        for path in ("/console", "/console/app.js", "/console/run/steps.js"):
            tag = self._ask("GET", path, answered=200)[0].get("etag", "")
            self._ask("GET", path, headers={"if-none-match": tag}, answered=304)
        holiday = {"name": "Holiday", "first": "2026-12-08", "last": "2026-12-08"}
        self._ask("PUT", "/sales-calendar/holiday", holiday, answered=200)

    def _workflows(self) -> None:
        self._ask("GET", f"/workflows/{_FAILS}")
        self._ask("GET", f"/workflows/{_FAILS}/figures")
        self._ask("GET", "/executions", query={"workflow": _FAILS}, answered=200)
        self._ask("GET", "/executions", query={"workflow": "none"}, answered=404)
        start, once = f"/workflows/{_FAILS}/executions", {"idempotency-key": "once"}
        run = self._ask("POST", start, {"input": {}}, headers=once, answered=202)[1]["id"]
        self._ask("POST", start, {"input": {}}, headers=once, answered=200)
        self._ask("POST", start, {"input": {"x": 1}}, headers=once, answered=409)
        path = f"/executions/{run}"
        self._until(path, "status", "FAILED")
        self._ask("GET", f"{path}/history")
        visit = self._ask("GET", f"{path}/states")[1]["visits"][0]["id"]
        for of in ("", "/logs"):
            self._ask("GET", f"{path}/states/{visit}{of}")
            self._ask("GET", f"{path}/states/999999{of}", answered=404)
        self._ask("GET", f"{path}/test")
        self._ask("POST", f"{path}/stop", {"reason": "too late"}, answered=409)
        self._ask("POST", f"{path}/redrive", {"reason": "try again"}, answered=202)

    def _campaign(self) -> None:
        draft = json.loads(self._witness.good["POST", "/campaigns"].body)
        key = {"idempotency-key": "tour"}
        path = "/campaigns/" + self._ask("POST", "/campaigns", draft, headers=key, answered=201)[1]["id"]
        self._ask("POST", "/campaigns", draft, headers=key, answered=200)
        people = {"contacts": [{"phone": "+12125550142"}]}
        self._ask("POST", f"{path}/contacts", people, answered=201)
        self._ask("POST", f"{path}/preflight", answered=200)
        self._ask("POST", f"{path}/start", answered=202)
        self._ask("POST", f"{path}/pause", answered=202)
        self._ask("POST", f"{path}/start", answered=409)
        arn = self._ask("POST", f"{path}/resume", answered=202)[1]["executionArn"]
        run = f"/executions/{_FAILS}:{arn.rpartition(':')[2]}"
        self._ask("GET", f"{run}/test", answered=409)
        self._ask("POST", f"{run}/redrive", {"reason": "too early"}, answered=409)
        self._ask("POST", f"{path}/cancel", answered=202)
        self._ask("POST", f"{run}/stop", {"reason": "it is cancelled"}, answered=200)
        for what in ("pause", "resume"):
            self._ask("POST", f"{path}/{what}", answered=409)
        self._ask("POST", f"{path}/contacts", people, answered=409)
        self._ask("POST", f"{self._ended()}/cancel", answered=409)

    def _ended(self) -> str:
        """Return the path of the campaign that the demonstration has brought to its end."""
        return self._witness.good["GET", "/campaigns/{campaign_id}/report"].path.removesuffix("/report")

    def _decisions(self) -> None:
        good = self._witness.good["POST", "/approvals/{approval_id}/decision"]
        self._ask("POST", good.path, {"decision": "rejected", "reason": "second thoughts"}, answered=409)
        days = {"from": self._now.isoformat(), "until": (self._now + timedelta(days=3)).isoformat()}
        made = self._ask("POST", "/approval-delegations", days, answered=201)[1]
        self._ask("DELETE", f"/approval-delegations/{made['id']}", answered=204)

    def _contracts_and_analyses(self) -> None:
        for path, other in (("/contracts", {"customer_id": "CUST-1"}), ("/api/analyze", {"region": "us-east-1"})):
            body, key = json.loads(self._witness.good["POST", path].body), {"idempotency-key": "tour"}
            self._ask("POST", path, body, headers=key, answered=202)
            self._ask("POST", path, body, headers=key, answered=200)
            self._ask("POST", path, body | other, headers=key, answered=409)

    def _incident(self) -> None:
        report = {
            "vehicleId": "VEH-TOUR",
            "type": "panic_button",
            "eventTimestamp": round(self._now.timestamp() * 1000),
            "location": {"lat": 6.2442, "lon": -75.5812},
            "drill": True,
        }
        path = "/incidents/" + self._ask("POST", "/incidents", report, answered=202)[1]["incidentId"]
        self._ask("POST", "/incidents", report, answered=200)
        receipt = {"notificationId": "owner", "receipt": "delivered to handset"}
        self._ask("POST", f"{path}/deliveries", receipt)

    def _tickets(self) -> None:
        path = f"/tickets/{_POSTED}"
        self._ask("POST", f"{path}/post", answered=200)
        self._ask("POST", f"{path}/match", answered=202)
        ticket = json.loads(self._witness.good["POST", "/tickets"].body) | {"id": _POSTED}
        solved = {**ticket, "status": "solved", "assignee": "cre001"}
        self._webhook(["no ticket"], answered=422)
        self._webhook(solved, answered=202)
        self._webhook(solved, answered=200)
        self._until(path, "standing", "solved")
        self._ask("POST", f"{path}/match", answered=409)

    def _uploads(self) -> None:
        self._ask("GET", "/reports/2001-01-01", answered=404)
        before = self._witness.good["GET", "/uploads/{upload_id}"].path.rpartition("/")[2]
        self._ask("POST", "/uploads", {"sizeBytes": 10, "replaces": "0" * 12}, answered=404)
        self._ask("POST", "/uploads", {"sizeBytes": 10, "replaces": before}, answered=202)

    def _slack(self) -> None:
        slack, url = self._project.slack, self._project.slack_url
        Person(slack, url).command("/campaign list")
        Person(slack, url, secret="another application's").command("/campaign list")
        for path in ("/slack/commands", "/slack/interactions"):
            Person(slack, url).send(path, "payload=%7B")

    def _webhook(self, ticket: Any, answered: int) -> None:
        """Call as Zendesk does, signed."""
        stamp = datetime.fromtimestamp(self._project.timeline.now(), UTC).isoformat(timespec="seconds")
        signed = {
            "x-zendesk-webhook-signature": sign(ZENDESK_SECRET, stamp, json.dumps(ticket).encode()),
            "x-zendesk-webhook-signature-timestamp": stamp,
        }
        self._ask("POST", "/tickets", ticket, headers=signed, answered=answered)

    def _until(self, path: str, field: str, wanted: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (now := self._ask("GET", path)[1][field]) != wanted:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path} is {now} and not {wanted}")
            time.sleep(_LOOK_SECONDS)

    def _ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        answered: int | None = None,
    ) -> tuple[dict[str, str], Any]:
        kind = {"content-type": "application/json", "authorization": f"Bearer {self._project.token}"}
        raw = b"" if body is None else json.dumps(body).encode()
        return self._send(Sent(method, path, query or {}, raw, {**kind, **(headers or {})}), answered)

    def _send(self, sent: Sent, answered: int | None = None) -> tuple[dict[str, str], Any]:
        status, headers, body = send(self._project, sent)
        if answered not in (None, status):
            print(f"{sent.method} {sent.path}: {status} instead of {answered}: {body[:300]!r}")
        return headers, json.loads(body) if "json" in headers.get("content-type", "") and body else None
