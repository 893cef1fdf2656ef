"""`python -m rag_engine match`: recommends experts for the ticket that the environment names.

    TICKET_ID, TICKET_BUCKET, TICKET_KEY      the ticket
    RESULT_BUCKET, RESULT_KEY, EXECUTION_ARN  where the answer goes, and whose it is
    MATCHED_AT                                when it is asked (ISO 8601): who is free then; now, if missing
    INDEX_BUCKET, EMBEDDING_MODEL, VECTOR_INDEX, SMES_TABLE

Writes, as JSON: version, ticketId, topSmes[{creId, name, slackId, confidence, score, probability, reasoning,
evidence[{ticketId, subject, similarity, solvedAt}]}], removed[{creId, rule}], heldUntil, model{id, calibratedAt,
calibrationError, prior}, tookMilliseconds. A refusal is an answer too, {"error": {"name", "message"}} without text
of the ticket: another try would not change it, and Step Functions, which cannot tell exit codes apart, makes none.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ai import EmbeddingModel
from chalicelib.core.aws import client
from chalicelib.core.config import setting
from chalicelib.core.errors import ConfigurationError, ConflictError, InvalidInputError, NotFoundError, Problem
from chalicelib.tickets import wiring
from chalicelib.tickets.domain.matching.model import MatchingModel
from chalicelib.tickets.domain.recommendation import Candidate
from chalicelib.tickets.domain.text import TicketText, of_ticket, term_counts
from chalicelib.tickets.domain.ticket import Ticket
from chalicelib.tickets.service.reading import LARGEST_TICKET_BYTES, ticket_of
from rag_engine.corpus import Query, query_of
from rag_engine.index_store import COMPACT_FROM, IndexStore
from rag_engine.outside import nearness_of, opened
from rag_engine.phrasing import reasoning
from rag_engine.recommend import Matcher, Recommended

REFUSED = (InvalidInputError, NotFoundError, ConflictError, ConfigurationError)
"""What another try would not change."""


def match() -> None:
    """Match one ticket, write the answer, and make the index's file anew where much waits to be put into it.

    Raises:
        ConfigurationError: it is not known where the answer goes.
        TransientError: worth another try.
    """
    began = time.monotonic()
    waiting = 0
    try:
        answer, waiting = _answer()
    except REFUSED as error:
        answer = {"version": 1, "ticketId": setting("TICKET_ID"), "error": _said(error)}
        print(f"refused: {type(error).__name__}: {error}", file=sys.stderr)
    answer["tookMilliseconds"] = round((time.monotonic() - began) * 1000)
    _write(answer)
    if waiting >= COMPACT_FROM:
        _compact()


def _compact() -> None:
    """Make the file anew; where that fails the next match tries it, for this one has answered."""
    embedder = wiring.embeddings()
    try:
        with tempfile.TemporaryDirectory(prefix="rag-index-") as scratch:
            _store(embedder, scratch).compact()
    except Exception as error:
        print(f"the index's file was not made anew: {type(error).__name__}", file=sys.stderr)


def _store(embedder: EmbeddingModel, scratch: str) -> IndexStore:
    return IndexStore(setting("INDEX_BUCKET"), embedder.model_id, embedder.dimension, Path(scratch))


def _asked_at() -> datetime:
    """Return when the state machine asked; every try of it means the same moment."""
    given = os.environ.get("MATCHED_AT", "")
    try:
        return datetime.fromisoformat(given) if given else clock.current().now()
    except ValueError:
        raise ConfigurationError(f"environment variable MATCHED_AT is {given!r}, no time in ISO 8601") from None


def _answer() -> tuple[dict[str, Any], int]:
    """Return the answer, and how many solved tickets wait to be put into the index's file."""
    ticket = _ticket()
    text = of_ticket(ticket.subject, ticket.description, product=ticket.product, tags=ticket.tags)
    embedder, profiles = wiring.embeddings(), wiring.smes().all()
    with tempfile.TemporaryDirectory(prefix="rag-index-") as scratch, opened() as outside:
        store = _store(embedder, scratch)
        loaded = store.load(without=ticket.ticket_id)
        model = _model(store, embedder)
        query = _query(ticket, text, embedder, store)
        nearness = nearness_of(outside, loaded) if outside is not None else None
        matcher = Matcher(loaded.index, model, nearness)
        recommended = matcher.recommend(query, profiles, _asked_at(), ticket.product)
    texts = wiring.texts()
    candidates = tuple(replace(one, reasoning=reasoning(one, texts)) for one in recommended.candidates)
    return _as_json(ticket.ticket_id, replace(recommended, candidates=candidates), model), len(loaded.pending)


def _ticket() -> Ticket:
    s3 = client("s3")
    try:
        found = s3.get_object(Bucket=setting("TICKET_BUCKET"), Key=setting("TICKET_KEY"))
    except s3.exceptions.NoSuchKey:
        raise NotFoundError("the ticket's object is no longer in the bucket") from None
    ticket = ticket_of(found["Body"].read(LARGEST_TICKET_BYTES + 1))
    if ticket.ticket_id != setting("TICKET_ID"):
        message = f"is ticket {ticket.ticket_id}, and ticket {setting('TICKET_ID')[:64]} was asked for"
        raise InvalidInputError([Problem("id", "another_ticket", message)])
    return ticket


def _model(store: IndexStore, embedder: EmbeddingModel) -> MatchingModel:
    try:
        model = store.model()
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"the matching model in use cannot be read: {error}") from None
    if model.embedding != embedder.model_id:
        raise ConfigurationError(
            f"matching model {model.model_id} was learnt with vectors of {model.embedding}, and these are of "
            f"{embedder.model_id}; evaluate anew"
        )
    return model


def _query(ticket: Ticket, text: TicketText, embedder: EmbeddingModel, store: IndexStore) -> Query:
    terms = term_counts(text.whole)
    known = store.row(ticket.ticket_id)
    if known is not None and known.model_id == embedder.model_id and dict(known.terms) == terms:
        vector = known.vector
    else:
        (vector,) = embedder.embed([text.whole])
    fields = dict(ticket.fields) | ({"product": ticket.product} if ticket.product else {})
    return query_of(terms, vector, fields)


def _as_json(ticket_id: str, recommended: Recommended, model: MatchingModel) -> dict[str, Any]:
    held = recommended.held_until
    return {
        "version": 1,
        "ticketId": ticket_id,
        "topSmes": [_sme(one) for one in recommended.candidates],
        "removed": [{"creId": one.cre_id, "rule": one.rule} for one in recommended.removed],
        "heldUntil": held.isoformat() if held else None,
        "model": {
            "id": model.model_id,
            "calibratedAt": model.calibrated_at.isoformat(),
            "calibrationError": model.calibration_error,
            "prior": model.is_prior,
        },
    }


def _sme(one: Candidate) -> dict[str, Any]:
    return {
        "creId": one.cre_id,
        "name": one.name,
        "slackId": one.slack_id,
        "confidence": one.confidence,
        "score": one.score,
        "probability": one.probability,
        "reasoning": one.reasoning,
        "evidence": [
            {
                "ticketId": past.ticket_id,
                "subject": past.subject,
                "similarity": past.similarity,
                "solvedAt": past.solved_at,
            }
            for past in one.evidence
        ],
    }


def _said(error: Exception) -> dict[str, str]:
    return {"name": type(error).__name__, "message": str(error)}


def _write(answer: dict[str, Any]) -> None:
    body = json.dumps(answer | {"executionArn": os.environ.get("EXECUTION_ARN", "")}, ensure_ascii=False).encode()
    client("s3").put_object(
        Bucket=setting("RESULT_BUCKET"), Key=setting("RESULT_KEY"), Body=body, ContentType="application/json"
    )
