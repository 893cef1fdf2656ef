"""The desk's doors inside the API: tickets, their matches, the experts.

``POST /tickets`` is Zendesk's webhook and checks its signature; the others ask for a token.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.core import clock, http
from chalicelib.core.access.doors import token_authorizer as bearer
from chalicelib.tickets import wiring
from chalicelib.tickets.errors import TicketNotFoundError

if TYPE_CHECKING:
    from chalicelib.tickets.service.views import SmeDraft

bp = Blueprint(__name__)

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class ShareQuery(msgspec.Struct):
    """The query of ``GET /smes/share``."""

    week: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-W\d{2}$")] | None = None
    """ISO week; this one unless given."""


@bp.route("/tickets", methods=["POST"], content_types=["application/json"])
@http.answering(scope=None, reads_raw=True, answers=(202, 200), refuses=(401, 413, 422))
def receive_ticket() -> Response:
    """Take a ticket from Zendesk's webhook; sent again unchanged, it is taken once."""
    from chalicelib.core.secrets import secret
    from chalicelib.tickets.domain.signature import refusal
    from chalicelib.tickets.service import intake

    request = http.current_request()
    raw = request.raw_body  # base64 of the gateway is undone
    body = raw if isinstance(raw, bytes) else raw.encode()
    if len(body) > http.LARGEST_BODY_BYTES:
        raise http.HttpError(413, f"the body has {len(body)} bytes; at most {http.LARGEST_BODY_BYTES} are taken")
    stamp = request.headers.get("x-zendesk-webhook-signature-timestamp", "")
    signature = request.headers.get("x-zendesk-webhook-signature", "")
    why = refusal(secret("zendesk", "signing_secret"), stamp, signature, body, clock.current().now())
    if why:
        raise http.HttpError(401, why)
    ticket_id, key, new = intake.receive(body, wiring.way_in(), clock.current())
    return Response({"ticketId": ticket_id, "key": key}, status_code=202 if new else 200)


@bp.route("/tickets/{ticket_id}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_ticket(ticket_id: str) -> dict[str, Any]:
    """Show what is recommended for a ticket, who holds it and what people said."""
    from chalicelib.tickets.service import views

    return views.ticket(_ticket(ticket_id), wiring.store())


@bp.route("/tickets/{ticket_id}/match", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", answers=(202,), refuses=(400, 404, 409), headers=("Idempotency-Key",))
def match_ticket(ticket_id: str) -> Response:
    """Match a ticket again; ``Idempotency-Key`` sent again is the same execution."""
    from chalicelib.tickets.service import intake

    wish = http.current_request().headers.get("idempotency-key") or uuid.uuid4().hex
    if not _IDEMPOTENCY_KEY.fullmatch(wish):
        raise http.HttpError(400, "Idempotency-Key must be 1 to 200 printable ASCII characters without spaces")
    started = intake.match_again(_ticket(ticket_id), wish, wiring.way_in(), clock.current())
    answer = {"ticketId": started["ticket_id"], "executionArn": started["execution_arn"]}
    return Response(answer, status_code=202)


@bp.route("/tickets/{ticket_id}/post", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", refuses=(404,))
def post_ticket(ticket_id: str) -> dict[str, Any]:
    """Post the stored recommendation to Slack, without matching again."""
    from chalicelib.tickets.service import telling

    posted = telling.post_again(_ticket(ticket_id), wiring.tell(), clock.current())
    return {"ticketId": posted["ticket_id"], "channel": posted["channel"], "messageTs": posted["message_ts"]}


@bp.route("/smes", methods=["GET"], authorizer=bearer)
@http.answering(scope="read")
def list_smes() -> dict[str, Any]:
    """List the experts and how many tickets each holds."""
    from chalicelib.tickets.service import views

    return {"smes": [views.expert(profile) for profile in wiring.smes().all()]}


@bp.route("/smes/{cre_id}", methods=["PUT"], authorizer=bearer)
@http.answering(scope="run", takes="chalicelib.tickets.service.views:SmeDraft")
def put_sme(cre_id: str, body: SmeDraft) -> dict[str, Any]:
    """Store what an expert's profile says; the tickets held stay what they are."""
    from chalicelib.tickets.service import views

    return views.put_expert(cre_id, body, wiring.smes())


@bp.route("/smes/share", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", query=ShareQuery)
def get_share(query: ShareQuery) -> dict[str, Any]:
    """Show who took how many of a week's tickets."""
    from chalicelib.core.payload import to_json_types
    from chalicelib.tickets.domain.assignment import week_of
    from chalicelib.tickets.service import telling

    week = query.week or week_of(clock.current().now().date())
    shares = telling.shares(week, wiring.store(), wiring.smes())
    listed = [
        {"creId": one.cre_id, "name": name, "taken": one.taken, "refused": one.refused, "solved": one.solved}
        | {"share": to_json_types(one.share)}
        for name, one in shares
    ]
    return {"week": week, "shares": listed}


def _ticket(ticket_id: str) -> str:
    """Return the id, or refuse what cannot be one without asking the store."""
    from chalicelib.tickets.domain.ticket import is_ticket_id

    if not is_ticket_id(ticket_id):
        raise TicketNotFoundError(f"{ticket_id[:64]!r} is no id of a ticket")
    return ticket_id
