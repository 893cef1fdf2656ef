"""Into a run: its states as they went, what went through one of them, what its functions logged."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from chalicelib.workflows.domain.dataflow import ABSENT, Dataflow, Work, dataflow
from chalicelib.workflows.domain.explaining import explain
from chalicelib.workflows.domain.masking import masked
from chalicelib.workflows.domain.saved_test import saved_test
from chalicelib.workflows.domain.visit import FAILED, Event, Held, LostThreadError, Visit
from chalicelib.workflows.domain.visits import Folding, fold
from chalicelib.workflows.errors import ExecutionStateError, VisitNotFoundError
from chalicelib.workflows.ports import PENDING_REDRIVE, RUNNING, Functions, Log, Machines, Run
from chalicelib.workflows.service import places
from chalicelib.workflows.service.executions import instant, parts, short

_PAGE, _GLANCE = 1_000, 50
"""Events in an answer of Step Functions: where all are read, and where it is seen whether there are new ones."""
_LONGEST_WORK = timedelta(minutes=15)
"""No Lambda runs longer."""


def states(run_id: str, since: int, place: str | None, machines: Machines) -> dict[str, Any]:
    """Return a run and its visits that changed after event ``since``; 0 for all.

    While nothing happens, this is one small question to Step Functions. With the ``place`` of the answer that told
    until ``since``, only what has happened after it is read, however long the run is; without it, all.

    Raises:
        ExecutionNotFoundError: there is none.
        InvalidInputError: ``place`` is none.
    """
    held = places.read(place) if place else None
    where = parts(run_id)
    latest = machines.history(*where, _GLANCE, None, latest_first=True, with_data=False).items
    if (latest[0]["id"] if latest else 0) == since:
        return {"execution": None, "lastEvent": since, "visits": [], "place": place}
    folding = None
    if held is not None and held.event == since and latest:
        folding = _gone_on(held, latest, where, machines)
    if folding is None:
        folding = Folding()
        for event in history(*where, machines, with_data=False):
            folding.add(event)
    run = machines.run(*where)
    told_until = _told_until(folding, run)
    return {
        "execution": short(run) | _ending(run),
        "lastEvent": told_until,
        "visits": [_visit(visit) for visit in folding.visits.values() if visit.changed > since],
        "place": places.written(folding.held()) if told_until == folding.last else None,
    }


def state(run_id: str, event_id: int, machines: Machines) -> dict[str, Any]:
    """Return one visit with its data flow and its tries; it is known by the id of the event that entered it.

    Raises:
        ExecutionNotFoundError: there is no such run.
        VisitNotFoundError: that event entered no state.
    """
    visit, flow, events = _looked_into(run_id, event_id, machines)
    last = visit.tries[-1] if visit.tries else None
    told = _visit(visit) | {
        name: getattr(flow, name) for name in ("input", "arguments", "result", "output") if _is_there(flow, name)
    }
    told["tries"] = [_try(number, one) for number, one in enumerate(flow.tries, start=1)]
    cause = last.cause if last and last.error else None
    if visit.status == FAILED and cause is None:
        cause = events[max(events)].get("executionFailedEventDetails", {}).get("cause")
    told["cause"] = cause
    told["explanation"] = asdict(explain(visit.error, cause)) if visit.error else None
    return told


def logs(run_id: str, event_id: int, attempt: int, machines: Machines, functions: Functions) -> dict[str, Any]:
    """Return ``{"function", "requestId", "omitted", "lines": [{"at", "text"}]}`` of one try of a task.

    The first try is 1. ``function`` is None where no Lambda function did the work, ``requestId`` where it ended
    without a word; ``omitted`` counts the lines before those given.

    Raises:
        ExecutionNotFoundError: there is no such run.
        VisitNotFoundError: that event entered no state, or there was no such try.
    """
    visit, flow, _ = _looked_into(run_id, event_id, machines)
    if not 1 <= attempt <= len(flow.tries):
        raise VisitNotFoundError(f"{visit.state} was tried {len(flow.tries)} times")
    work = flow.tries[attempt - 1]
    log = Log([], 0)
    if work.function and work.request_id:
        until = work.ended_at or work.scheduled_at + _LONGEST_WORK
        log = functions.log(work.function, work.request_id, work.scheduled_at, until)
    return {
        "function": work.function,
        "requestId": work.request_id,
        "omitted": log.omitted,
        "lines": [{"at": instant(line.at), "text": line.text} for line in log.lines],
    }


def as_test(run_id: str, machines: Machines) -> dict[str, Any]:
    """Return ``{"files": [{"name", "content"}]}``: a run that has ended, as a test with its mock file.

    Raises:
        ExecutionNotFoundError: there is none.
        ExecutionStateError: it still runs.
    """
    run = machines.run(*parts(run_id))
    if run.stopped_at is None:
        raise ExecutionStateError(f"execution {run_id} is {run.status}; only one that has ended can be kept")
    events = history(run.workflow, run.name, machines, with_data=True)
    files = saved_test(
        run.workflow,
        run.name,
        started_at=run.started_at,
        run_input=run.input,
        status=run.status,
        error=run.error,
        visits=fold(events),
        events={event["id"]: event for event in events},
    )
    return {"files": [{"name": name, "content": content} for name, content in files]}


def history(workflow: str, name: str, machines: Machines, *, with_data: bool) -> list[Event]:
    """Return all events of a run, task tokens masked."""
    events: list[Event] = []
    after: str | None = None
    while True:
        page = machines.history(workflow, name, _PAGE, after, latest_first=False, with_data=with_data)
        events += [masked(event) for event in page.items] if with_data else page.items
        after = page.after
        if after is None:
            return events


def _looked_into(run_id: str, event_id: int, machines: Machines) -> tuple[Visit, Dataflow, dict[int, Event]]:
    place = parts(run_id)
    events = history(*place, machines, with_data=True)
    visit = next((one for one in fold(events) if one.id == event_id), None)
    if visit is None:
        raise VisitNotFoundError(f"event {event_id} of {run_id} entered no state")
    by_id = {event["id"]: event for event in events}
    return visit, dataflow(visit, by_id), by_id


def _gone_on(held: Held, latest: list[Event], where: tuple[str, str], machines: Machines) -> Folding | None:
    """Return what is held with all that has happened since, None where that cannot be told from it.

    ``latest`` are the last events, the newest first; where more have happened, they are read from the newest back.
    """
    known = replace(held, visits=[replace(visit, changed=0) for visit in held.visits])
    if latest[-1]["id"] > held.event + 1:
        page = machines.history(*where, _PAGE, None, latest_first=True, with_data=False)
        latest = page.items
        while page.after is not None and latest[-1]["id"] > held.event + 1:
            page = machines.history(*where, _PAGE, page.after, latest_first=True, with_data=False)
            latest += page.items
    folding = Folding(known)
    try:
        for event in reversed([event for event in latest if event["id"] > held.event]):
            folding.add(event)
    except LostThreadError:
        return None
    return folding


def _told_until(folding: Folding, run: Run) -> int:
    """Return which event the answer goes up to.

    A run's status and its history are two answers of Step Functions, and what happens between them is in one
    alone. Read behind the history, the status is rarely the older of the two; where they differ, as behind an end
    or a redrive, the last event counts as not told yet, so that whoever asks for what came after sees both agree.
    """
    under_way = run.status in (RUNNING, PENDING_REDRIVE)
    return folding.last if not folding.last or under_way != folding.has_ended else folding.last - 1


def _is_there(flow: Dataflow, stage: str) -> bool:
    return getattr(flow, stage) is not ABSENT


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "id": visit.id,
        "state": visit.state,
        "type": visit.type,
        "parent": visit.parent,
        "iteration": visit.iteration,
        "cameFrom": visit.came_from,
        "status": visit.status,
        "enteredAt": instant(visit.entered_at),
        "exitedAt": instant(visit.exited_at),
        "attempts": len(visit.tries),
        "error": visit.error,
    }


def _try(number: int, work: Work) -> dict[str, Any]:
    return {
        "number": number,
        "scheduledAt": instant(work.scheduled_at),
        "startedAt": instant(work.started_at),
        "endedAt": instant(work.ended_at),
        "error": work.error,
        "cause": work.cause,
        "function": work.function,
        "requestId": work.request_id,
    }


def _ending(run: Run) -> dict[str, Any]:
    """Return why a run ended otherwise than well."""
    if run.error is None and run.status not in ("FAILED", "TIMED_OUT"):
        return {"error": None, "cause": None, "explanation": None}
    error = run.error or ("States.Timeout" if run.status == "TIMED_OUT" else None)
    return {"error": error, "cause": run.cause, "explanation": asdict(explain(error, run.cause))}
