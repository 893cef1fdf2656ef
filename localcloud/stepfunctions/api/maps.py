"""Operations on the runs of distributed Maps."""

from __future__ import annotations

from typing import Any

from localcloud.stepfunctions.api.arguments import Arguments
from localcloud.stepfunctions.api.arns import execution_arn, map_run_arn
from localcloud.stepfunctions.api.errors import ValidationException
from localcloud.stepfunctions.api.moments import moment
from localcloud.stepfunctions.api.paging import page
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.limits import DISTRIBUTED_MAP_CONCURRENCY
from localcloud.stepfunctions.status import RUNNING

_COUNTED = {
    "PENDING": "pending",
    "RUNNING": "running",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "TIMED_OUT": "timedOut",
    "ABORTED": "aborted",
}


class MapRunOperations:
    """List, describe and update."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_map_runs(self, arguments: Arguments) -> dict[str, Any]:
        """ListMapRuns of one execution, the newest first."""
        arn = execution_arn(arguments["executionArn"])
        self._engine.execution(arn)
        items, more = page(self._engine.list_map_runs(arn)[::-1], arguments, f"map runs {arn}")
        listed = [
            {
                "executionArn": run.execution_arn,
                "mapRunArn": run.arn,
                "stateMachineArn": run.state_machine_arn,
                "startDate": moment(run.started_at),
            }
            | ({} if run.stopped_at is None else {"stopDate": moment(run.stopped_at)})
            for run in items
        ]
        return {"mapRuns": listed, **more}

    def describe_map_run(self, arguments: Arguments) -> dict[str, Any]:
        """DescribeMapRun."""
        run = self._engine.map_run(map_run_arn(arguments["mapRunArn"]))
        statuses = run.execution_counts()
        counts = {name: statuses.get(status, 0) for status, name in _COUNTED.items()}
        counts |= {"total": run.total, "resultsWritten": 0, "failuresNotRedrivable": 0, "pendingRedrive": 0}
        answer = {
            "mapRunArn": run.arn,
            "executionArn": run.execution_arn,
            "status": run.status,
            "startDate": moment(run.started_at),
            "maxConcurrency": run.max_concurrency,
            "toleratedFailurePercentage": run.tolerated_failure_percentage,
            "toleratedFailureCount": run.tolerated_failure_count,
            "itemCounts": counts | {"total": run.item_count},
            "executionCounts": counts,
            "redriveCount": run.redrive_count,
        }
        if run.stopped_at is not None:
            answer["stopDate"] = moment(run.stopped_at)
        if run.redriven_at is not None:
            answer["redriveDate"] = moment(run.redriven_at)
        return answer

    def update_map_run(self, arguments: Arguments) -> dict[str, Any]:
        """UpdateMapRun: what is given counts from the next child on; a concurrency of 0 is the most there is."""
        run = self._engine.map_run(map_run_arn(arguments["mapRunArn"]))
        with self._engine.lock:
            if run.status != RUNNING:
                raise ValidationException(f"Map Run is {run.status} and cannot be updated")
            if "maxConcurrency" in arguments:
                run.max_concurrency = arguments["maxConcurrency"] or DISTRIBUTED_MAP_CONCURRENCY
            run.tolerated_failure_count = arguments.get("toleratedFailureCount", run.tolerated_failure_count)
            run.tolerated_failure_percentage = arguments.get(
                "toleratedFailurePercentage", run.tolerated_failure_percentage
            )
            run.fill()
        return {}
