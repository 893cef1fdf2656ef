"""How the workflows have been doing lately."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.workflows.domain.figures import dollars, percentile, share, transitions
from chalicelib.workflows.domain.visit import Visit
from chalicelib.workflows.domain.visits import fold
from chalicelib.workflows.ports import PENDING_REDRIVE, RUNNING, SUCCEEDED, Functions, Machines, Run
from chalicelib.workflows.service.executions import checked_name, short
from chalicelib.workflows.service.looking import history

LOOKED_AT = 100
"""The latest runs, of which shares and durations tell."""
SHOWN = 8
COSTED = 3
"""Ended runs whose histories are read for what a run costs."""
_MOST_REMEMBERED = 500

Costs = dict[tuple[str, int], tuple[float, int]]
"""(run, redrives) -> (dollars, transitions); what an ended run cost does not change."""
_costs: Costs = {}


def figures_of_all(machines: Machines, functions: Functions) -> dict[str, Any]:
    """Return ``{"workflows": [figures]}``, see `figures`."""
    return {"workflows": [figures(one.name, machines, functions) for one in machines.workflows()]}


def figures(name: str, machines: Machines, functions: Functions) -> dict[str, Any]:
    """Return how a workflow's latest `LOOKED_AT` runs went.

    Durations are seconds of the runs that succeeded; ``costDollars`` is the mean of the last `COSTED` that ended,
    None where none has. ``lastRuns`` are the latest `SHOWN`.

    Raises:
        WorkflowNotFoundError: there is none of this name.
    """
    runs: list[Run] = machines.runs(checked_name(name), None, LOOKED_AT, None).items
    ended = [run for run in runs if run.status not in (RUNNING, PENDING_REDRIVE)]
    good = [run for run in ended if run.status == SUCCEEDED]
    took = [(run.stopped_at - run.started_at).total_seconds() for run in good if run.stopped_at]
    costs = [_cost(run, machines, functions) for run in ended[:COSTED]]
    return {
        "name": name,
        "runs": len(runs),
        "more": len(runs) == LOOKED_AT,
        "running": len(runs) - len(ended),
        "succeeded": len(good),
        "failed": len(ended) - len(good),
        "successRate": share(len(good), len(ended)),
        "p50Seconds": percentile(took, 0.5),
        "p95Seconds": percentile(took, 0.95),
        "costDollars": sum(cost for cost, _ in costs) / len(costs) if costs else None,
        "transitions": round(sum(count for _, count in costs) / len(costs)) if costs else None,
        "lastRuns": [short(run) for run in runs[:SHOWN]],
    }


def _cost(run: Run, machines: Machines, functions: Functions) -> tuple[float, int]:
    key = (run.id, run.redrives)
    if key not in _costs:
        if len(_costs) >= _MOST_REMEMBERED:
            _costs.clear()
        events = history(run.workflow, run.name, machines, with_data=True)
        visits = fold(events)
        gb_seconds, invocations = _function_time(visits, {event["id"]: event for event in events}, functions)
        _costs[key] = dollars(visits, gb_seconds, invocations), transitions(visits)
    return _costs[key]


def _function_time(visits: Sequence[Visit], events: dict[int, Any], functions: Functions) -> tuple[float, int]:
    """Return (GB-seconds, invocations) of the Lambda functions that a run's tasks ran."""
    from chalicelib.workflows.domain.dataflow import dataflow

    gb_seconds, invocations = 0.0, 0
    for visit in visits:
        if not visit.tries:
            continue
        for work in dataflow(visit, events).tries:
            if work.function is None or work.request_id is None or work.ended_at is None:
                continue
            seconds = (work.ended_at - (work.started_at or work.scheduled_at)).total_seconds()
            gb_seconds += max(0.001, seconds) * (functions.memory_mb(work.function) or 0) / 1024
            invocations += 1
    return gb_seconds, invocations
