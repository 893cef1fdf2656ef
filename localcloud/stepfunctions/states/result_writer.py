"""ResultWriter: a distributed Map's results into S3, with a manifest."""

from __future__ import annotations

import json
from collections.abc import Callable

from localcloud.stepfunctions.clock_text import format_time
from localcloud.stepfunctions.execution import Execution
from localcloud.stepfunctions.flow import Flow
from localcloud.stepfunctions.frame import Frame
from localcloud.stepfunctions.json_text import dumps
from localcloud.stepfunctions.map_run import MapRun
from localcloud.stepfunctions.states.item_reader import text_argument
from localcloud.stepfunctions.status import SUCCEEDED
from localcloud.stepfunctions.task import Integrations, JsonValue

Write = Callable[[Integrations], JsonValue]

FAILED = "States.ResultWriterFailed"


class ResultWriter:
    """Writes SUCCEEDED_0.json, FAILED_0.json and manifest.json under `<Prefix>/<map run id>/`."""

    def __init__(self, body: dict[str, JsonValue], flow: Flow) -> None:
        arguments = body.get("Arguments", body.get("Parameters"))
        self._arguments = None if arguments is None else flow.template(arguments, "ResultWriter/Arguments")
        config = body.get("WriterConfig", {})
        self._transformation: str = config.get("Transformation", "NONE")
        self._output_type: str = config.get("OutputType", "JSON")

    def prepare(self, frame: Frame, value: JsonValue, run: MapRun) -> Write:
        """Evaluate the fields now; the writing itself is done beside the loop."""
        children = [run.executions[number] for number in sorted(run.executions)]
        if self._arguments is None:  # only WriterConfig: the results stay in the state's output
            return lambda integrations: self._shape([child for child in children if child.status == SUCCEEDED])
        arguments = self._arguments(frame, value)
        return lambda integrations: self._write(integrations, arguments, run, children)

    def _write(
        self, integrations: Integrations, arguments: JsonValue, run: MapRun, children: list[Execution]
    ) -> JsonValue:
        bucket = text_argument(arguments, "Bucket", FAILED)
        prefix = text_argument(arguments, "Prefix", FAILED).strip("/") if "Prefix" in arguments else ""
        folder = "/".join(part for part in (prefix, run.arn.rsplit(":", 1)[1]) if part)
        files: dict[str, list[JsonValue]] = {"FAILED": [], "PENDING": [], "SUCCEEDED": []}
        for status, chosen in (
            ("SUCCEEDED", [child for child in children if child.status == SUCCEEDED]),
            ("FAILED", [child for child in children if child.status != SUCCEEDED]),
        ):
            if chosen:
                body = self._file(chosen)
                key = f"{folder}/{status}_0.{self._output_type.lower()}"
                integrations.write_object(bucket, key, body)
                files[status].append({"Key": key, "Size": len(body)})
        manifest = {"DestinationBucket": bucket, "MapRunArn": run.arn, "ResultFiles": files}
        key = f"{folder}/manifest.json"
        integrations.write_object(bucket, key, json.dumps(manifest).encode())
        return {"MapRunArn": run.arn, "ResultWriterDetails": {"Bucket": bucket, "Key": key}}

    def _file(self, children: list[Execution]) -> bytes:
        results = self._shape(children)
        if self._output_type == "JSONL":
            return "".join(dumps(result) + "\n" for result in results).encode()
        return dumps(results).encode()

    def _shape(self, children: list[Execution]) -> list[JsonValue]:
        if self._transformation == "NONE":
            return [_described(child) for child in children]
        outputs = [child.output for child in children]
        if self._transformation == "FLATTEN":
            return [item for output in outputs for item in (output if isinstance(output, list) else [output])]
        return outputs


def _described(child: Execution) -> JsonValue:
    """One child's metadata, as AWS writes it into result files."""
    described: JsonValue = {
        "ExecutionArn": child.arn,
        "Input": dumps(child.input),
        "InputDetails": {"Included": True},
        "Name": child.name,
        "StartDate": format_time(child.started_at),
        "StateMachineArn": child.state_machine_arn,
        "Status": child.status,
    }
    if child.stopped_at is not None:
        described["StopDate"] = format_time(child.stopped_at)
    if child.status == SUCCEEDED:
        described["Output"] = dumps(child.output)
        described["OutputDetails"] = {"Included": True}
    if child.error is not None:
        described["Error"] = child.error
    if child.cause is not None:
        described["Cause"] = child.cause
    return described
