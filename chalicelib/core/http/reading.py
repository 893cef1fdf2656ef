"""What a request brings: its body, its query.

Types that validate are those of the API's description: see `chalicelib.core.http.contract`.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec
from chalice.app import Request

from chalicelib.core import payload
from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.core.http.problems import HttpError

LARGEST_BODY_BYTES = 1_000_000

T = TypeVar("T")
Query = TypeVar("Query", bound=msgspec.Struct)


def body_as(kind: type[T], request: Request) -> T:
    """Return the request's JSON body as a ``kind``.

    Raises:
        HttpError: 400 no JSON, 413 larger than `LARGEST_BODY_BYTES`.
        InvalidInputError: it does not fit ``kind``; every problem is named.
    """
    raw = request.raw_body
    if len(raw) > LARGEST_BODY_BYTES:
        raise HttpError(413, f"the body has {len(raw)} bytes; at most {LARGEST_BODY_BYTES} are taken")
    if not raw.strip():
        raise HttpError(400, "the request has no body; it needs a JSON object")
    try:
        data = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HttpError(400, f"the body is no JSON: {error}") from None
    return payload.parse(kind, data)


def no_body(request: Request) -> None:
    """Refuse a body (other than ``{}``) where none is read, so that nobody believes it was.

    Raises:
        HttpError: 400 or 413, see `body_as`.
        InvalidInputError: it has fields.
    """
    if request.raw_body.strip():
        body_as(_Nothing, request)


class _Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """An empty object."""


def no_query(request: Request) -> None:
    """Refuse query parameters where none is read.

    Raises:
        InvalidInputError: naming each.
    """
    query_as(_Nothing, request)


def query_as(kind: type[Query], request: Request) -> Query:
    """Return the query's parameters as a ``kind``, a Struct of texts, numbers and choices.

    Raises:
        InvalidInputError: a parameter is unknown, given twice or does not fit; every problem is named.
    """
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    problems: list[Problem] = []
    read: dict[str, object] = {}
    for name in request.query_params or ():
        texts = request.query_params.getlist(name) if request.query_params else []
        if name not in fields:
            takes = f"it takes {', '.join(fields)}" if fields else "it takes none"
            problems.append(Problem(f"?{name}", "unknown_parameter", takes))
        elif len(texts) > 1:
            problems.append(Problem(f"?{name}", "given_twice", "is given more than once"))
        else:
            try:
                read[name] = msgspec.convert(texts[0], fields[name], strict=False)
            except msgspec.ValidationError as error:
                problems.append(Problem(f"?{name}", "invalid_parameter", f"is {texts[0][:40]!r}: {error}"))
    if problems:
        raise InvalidInputError(problems)
    return payload.parse(kind, msgspec.to_builtins(read))
