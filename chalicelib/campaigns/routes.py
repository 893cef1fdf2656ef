"""The desk's doors inside the API: campaigns, their contacts, their lives and their reports.

No route is open. docs/api.md shows a request of each.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from chalice import Blueprint, Response

from chalicelib.campaigns import wiring
from chalicelib.campaigns.errors import CampaignNotFoundError
from chalicelib.core import clock, http
from chalicelib.core.access.doors import token_authorizer as bearer
from chalicelib.core.errors import InvalidInputError, NotFoundError, Problem

if TYPE_CHECKING:
    from chalicelib.campaigns.service.lifecycle.drafts import CampaignDraft

bp = Blueprint(__name__)

_CAMPAIGN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UPLOAD_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class CampaignsQuery(msgspec.Struct):
    """The query of ``GET /campaigns``."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    after: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class ContactsBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of ``POST /campaigns/{id}/contacts``: a short list, or the wish to upload a file."""

    contacts: Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1, max_length=1_000)] | None = None
    """Objects with a ``phone``, an optional ``region`` and anything else that is known of the person."""
    upload: Literal["csv", "jsonl"] | None = None


@bp.route("/campaigns", methods=["POST"], authorizer=bearer)
@http.answering(
    scope="run",
    takes="chalicelib.campaigns.service.lifecycle.drafts:CampaignDraft",
    answers=(201, 200),
    headers=("Idempotency-Key",),
)
def create_campaign(body: CampaignDraft) -> Response:
    """Make a campaign; ``Idempotency-Key`` sent again makes no second one."""
    from chalicelib.campaigns.service.lifecycle.creating import create
    from chalicelib.campaigns.service.lifecycle.views import configuration

    campaign, new = create(body, http.idempotency_key(), wiring.lifecycle())
    return Response(
        configuration(campaign), status_code=201 if new else 200, headers={"Location": f"/campaigns/{campaign.id}"}
    )


@bp.route("/campaigns", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", query=CampaignsQuery)
def list_campaigns(query: CampaignsQuery) -> dict[str, Any]:
    """List the campaigns, a page at a time."""
    from chalicelib.campaigns.service.lifecycle.views import campaign_page

    return campaign_page(query.limit, query.after, wiring.campaigns())


@bp.route("/campaigns/{campaign_id}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_campaign(campaign_id: str) -> dict[str, Any]:
    """Show a campaign and how far it is."""
    from chalicelib.campaigns.service.lifecycle.views import campaign_now

    return campaign_now(_campaign(campaign_id), wiring.campaigns(), clock.current())


@bp.route("/campaigns/{campaign_id}/contacts", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", takes=ContactsBody, answers=(201, 202), refuses=(404, 409))
def add_contacts(campaign_id: str, body: ContactsBody) -> Response:
    """Take in a short list, or say where to PUT a file."""
    from chalicelib.campaigns.service import importing

    upload_id = uuid.uuid4().hex
    place: dict[str, str | list[str]] = {"Location": f"/campaigns/{_campaign(campaign_id)}/uploads/{upload_id}"}
    if (body.contacts is None) == (body.upload is None):
        raise InvalidInputError([Problem("", "one_of", "needs either contacts or upload")])
    if body.contacts is not None:
        report = importing.import_list(campaign_id, upload_id, body.contacts, wiring.imports())
        return Response(report, status_code=201, headers=place)
    target = importing.new_upload(
        campaign_id, upload_id, body.upload or "csv", wiring.campaigns(), wiring.uploads()
    )
    return Response(target, status_code=202, headers=place)


@bp.route("/campaigns/{campaign_id}/uploads/{upload_id}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_upload(campaign_id: str, upload_id: str) -> dict[str, Any]:
    """Show what became of an upload, row by row."""
    from chalicelib.campaigns.service import importing

    if not _UPLOAD_ID.fullmatch(upload_id):
        raise NotFoundError(f"{upload_id[:64]!r} is no id of an upload")
    return importing.upload_report(_campaign(campaign_id), upload_id, wiring.uploads())


@bp.route("/campaigns/{campaign_id}/start", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", answers=(202,), refuses=(404, 409))
def start_campaign(campaign_id: str) -> Response:
    """Start a campaign now."""
    from chalicelib.campaigns.service.lifecycle import changes

    return Response(changes.start(_campaign(campaign_id), wiring.lifecycle()), status_code=202)


@bp.route("/campaigns/{campaign_id}/pause", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", answers=(202,), refuses=(404, 409))
def pause_campaign(campaign_id: str) -> Response:
    """Place no further call."""
    from chalicelib.campaigns.service.lifecycle import changes

    return Response(changes.pause(_campaign(campaign_id), wiring.lifecycle()), status_code=202)


@bp.route("/campaigns/{campaign_id}/resume", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", answers=(202,), refuses=(404, 409))
def resume_campaign(campaign_id: str) -> Response:
    """Let a paused campaign go on."""
    from chalicelib.campaigns.service.lifecycle import changes

    return Response(changes.resume(_campaign(campaign_id), wiring.lifecycle()), status_code=202)


@bp.route("/campaigns/{campaign_id}/cancel", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", answers=(202,), refuses=(404, 409))
def cancel_campaign(campaign_id: str) -> Response:
    """End a campaign for good."""
    from chalicelib.campaigns.service.lifecycle import changes

    return Response(changes.cancel(_campaign(campaign_id), wiring.lifecycle()), status_code=202)


@bp.route("/campaigns/{campaign_id}/preflight", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", refuses=(404,))
def preflight_campaign(campaign_id: str) -> dict[str, Any]:
    """Say what the next wave would do, without sending it."""
    from chalicelib.campaigns.service.preflight import preflight

    return preflight(_campaign(campaign_id), wiring.dispatch(), wiring.validation(), clock.current())


@bp.route("/campaigns/{campaign_id}/report", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_report(campaign_id: str) -> dict[str, Any]:
    """Show the last report and where its PDF is."""
    from chalicelib.campaigns.service import reporting

    return reporting.latest(_campaign(campaign_id), wiring.report())


def _campaign(campaign_id: str) -> str:
    """Return the id, or refuse what cannot be one without asking the store."""
    if not _CAMPAIGN_ID.fullmatch(campaign_id):
        raise CampaignNotFoundError(f"{campaign_id[:64]!r} is no id of a campaign")
    return campaign_id
