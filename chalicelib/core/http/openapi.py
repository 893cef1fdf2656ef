"""The API's description (OpenAPI 3.1), made from the promises of its routes and the types that validate.

https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

import http
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from chalice import Chalice
from chalice.app import RouteEntry

from chalicelib.core import payload
from chalicelib.core.http.contract import Contract, kind_of
from chalicelib.core.http.problems import PROBLEM_TYPE

_REF = "#/components/schemas/{name}"
_PATH_PARAMETER = re.compile(r"{(\w+)}")
_WITH_TOKEN = (401, 403, 429, 503)
_READ = (422,)
_WITH_BODY = (400, 413, 415)
_RAW = (415, 503)
_MEANINGS = {
    400: "The request cannot be read.",
    401: "There is no token, or it is unknown or has ended.",
    403: "The token lacks the scope.",
    404: "There is no such thing.",
    409: "It is in a state that does not allow this.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "The request can be read and is wrong; every problem is named.",
    429: "Too many requests; Retry-After says when to come again.",
    503: "A service behind this one is busy; Retry-After says when to come again.",
}


class ErrorPlace(msgspec.Struct):
    """One thing that is wrong with a request."""

    path: str
    code: str
    message: str


class ProblemDetails(msgspec.Struct):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    requestId: str  # noqa: N815 - its name on the wire
    errors: list[ErrorPlace] = []


def describe(app: Chalice, title: str, version: str) -> dict[str, Any]:
    """Return the description of every route that has a promise."""
    found = list(_promises(app))
    kinds = {kind_of(kind) for _, _, _, c in found for kind in (c.takes, c.gives) if kind is not None}
    _, components = msgspec.json.schema_components([*kinds, ProblemDetails], ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for path, method, entry, contract in found:
        paths.setdefault(path, {})[method.lower()] = _operation(path, method, entry, contract)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _promises(app: Chalice) -> Iterator[tuple[str, str, RouteEntry, Contract]]:
    for path, methods in app.routes.items():
        for method, entry in methods.items():
            contract = getattr(entry.view_function, "contract", None)
            if isinstance(contract, Contract):
                yield path, method, entry, contract


def _operation(path: str, method: str, entry: RouteEntry, contract: Contract) -> dict[str, Any]:
    says = (entry.view_function.__doc__ or "").strip()
    summary, _, description = says.partition("\n")
    operation: dict[str, Any] = {
        "operationId": entry.view_function.__name__,
        "summary": summary.strip(),
        "tags": [path.split("/")[1] or "root"],
        "parameters": [*_path_parameters(path), *_query_parameters(contract), *_headers(contract)],
        "responses": dict(_responses(method, contract)),
    }
    if description.strip():
        operation["description"] = " ".join(description.split())
    if contract.takes is not None:
        schema = {"$ref": _REF.format(name=kind_of(contract.takes).__name__)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if contract.reads_raw and contract.form:
        fields = {name: {"type": "string"} for name in contract.form}
        form = {"schema": {"type": "object", "properties": fields}}
        operation["requestBody"] = {"content": {"application/x-www-form-urlencoded": form}}
    if contract.scope is not None:
        operation["security"] = [{"bearer": []}]
        operation["x-scope"] = contract.scope
    return operation


def _path_parameters(path: str) -> Iterator[dict[str, Any]]:
    for name in _PATH_PARAMETER.findall(path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _query_parameters(contract: Contract) -> Iterator[dict[str, Any]]:
    if contract.query is None:
        return
    own = payload.json_schema(kind_of(contract.query))
    for name, shape in own["properties"].items():
        yield {"name": name, "in": "query", "required": name in own.get("required", ()), "schema": shape}


def _headers(contract: Contract) -> Iterator[dict[str, Any]]:
    for name in contract.headers:
        yield {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}


def _responses(method: str, contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    given: dict[str, Any] = {"type": "object"} if contract.media == "application/json" else {"type": "string"}
    if contract.gives is not None:
        given = {"$ref": _REF.format(name=kind_of(contract.gives).__name__)}
    for status in contract.answers:
        yield (
            str(status),
            {"description": http.HTTPStatus(status).phrase, "content": {contract.media: {"schema": given}}},
        )
    refused = {*contract.refuses}
    refused |= {*_WITH_TOKEN} if contract.scope is not None else set()
    refused |= {*_RAW} if contract.reads_raw else {*_READ}
    refused |= {*_WITH_BODY} if method != "GET" and not contract.reads_raw else set()
    problem = {PROBLEM_TYPE: {"schema": {"$ref": _REF.format(name=ProblemDetails.__name__)}}}
    for status in sorted(refused):
        yield str(status), {"description": _MEANINGS[status], "content": problem}
