"""Runs, their data flow and what functions logged, in one SQLite file that outlives the process.

A writer thread copies what has changed twice a second, so that a run costs the engine nothing. Runs that
were still going when the process ended are marked ABORTED when the next one begins to write.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from localcloud.errors import StoreError
from localcloud.functions import Outcome
from localcloud.stepfunctions.dataflow import ABSENT, Visit
from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.history import Event
from localcloud.watcher import Watcher

_log = logging.getLogger(__name__)

_FLUSH_SECONDS = 0.5
_KEPT_RUNS = 500
_KEPT_INVOCATIONS = 50_000
"""What is older is forgotten when the file is opened: a demonstration leaves about 6 MB."""
_CUT_SHORT = "LocalCloud.Stopped"

_TABLES = """
CREATE TABLE IF NOT EXISTS executions (
    arn TEXT PRIMARY KEY, machine_arn TEXT, name TEXT, status TEXT, started_at REAL, stopped_at REAL,
    input TEXT, output TEXT, error TEXT, cause TEXT, redrive_count INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS executions_by_machine ON executions (machine_arn, started_at);
CREATE TABLE IF NOT EXISTS events (
    arn TEXT, id INTEGER, type TEXT, body TEXT, PRIMARY KEY (arn, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS visits (
    arn TEXT, number INTEGER, body TEXT, PRIMARY KEY (arn, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invocations (
    request_id TEXT PRIMARY KEY, function TEXT, caller TEXT, started_at REAL, seconds REAL, memory_mb INTEGER,
    failed INTEGER, log TEXT
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class StoredExecution:
    """One run as the file has it; times in epoch seconds, input and output as JSON text."""

    arn: str
    machine_arn: str
    name: str
    status: str
    started_at: float
    stopped_at: float | None
    input: str
    output: str | None
    error: str | None
    cause: str | None
    redrive_count: int


@dataclass(frozen=True, slots=True)
class StoredInvocation:
    """One run of a function."""

    request_id: str
    function: str
    caller: str
    started_at: float
    seconds: float
    memory_mb: int
    failed: bool
    log: list[str]


class RunStore(Watcher):
    """The file. Reads may come from any thread; what happened is readable after `flush` at the latest."""

    def __init__(self, path: Path) -> None:
        """Open it and leave everything as it is: another process may be writing.

        Raises:
            StoreError: the file is none of ours, or cannot be written.
        """
        try:
            self._database = _opened(path)
        except (sqlite3.DatabaseError, OSError) as error:
            raise StoreError(f"{path} cannot be opened ({error}); move it away, and a new one is made") from None
        self._lock = threading.RLock()
        self._changed: dict[str, Execution] = {}
        self._outcomes: list[Outcome] = []
        self._written: dict[str, tuple[int, int]] = {}
        """ARN -> (events, visits) already in the file."""
        self._pending = threading.Lock()
        self._closing = threading.Event()
        self._writer = threading.Thread(target=self._write_often, name="store", daemon=True)

    def begin(self) -> None:
        """Begin to write. Call it once no other process can be writing: what still runs is called ABORTED."""
        self._abort_what_was_running()
        self._forget_the_oldest()
        self._writer.start()

    def _abort_what_was_running(self) -> None:
        with self._lock, self._database:
            self._database.execute(
                "UPDATE executions SET status = 'ABORTED', error = ?, stopped_at = started_at "
                "WHERE status = 'RUNNING'",
                (_CUT_SHORT,),
            )

    def _forget_the_oldest(self) -> None:
        with self._lock, self._database:
            self._database.execute(
                "DELETE FROM executions WHERE arn NOT IN "
                "(SELECT arn FROM executions ORDER BY started_at DESC LIMIT ?)",
                (_KEPT_RUNS,),
            )
            for table in ("events", "visits"):
                self._database.execute(f"DELETE FROM {table} WHERE arn NOT IN (SELECT arn FROM executions)")
            self._database.execute(
                "DELETE FROM invocations WHERE request_id NOT IN "
                "(SELECT request_id FROM invocations ORDER BY started_at DESC LIMIT ?)",
                (_KEPT_INVOCATIONS,),
            )

    def close(self) -> None:
        """Write what is left and close the file."""
        self._closing.set()
        if self._writer.ident is not None:  # begun
            self._writer.join()
            self.flush()
        with self._lock:
            self._database.close()

    def execution_changed(self, execution: Execution) -> None:
        """See `Watcher.execution_changed`."""
        with self._pending:  # the writer takes what has changed meanwhile
            self._changed[execution.arn] = execution

    def event_added(self, execution: Execution, event: Event) -> None:
        """See `Watcher.event_added`."""
        del event  # read from the execution when it is written
        with self._pending:
            self._changed[execution.arn] = execution

    def function_ended(self, outcome: Outcome) -> None:
        """See `Watcher.function_ended`."""
        with self._pending:
            self._outcomes.append(outcome)

    def flush(self) -> None:
        """Write everything that has happened until now."""
        with self._pending:
            changed, self._changed = self._changed, {}
            outcomes, self._outcomes = self._outcomes, []
        with self._lock, self._database:
            for execution in changed.values():
                self._write_execution(execution)
            self._database.executemany(
                "INSERT OR REPLACE INTO invocations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [_invocation_row(outcome) for outcome in outcomes],
            )

    # -- reading

    def execution(self, arn: str) -> StoredExecution | None:
        """Return one run, None when there is none."""
        rows = self._rows("SELECT * FROM executions WHERE arn = ?", (arn,))
        return StoredExecution(*rows[0]) if rows else None

    def executions(self, machine_arn: str | None = None) -> list[StoredExecution]:
        """Return the runs, the newest first."""
        query = "SELECT * FROM executions WHERE ? IS NULL OR machine_arn = ? ORDER BY started_at DESC, arn"
        return [StoredExecution(*row) for row in self._rows(query, (machine_arn, machine_arn))]

    def history(self, arn: str) -> list[dict[str, Any]]:
        """Return a run's events as GetExecutionHistory has them; timestamps in epoch seconds."""
        return [
            json.loads(row[0]) for row in self._rows("SELECT body FROM events WHERE arn = ? ORDER BY id", (arn,))
        ]

    def visits(self, arn: str) -> list[dict[str, Any]]:
        """Return a run's data flow, a dict a state visited; stages a state does not have are left out."""
        query = "SELECT body FROM visits WHERE arn = ? ORDER BY number"
        return [json.loads(row[0]) for row in self._rows(query, (arn,))]

    def invocations(self, *, caller: str | None = None) -> Iterator[StoredInvocation]:
        """Yield runs of functions, oldest first; of one execution's tasks when ``caller`` is given."""
        query = "SELECT * FROM invocations WHERE ? IS NULL OR caller = ? ORDER BY started_at"
        for row in self._rows(query, (caller, caller)):
            request_id, function, of, started_at, seconds, memory_mb, failed, log = row
            yield StoredInvocation(
                request_id, function, of, started_at, seconds, memory_mb, bool(failed), json.loads(log)
            )

    def event_counts(self, arn: str) -> dict[str, int]:
        """Return how often each type of event is in a run's history."""
        return dict(self._rows("SELECT type, COUNT(*) FROM events WHERE arn = ? GROUP BY type", (arn,)))

    def _rows(self, query: str, arguments: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(query, arguments).fetchall()

    # -- writing

    def _write_often(self) -> None:
        while not self._closing.wait(_FLUSH_SECONDS):
            try:
                self.flush()
            except sqlite3.Error:  # a full disk costs these lines of history, not the runs
                _log.exception("runs could not be written")

    def _write_execution(self, execution: Execution) -> None:
        row = (
            execution.arn,
            execution.state_machine_arn,
            execution.name,
            execution.status,
            execution.started_at,
            execution.stopped_at,
            execution.input_text,
            execution.output_text,
            execution.error,
            execution.cause,
            execution.redrive_count,
        )
        self._database.execute(f"INSERT OR REPLACE INTO executions VALUES ({', '.join('?' * len(row))})", row)
        events_written, visits_written = self._written.get(execution.arn, (0, 0))
        events = execution.history.events[events_written:]
        self._database.executemany(
            "INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?)",
            [(execution.arn, event.id, event.type, _event_json(event)) for event in events],
        )
        # A visit changes until its state is left: those that may have changed are written again.
        visits = execution.dataflow[visits_written:]
        self._database.executemany(
            "INSERT OR REPLACE INTO visits VALUES (?, ?, ?)",
            [(execution.arn, visits_written + i, _visit_json(visit)) for i, visit in enumerate(visits)],
        )
        finished = 0
        for visit in visits:
            if visit.exited_at is None:
                break
            finished += 1
        self._written[execution.arn] = (events_written + len(events), visits_written + finished)


def _opened(path: Path) -> sqlite3.Connection:
    """Return the database at ``path``, made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=OFF")
        database.executescript(_TABLES)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _invocation_row(outcome: Outcome) -> tuple[Any, ...]:
    return (
        outcome.request_id,
        outcome.function.name,
        outcome.caller,
        outcome.started_at,
        outcome.seconds,
        outcome.function.memory_mb,
        int(outcome.failed),
        json.dumps(outcome.log_lines),
    )


def _event_json(event: Event) -> str:
    rendered = event.render()
    return json.dumps({**rendered, "timestamp": event.timestamp})


def _visit_json(visit: Visit) -> str:
    body = {field.name: getattr(visit, field.name) for field in fields(visit)}
    body["tries"] = [asdict(one) for one in visit.tries]
    return json.dumps({key: value for key, value in body.items() if value is not ABSENT})
