"""One Pinecone index, as its data plane answers; vectors in memory, nearest by cosine.

POST /vectors/upsert        {"vectors": [{"id", "values", "metadata"}], "namespace"} -> {"upsertedCount"}
POST /query                 {"topK", "vector", "namespace", "filter": {name: {"$eq": value}}} -> {"matches"}
GET  /vectors/fetch?ids=    -> {"vectors": {id: {"id", "values", "metadata"}}}
POST /describe_index_stats  -> {"dimension", "totalVectorCount", "namespaces"}

https://docs.pinecone.io/reference/api/2025-10/data-plane/upsert. A vector of another dimension and one of zeros
are refused with 400, a wrong key with 401, as Pinecone does.
"""

from __future__ import annotations

import json
import math
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

from localcloud.web_server import QuietHandler, Serving, serve

API_KEY = "pcsk_local"
Answer = tuple[int, dict[str, Any]]


class PineconeService:
    """The index."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.failing = 0
        """As many next requests are answered 503."""
        self.queries = 0
        """How often the nearest were asked for."""
        self._spaces: dict[str, dict[str, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def upsert(self, body: dict[str, Any]) -> Answer:
        """Answer ``/vectors/upsert``."""
        for vector in body["vectors"]:
            if len(vector["values"]) != self.dimension:
                found = len(vector["values"])
                return _refused(
                    f"Vector dimension {found} does not match the dimension of the index {self.dimension}"
                )
            if not any(vector["values"]):
                return _refused("Dense vectors must contain at least one non-zero value.")
        with self._lock:
            space = self._spaces.setdefault(body.get("namespace", ""), {})
            space.update({vector["id"]: vector for vector in body["vectors"]})
        return 200, {"upsertedCount": len(body["vectors"])}

    def query(self, body: dict[str, Any]) -> Answer:
        """Answer ``/query``."""
        asked = body["vector"]
        if len(asked) != self.dimension:
            return _refused(
                f"Vector dimension {len(asked)} does not match the dimension of the index {self.dimension}"
            )
        self.queries += 1
        wanted = {name: rule["$eq"] for name, rule in body.get("filter", {}).items()}
        with self._lock:
            vectors = list(self._spaces.get(body.get("namespace", ""), {}).values())
        fitting = [v for v in vectors if all(v.get("metadata", {}).get(n) == value for n, value in wanted.items())]
        matches = [{"id": v["id"], "score": _cosine(asked, v["values"])} for v in fitting]
        matches.sort(key=lambda match: -match["score"])
        return 200, {"matches": matches[: body["topK"]], "namespace": body.get("namespace", "")}

    def fetch(self, ids: list[str], namespace: str) -> Answer:
        """Answer ``/vectors/fetch``."""
        with self._lock:
            space = self._spaces.get(namespace, {})
            return 200, {"vectors": {one: space[one] for one in ids if one in space}, "namespace": namespace}

    def ids(self) -> set[str]:
        """Return the ids of all vectors."""
        with self._lock:
            return {one for space in self._spaces.values() for one in space}

    def stats(self) -> Answer:
        """Answer ``/describe_index_stats``."""
        with self._lock:
            counts = {name: {"vectorCount": len(space)} for name, space in self._spaces.items()}
        total = sum(count["vectorCount"] for count in counts.values())
        return 200, {"dimension": self.dimension, "totalVectorCount": total, "namespaces": counts}


def serve_pinecone(service: PineconeService, port: int = 0) -> Serving:
    """Serve the index's API; its address is the ``host`` of the secret ``pinecone``."""

    class Handler(QuietHandler):
        def respond(self) -> None:
            body = self.read_body()
            self._send(*self._answer(json.loads(body) if body else {}))

        def _answer(self, body: dict[str, Any]) -> Answer:
            if self.headers.get("Api-Key") != API_KEY:
                return 401, {"error": {"code": "UNAUTHENTICATED", "message": "Invalid API Key"}, "status": 401}
            if service.failing > 0:
                service.failing -= 1
                return 503, {"error": {"code": "UNAVAILABLE", "message": "try again"}, "status": 503}
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            if path == "/vectors/fetch":
                return service.fetch(query.get("ids", []), query.get("namespace", [""])[0])
            if path == "/describe_index_stats":
                return service.stats()
            if path in ("/vectors/upsert", "/query"):
                return service.upsert(body) if path == "/vectors/upsert" else service.query(body)
            return 404, {"code": 5, "message": "Not Found"}

        def _send(self, status: int, body: object) -> None:
            self.answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})

    return serve(Handler, port, what="Pinecone's stand-in")


def _refused(message: str) -> Answer:
    return 400, {"code": 3, "message": message, "details": []}


def _cosine(one: list[float], other: list[float]) -> float:
    length = math.sqrt(sum(x * x for x in one) * sum(x * x for x in other))
    return sum(a * b for a, b in zip(one, other, strict=True)) / length if length else 0.0
