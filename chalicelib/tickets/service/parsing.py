"""Reads what the matching engine wrote, checks it, and keeps it before anybody is told.

The engine runs in a container of its own and its words partly come from tickets: what it wrote is checked as any
input is. A result that is there counts, however its container ended: a crash after the last write loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from chalicelib.core import payload
from chalicelib.core.clock import Clock
from chalicelib.core.errors import InvalidInputError
from chalicelib.tickets.domain.assignment import Assignment, AssignmentState, LabelKind, label
from chalicelib.tickets.domain.recommendation import Candidate, Evidence, Recommendation, Removed, Verdict
from chalicelib.tickets.domain.record import Standing, TicketRecord
from chalicelib.tickets.domain.secrets import without_secrets
from chalicelib.tickets.domain.text import of_ticket
from chalicelib.tickets.errors import PipelineResultError, TicketStateError
from chalicelib.tickets.ports.smes import SmeDirectory
from chalicelib.tickets.ports.tickets import TicketFiles, TicketStore
from chalicelib.tickets.service import escalating
from chalicelib.tickets.service.reading import LARGEST_TICKET_BYTES, ticket_of
from chalicelib.tickets.service.records import change

LARGEST_RESULT_BYTES = 1_000_000
MOST_CANDIDATES = 10
SYSTEM = "system:sme-matching"
_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_LONGEST_LINE = 300
_LONGEST_REASONING = 1_000


class _EvidenceResult(msgspec.Struct, rename="camel"):
    ticket_id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    subject: str
    similarity: float
    solved_at: str | None = None


class _SmeResult(msgspec.Struct, rename="camel"):
    cre_id: _Id
    name: str
    confidence: _Share
    reasoning: str
    slack_id: str | None = None
    score: float = 0.0
    probability: _Share | None = None
    evidence: list[_EvidenceResult] = []


class _RemovedResult(msgspec.Struct, rename="camel"):
    cre_id: _Id
    rule: str


class _ModelResult(msgspec.Struct, rename="camel"):
    id: str
    prior: bool = False


class _EngineResult(msgspec.Struct, rename="camel"):
    """The engine's answer, version 1; docs/api.md has an example. Other fields are the engine's own affair."""

    version: int
    ticket_id: str
    top_smes: Annotated[list[_SmeResult], msgspec.Meta(max_length=MOST_CANDIDATES)]
    model: _ModelResult
    removed: list[_RemovedResult] = []
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ports:
    """What parsing needs of the world."""

    files: TicketFiles
    store: TicketStore
    smes: SmeDirectory


def parse(
    state: Mapping[str, Any], execution_arn: str, threshold: float, ports: Ports, clock: Clock
) -> dict[str, Any]:
    """Keep the engine's recommendation, offer the ticket to its first expert, and say what comes next.

    Args:
        state: the execution's: ``{"ticket_id", "key", "result_key", "timestamp", "pipeline_error"?}``.
        execution_arn: whose result it is.
        threshold: probability below which an operator decides.
        ports: the result, the tickets, the experts.
        clock: for the times kept.

    Returns:
        ``ticket_id, bucket, key, timestamp`` as they were,
        ``sme_recommendations{top_smes[{cre_id, name, confidence, reasoning, slack_id}], reasoning, confidence}``,
        ``match{recommendation_id, verdict, threshold, top_confidence, held_until, model_id}`` and
        ``escalation{subject, facts, options, timeout_seconds}``, what an operator would be asked.

    Raises:
        PipelineResultError: there is no usable result; the message says what there is, without ticket text.
    """
    ticket_id = str(state["ticket_id"])
    result = _result(ticket_id, state, ports.files)
    recommendation = Recommendation(
        ticket_id=ticket_id,
        recommendation_id=str(state["result_key"]).rpartition("/")[2].removesuffix(".json"),
        subject=_subject(str(state["key"]), ports.files),
        candidates=_candidates(result, ports.smes),
        removed=tuple(Removed(one.cre_id, one.rule[:100]) for one in result.removed),
        held_until=_to_come(result.held_until, clock.now()),
        threshold=threshold,
        model_id=result.model.id[:200],
        is_prior=result.model.prior,
        made_at=clock.now(),
    )
    ports.store.save_recommendation(recommendation)
    _note(recommendation, execution_arn, ports.store)
    if recommendation.verdict is Verdict.CONFIDENT:
        offer(recommendation, ports.store)
    return {
        "ticket_id": ticket_id,
        "bucket": ports.files.bucket,
        "key": state["key"],
        "timestamp": state["timestamp"],
        "sme_recommendations": _as_seen(recommendation),
        "match": {
            "recommendation_id": recommendation.recommendation_id,
            "verdict": str(recommendation.verdict),
            "threshold": threshold,
            "top_confidence": recommendation.candidates[0].confidence if recommendation.candidates else 0.0,
            "held_until": f"{recommendation.held_until:%Y-%m-%dT%H:%M:%SZ}" if recommendation.held_until else None,
            "model_id": recommendation.model_id,
        },
        "escalation": escalating.question(recommendation, ports.smes),
    }


def offer(recommendation: Recommendation, store: TicketStore) -> None:
    """Offer the ticket to the recommendation's first expert, unless it is offered or taken for it already."""
    before = store.assignment(recommendation.ticket_id)
    if before and (
        before.recommendation_id == recommendation.recommendation_id or before.state is AssignmentState.ACCEPTED
    ):
        return
    first = recommendation.candidates[0]
    revision = before.revision if before else 0
    after = Assignment(
        recommendation.ticket_id,
        first.cre_id,
        AssignmentState.OFFERED,
        recommendation.recommendation_id,
        recommendation.made_at,
        revision + 1,
    )
    row = label(
        LabelKind.OFFERED,
        first.cre_id,
        ticket_id=recommendation.ticket_id,
        by=SYSTEM,
        at=recommendation.made_at,
        recommendation=recommendation,
        revision=revision,
        moved_to=first.cre_id,
    )
    try:
        store.move(before, after, row)
    except TicketStateError:
        latest = store.assignment(recommendation.ticket_id)
        if latest is None or latest == before:
            raise  # nothing moved: another try is needed


def _result(ticket_id: str, state: Mapping[str, Any], files: TicketFiles) -> _EngineResult:
    stored = files.read(str(state["result_key"]), most_bytes=LARGEST_RESULT_BYTES)
    if stored is None:
        raise PipelineResultError(f"the engine left no result; {_how_it_ended(state)}")
    if len(stored.body) > LARGEST_RESULT_BYTES:
        raise PipelineResultError(f"the engine's result is larger than {LARGEST_RESULT_BYTES} bytes")
    try:
        data = msgspec.json.decode(stored.body)
        if isinstance(data, dict) and isinstance(data.get("error"), dict):
            message = without_secrets(str(data["error"].get("message", "")))[:_LONGEST_LINE]
            raise PipelineResultError(f"the engine refused the ticket: {message}")
        result = payload.parse(_EngineResult, data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PipelineResultError("the engine's result is no JSON") from None
    except InvalidInputError as error:
        places = ", ".join(f"{one.path} ({one.code})" for one in error.problems[:10])
        raise PipelineResultError(f"the engine's result has another shape: {places}") from None
    if result.version != 1:
        raise PipelineResultError(f"the engine's result is of version {result.version}; this desk reads version 1")
    if result.ticket_id != ticket_id:
        raise PipelineResultError("the engine's result is of another ticket")
    return result


def _how_it_ended(state: Mapping[str, Any]) -> str:
    """Return how the container ended, from Step Functions' own words."""
    error = state.get("pipeline_error")
    if not isinstance(error, Mapping):
        return "its container ended well"
    try:
        task = msgspec.json.decode(str(error.get("Cause", "")))
        code = task["Containers"][0].get("ExitCode")
        return f"its container ended with exit code {code} ({str(task.get('StoppedReason', ''))[:200]})"
    except (msgspec.DecodeError, KeyError, IndexError, TypeError, AttributeError):
        return f"the task ended with {str(error.get('Error', 'an unknown error'))[:100]}"


def _candidates(result: _EngineResult, smes: SmeDirectory) -> tuple[Candidate, ...]:
    """Return the engine's experts, the most probable first, with the directory's names and Slack ids."""
    known = {profile.cre_id: profile for profile in smes.all()}
    candidates = []
    for one in sorted(result.top_smes, key=lambda sme: -sme.confidence):
        profile = known.get(one.cre_id)
        candidates.append(
            Candidate(
                cre_id=one.cre_id,
                name=(profile.name if profile else one.name)[:_LONGEST_LINE],
                confidence=one.confidence,
                reasoning=_line(one.reasoning, _LONGEST_REASONING),
                slack_id=profile.slack_id if profile else (one.slack_id or ""),
                score=one.score,
                probability=one.probability,
                evidence=tuple(
                    Evidence(past.ticket_id, _line(past.subject), past.similarity, past.solved_at or "")
                    for past in one.evidence[:5]
                ),
            )
        )
    return tuple(candidates)


def _line(text: str, longest: int = _LONGEST_LINE) -> str:
    return " ".join(without_secrets(text[: longest * 2]).split())[:longest]


def _subject(key: str, files: TicketFiles) -> str:
    """Return the ticket's subject without secrets; empty when the ticket is gone or no ticket any more."""
    stored = files.read(key, most_bytes=LARGEST_TICKET_BYTES)
    try:
        return of_ticket(ticket_of(stored.body).subject, "").subject if stored else ""
    except InvalidInputError:
        return ""


def _note(recommendation: Recommendation, execution_arn: str, store: TicketStore) -> None:
    def noted(record: TicketRecord | None) -> TicketRecord | None:
        if record is None or record.execution_arn != execution_arn:
            return None  # a later execution has the ticket
        return replace(
            record,
            standing=Standing.RECOMMENDED,
            recommendation_id=recommendation.recommendation_id,
            channel="",
            message_ts="",
            updated_at=recommendation.made_at,
        )

    change(store, recommendation.ticket_id, noted)


def _as_seen(recommendation: Recommendation) -> dict[str, Any]:
    """Return the recommendation as the workflow's users know it; ``confidence`` is the mean of those named."""
    shown = recommendation.shown
    evidence = sum(len(one.evidence) for one in shown)
    reasoning = f"Based on {evidence} similar solved tickets" if shown else "Nobody is eligible now"
    return {
        "top_smes": [
            {
                "cre_id": one.cre_id,
                "name": one.name,
                "confidence": one.confidence,
                "reasoning": one.reasoning,
                "slack_id": one.slack_id,
            }
            for one in shown
        ],
        "reasoning": reasoning,
        "confidence": round(sum(one.confidence for one in shown) / len(shown), 4) if shown else 0.0,
    }


def _to_come(moment: datetime | None, now: datetime) -> datetime | None:
    """Return the moment in UTC; None where it is over: nothing is waited for in the past, again and again."""
    if moment is None:
        return None
    utc = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return utc if utc > now else None
