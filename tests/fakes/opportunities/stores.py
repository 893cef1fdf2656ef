"""The desk's stores and runs, in memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from chalicelib.opportunities.errors import AnalysisNotFoundError
from chalicelib.opportunities.ports.analyses import AnalysisRuns, AnalysisStore, RowStore, Run
from chalicelib.opportunities.ports.querying import Answer


class FakeAnalysisStore(AnalysisStore):
    """A dictionary by (opportunity, kind)."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], tuple[str, str]] = {}

    def put(self, opportunity_id: str, kind: str, analysis_id: str, body: dict[str, Any]) -> None:
        self.items[opportunity_id, kind] = analysis_id, json.dumps(body)

    def get(self, opportunity_id: str, kind: str) -> dict[str, Any] | None:
        found = self.items.get((opportunity_id, kind))
        return None if found is None else json.loads(found[1])

    def clear(self, opportunity_id: str, kind: str, *, but: str) -> bool:
        found = self.items.get((opportunity_id, kind))
        if found is None or found[0] == but:
            return False
        del self.items[opportunity_id, kind]
        return True


class FakeRowStore(RowStore):
    """A dictionary by key."""

    def __init__(self) -> None:
        self.files: dict[str, list[dict[str, Any]]] = {}

    def put(self, opportunity_id: str, kind: str, analysis_id: str, answer: Answer) -> str:
        key = f"rows/{opportunity_id}/{kind}/{analysis_id}"
        self.files[key] = list(answer.rows)
        return key

    def get(self, key: str) -> list[dict[str, Any]]:
        if key not in self.files:
            raise AnalysisNotFoundError(key)
        return self.files[key]

    def clear(self, opportunity_id: str, kind: str, *, but: str) -> int:
        folder = f"rows/{opportunity_id}/{kind}/"
        keys = [key for key in self.files if key.startswith(folder) and key != folder + but]
        for key in keys:
            del self.files[key]
        return len(keys)


class FakeAnalysisRuns(AnalysisRuns):
    """Runs that stay as a test leaves them."""

    def __init__(self) -> None:
        self.runs: dict[tuple[str, str], Run] = {}

    def start(self, kind: str, name: str, run_input: dict[str, Any]) -> tuple[Run, bool]:
        if (kind, name) in self.runs:
            return self.runs[kind, name], False
        started = datetime(2026, 3, 2, 10, tzinfo=UTC)
        run = Run(
            name,
            f"arn:aws:states:us-east-1:123456789012:execution:{kind}:{name}",
            "RUNNING",
            started,
            None,
            run_input,
        )
        self.runs[kind, name] = run
        return run, True

    def get(self, kind: str, name: str) -> Run:
        if (kind, name) not in self.runs:
            raise AnalysisNotFoundError(name)
        return self.runs[kind, name]
