"""The console's files, open to anybody: they hold no data, and what they ask of the API needs a token.

API Gateway's paths are not greedy here, so each depth has its route. The gateway compresses (the setting
``minimum_compression_size`` in .chalice/config.json), and browsers ask again by ETag, so that a new deployment
is seen at once.
"""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.core import http

bp = Blueprint(__name__)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    # Reports as they were mailed, by their signed links, in a frame without any right.
    "frame-src https://*.amazonaws.com http://127.0.0.1:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    # No text may become markup or code: the browser itself refuses innerHTML and its like.
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@bp.route("/console", methods=["GET"])
@http.answering(scope=None, answers=(200, 304), media="text/html", headers=("If-None-Match",))
def console() -> Response:
    """Show the console."""
    return _sent("index.html")


@bp.route("/console/{file}", methods=["GET"])
@http.answering(
    scope=None, answers=(200, 304), refuses=(404,), media="text/javascript", headers=("If-None-Match",)
)
def console_part(file: str) -> Response:
    """Give a file of the console."""
    return _sent(file)


@bp.route("/console/{folder}/{file}", methods=["GET"])
@http.answering(
    scope=None, answers=(200, 304), refuses=(404,), media="text/javascript", headers=("If-None-Match",)
)
def console_part_of_folder(folder: str, file: str) -> Response:
    """Give a file of a folder of the console."""
    return _sent(folder, file)


def _sent(*parts: str) -> Response:
    from chalicelib.workflows.adapters.console_files import console_file

    found = console_file(*parts)
    headers: dict[str, str | list[str]] = {
        "ETag": found.etag,
        "Cache-Control": "no-cache",
        "Content-Type": found.media,
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    given = http.current_request().headers.get("if-none-match", "")
    if found.etag in [one.strip().removeprefix("W/") for one in given.split(",")]:
        return Response("", status_code=304, headers=headers)
    return Response(found.text, headers=headers)
