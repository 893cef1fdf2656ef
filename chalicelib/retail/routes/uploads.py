"""The desk's doors inside the API: where stores send their files, and what became of them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from chalice import Blueprint, Response

from chalicelib.core import clock, http
from chalicelib.core.access.doors import token_authorizer as bearer
from chalicelib.retail.errors.uploads import UploadNotFoundError
from chalicelib.retail.wiring import uploads as wiring

bp = Blueprint(__name__)

MOST_BYTES = 5_000_000_000
"""What S3 takes in one PUT, nearly."""
_UPLOAD_ID = re.compile(r"[0-9a-f]{12}")


class UploadBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of ``POST /uploads``."""

    size_bytes: Annotated[int, msgspec.Meta(ge=1, le=MOST_BYTES)]
    """Of the file as it will be sent, exactly."""
    format: Literal["json", "jsonl"] = "jsonl"
    gzip: bool = False
    name: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{1,64}$")] = "sales"
    """Becomes part of the key, for people."""
    replaces: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{12}$")] | None = None
    """Id of the upload this file corrects: its facts take the place of that one's."""


@bp.route("/uploads", methods=["POST"], authorizer=bearer)
@http.answering(scope="run", takes=UploadBody, answers=(202,), refuses=(404,))
def create_upload(body: UploadBody) -> Response:
    """Say where to PUT a file of sales."""
    from chalicelib.retail.service import uploads

    wanted = uploads.Wanted(body.name, body.format, body.gzip, body.size_bytes, body.replaces)
    target = uploads.new_upload(wanted, wiring.upload_desk(), clock.current())
    return Response(target, status_code=202, headers={"Location": f"/uploads/{target['uploadId']}"})


@bp.route("/uploads/{upload_id}", methods=["GET"], authorizer=bearer)
@http.answering(scope="read", refuses=(404,))
def get_retail_upload(upload_id: str) -> dict[str, Any]:
    """Show what became of an upload."""
    from chalicelib.retail.service import uploads

    if not _UPLOAD_ID.fullmatch(upload_id):
        raise UploadNotFoundError(f"{upload_id[:64]!r} is no id of an upload")
    return uploads.show(upload_id, wiring.upload_desk())
