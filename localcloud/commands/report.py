"""`report`: what the runs in the store would have cost on AWS."""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from localcloud.errors import UsageError
from localcloud.terminal import table


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--store", type=Path, default=Path(".localcloud/runs.sqlite"), help="the file of runs")


def run(arguments: argparse.Namespace) -> int:
    """Print one line a machine, one a function that events called, and the sum."""
    from localcloud.costs import Cost, function_cost, run_cost
    from localcloud.store import RunStore

    if not arguments.store.is_file():
        raise UsageError(f"{arguments.store}: there are no runs yet; `make run` makes some")
    store = RunStore(arguments.store)
    try:
        by_machine: dict[str, list[Cost]] = defaultdict(list)
        for execution in store.executions():
            by_machine[execution.machine_arn.rpartition(":")[2]].append(run_cost(store, execution.arn))
        by_function: dict[str, Cost] = defaultdict(Cost)
        for invocation in store.invocations(caller=""):
            by_function[invocation.function] += function_cost([invocation])
    finally:
        store.close()
    header = ("machine", "runs", "transitions a run", "requests", "GB-s", "$ a run", "$ in all")
    rows = []
    for name, costs in sorted(by_machine.items()):
        total = sum(costs, Cost())
        rows.append(
            (
                name,
                str(len(costs)),
                _span([cost.transitions for cost in costs]),
                str(total.requests),
                f"{total.gb_seconds:.2f}",
                f"{total.dollars / len(costs):.6f}",
                f"{total.dollars:.6f}",
            )
        )
    print(table(rows, header=header) or "  no runs")
    if by_function:
        print("\n  called by queues, events, schedules and HTTP")
        functions = sorted(by_function.items())
        rows_of_functions = [(n, str(c.requests), f"{c.gb_seconds:.2f}", f"{c.dollars:.6f}") for n, c in functions]
        print(table(rows_of_functions, header=("function", "requests", "GB-s", "$")))
    print("\n  Seconds are this machine's, not Lambda's; prices are us-east-1 without the free tier.")
    return 0


def _span(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low}-{high}"
