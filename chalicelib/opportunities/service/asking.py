"""The API's and Slack's side: ask for an analysis, and see what came of it."""

from __future__ import annotations

import re
from typing import Any

from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.opportunities.domain.opportunity import (
    FOLLOW_ON,
    FUNDING,
    OPPORTUNITY,
    Opportunity,
    execution_name,
)
from chalicelib.opportunities.errors import AnalysisConflictError, AnalysisNotFoundError
from chalicelib.opportunities.ports.analyses import AnalysisRuns, AnalysisStore, Run
from chalicelib.opportunities.service.requests import Analysis, AnalysisOptions, AnalyzeBody, analysis_of

MACHINES = {
    OPPORTUNITY: "opportunity-analysis",
    FUNDING: "funding-analysis",
    FOLLOW_ON: "follow-on-analysis",
}
_KINDS = {machine: kind for kind, machine in MACHINES.items()}
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


def ask(
    body: AnalyzeBody, request_id: str, runs: AnalysisRuns, *, slack_channel: str = ""
) -> tuple[dict[str, Any], bool]:
    """Start an analysis and return it as the API shows it, with whether it is new.

    Where ``slack_channel`` is given, what came of it is told there in the end.

    Raises:
        InvalidInputError: options that only ``workflowType`` opportunity has.
        AnalysisConflictError: the request id started another request about this opportunity.
        TransientError: Step Functions runs as many as it may.
    """
    extra = {"includeFunding": body.include_funding, "includeFollowOn": body.include_follow_on}
    if body.workflow_type != OPPORTUNITY and any(extra.values()):
        message = f"goes with workflowType {OPPORTUNITY} only"
        raise InvalidInputError(
            Problem(name, "not_with_this_workflow", message) for name, wanted in extra.items() if wanted
        )
    opportunity = body.opportunity()
    run_input = _input(opportunity, body) | ({"slackChannel": slack_channel} if slack_channel else {})
    run, new = runs.start(body.workflow_type, execution_name(opportunity, request_id), run_input)
    if not new and run.input != run_input:
        raise AnalysisConflictError(f"request id {request_id[:80]} started {run.name} with another request")
    return _started(body.workflow_type, run, opportunity.id), new


def look(analysis_id: str, runs: AnalysisRuns, analyses: AnalysisStore) -> dict[str, Any]:
    """Return an analysis with its status and, once it is done, its result.

    Raises:
        AnalysisNotFoundError: there is none of this id.
    """
    machine, _, name = analysis_id.partition(":")
    kind = _KINDS.get(machine)
    if kind is None or not _NAME.fullmatch(name):
        raise AnalysisNotFoundError(f"{analysis_id[:120]!r} is no id of an analysis; one is machine:name")
    run = runs.get(kind, name)
    try:
        opportunity_id = analysis_of(_as_analysis(run, kind)).opportunity.id
    except (InvalidInputError, KeyError):
        opportunity_id = ""
    shown = _started(kind, run, opportunity_id) | {
        "startedAt": run.started_at.isoformat(),
        "stoppedAt": run.stopped_at.isoformat() if run.stopped_at else None,
    }
    if run.error is not None:
        shown |= {"error": run.error, "cause": run.cause}
    found = analyses.get(opportunity_id, kind) if opportunity_id else None
    shown["result"] = found if found is not None and found["analysisId"] == name else None
    if run.status == "SUCCEEDED" and shown["result"] is None:
        shown["superseded"] = True
    if kind == OPPORTUNITY and shown["result"] is not None:
        shown |= {other: _of_same_run(opportunity_id, other, name, analyses) for other in (FUNDING, FOLLOW_ON)}
    return shown


def _of_same_run(opportunity_id: str, kind: str, name: str, analyses: AnalysisStore) -> dict[str, Any] | None:
    """Return a related analysis that ran within: it has its parent's name."""
    found = analyses.get(opportunity_id, kind)
    return found if found is not None and found["analysisId"] == name else None


def _input(opportunity: Opportunity, body: AnalyzeBody) -> dict[str, Any]:
    options = AnalysisOptions(
        use_nova_premier=body.use_nova_premier,
        include_validation=body.include_validation,
        include_funding=body.include_funding,
        include_follow_on=body.include_follow_on,
    )
    asked = Analysis("", body.workflow_type, opportunity, options).as_dict()
    return {key: asked[key] for key in ("opportunityDetails", "analysisOptions")}


def _as_analysis(run: Run, kind: str) -> dict[str, Any]:
    return {"analysisOptions": {}, **run.input, "id": run.name, "kind": kind}


def _started(kind: str, run: Run, opportunity_id: str) -> dict[str, Any]:
    analysis_id = f"{MACHINES[kind]}:{run.name}"
    return {
        "id": analysis_id,
        "workflowType": kind,
        "opportunityId": opportunity_id,
        "executionArn": run.arn,
        "executionName": run.name,
        "status": run.status,
        "links": {"self": f"/api/analyze/{analysis_id}", "execution": f"/executions/{analysis_id}"},
    }
