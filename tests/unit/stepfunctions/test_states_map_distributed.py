from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from localcloud.stepfunctions import TaskCall, TaskError, TaskOutcome
from tests.unit.stepfunctions.machines import START, World, one, row, task, types

END = {"Type": "Pass"}
GET = "arn:aws:states:::s3:getObject"
LIST = "arn:aws:states:::s3:listObjectsV2"
PUT = "arn:aws:states:::s3:putObject"


def children(
    state: dict[str, Any] | None = None, execution_type: str = "STANDARD", **fields: Any
) -> dict[str, Any]:
    """A distributed Map with one state for each item."""
    config = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": execution_type}}
    return {"Type": "Map", "ItemProcessor": {**row(Item=state or END), **config}, **fields}


def read(body: bytes, **config: Any) -> dict[str, Any]:
    """What a Map reads from an object with this body."""
    reader = {"Resource": GET, "ReaderConfig": config, "Parameters": {"Bucket": "b", "Key": "k"}}
    execution = World(objects={"b/k": body}).run(one(children(ItemReader=reader)))
    return {"items": execution.output, "error": execution.error, "cause": execution.cause}


def bad_ones(call: TaskCall) -> Any:
    """A service that refuses "bad"."""
    if call.arguments == "bad":
        raise TaskError("Bad", "item")
    return call.arguments


def test_each_item_is_an_execution_of_its_own() -> None:
    world = World()
    execution = world.run(one(children(task(), Label="Orders")), ["a", "b"])
    assert execution.output == ["a", "b"]
    assert types(execution)[2:6] == ["MapStateStarted", "MapRunStarted", "MapRunSucceeded", "MapStateSucceeded"]
    (run,) = world.engine.list_map_runs(execution.arn)
    assert ":mapRun:m1/Orders:" in run.arn
    assert run.execution_counts() == {"SUCCEEDED": 2, "PENDING": 0}
    found = world.engine.list_executions(map_run_arn=run.arn)
    assert {child.name for child in found} == {child.name for child in run.executions.values()}
    assert all(child.state_machine_arn.endswith(":m1/Orders") for child in found)
    assert [call.map_index for call in world.services.calls] == [0, 1]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "FAILED"),
        ({"ToleratedFailureCount": 1}, "FAILED"),
        ({"ToleratedFailureCount": 2}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 50}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 49}, "FAILED"),
        ({"ToleratedFailureCount": 3, "ToleratedFailurePercentage": 10}, "FAILED"),
    ],
)
def test_tolerated_failures(fields: dict[str, Any], status: str) -> None:
    execution = World(bad_ones).run(one(children(task(), **fields)), ["a", "bad", "b", "bad"])
    assert execution.status == status
    if status == "SUCCEEDED":
        assert execution.output == ["a", "b"]
    else:
        assert execution.error == "States.ExceedToleratedFailureThreshold"
        assert execution.cause == "The specified tolerated failure threshold was exceeded"
        assert types(execution)[-3:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]


@pytest.mark.parametrize(
    ("field", "value", "cause"),
    [
        ("ToleratedFailureCount", -1, "ToleratedFailureCount cannot be negative."),
        ("ToleratedFailurePercentage", 100.1, "ToleratedFailurePercentage must be between 0 and 100."),
        (
            "ToleratedFailurePercentage",
            "some",
            'The ToleratedFailurePercentagePath field refers to value "some" which is not a valid float: $.n',
        ),
    ],
)
def test_tolerance_that_makes_no_sense(field: str, value: Any, cause: str) -> None:
    state = {**children(ItemsPath="$.l"), f"{field}Path": "$.n"}
    execution = World().run(one(state), {"l": [1], "n": value})
    assert execution.error == "States.Runtime"
    assert str(execution.cause).endswith(cause)


@pytest.mark.parametrize(("share", "status"), [("49.9", "FAILED"), ("50", "SUCCEEDED")])
def test_tolerance_may_be_a_number_in_a_text(share: str, status: str) -> None:
    state = children(task(), ItemsPath="$.l", ToleratedFailurePercentagePath="$.n")
    assert World(bad_ones).run(one(state), {"l": ["a", "bad"], "n": share}).status == status


@pytest.mark.parametrize(
    ("body", "config", "items"),
    [
        (b'[1,{"a":2}]', {"InputType": "JSON"}, [1, {"a": 2}]),
        (b'{"x":1}', {"InputType": "JSON"}, [{"Key": "x", "Value": 1}]),
        (b'{"a":{"b~":[7]}}', {"InputType": "JSON", "ItemsPointer": "/a/b~0"}, [7]),
        (b'{"a":1}\n\n{"a":2}\n', {"InputType": "JSONL"}, [{"a": 1}, {"a": 2}]),
        (b"\xef\xbb\xbfa,b\r\n1,\"x,y\"\r\n2\r\n3,4,5\r\n", {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
         [{"a": "1", "b": "x,y"}, {"a": "2", "b": ""}, {"a": "3", "b": "4"}]),
        (b"1|2\n3|4",
         {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "y"], "CSVDelimiter": "PIPE"},
         [{"x": "1", "y": "2"}, {"x": "3", "y": "4"}]),
        (gzip.compress(b"[1,2,3]", mtime=0), {"InputType": "JSON", "MaxItems": 2}, [1, 2]),
    ],
)  # fmt: skip
def test_items_from_an_object(body: bytes, config: dict[str, Any], items: list[Any]) -> None:
    assert read(body, **config) == {"items": items, "error": None, "cause": None}


@pytest.mark.parametrize(
    ("body", "config", "cause"),
    [
        (b"7", {"InputType": "JSON"}, "Attempting to map over non-iterable node."),
        (b"{", {"InputType": "JSON"}, "Attempting to parse the JSON object failed"),
        (b'{"a":1}\n{', {"InputType": "JSONL"}, "Attempting to parse the JSONL object failed"),
        (b"{}", {"InputType": "JSON", "ItemsPointer": "/a"}, "leads nowhere"),
        (b"\xff\xfe\x00", {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}, "Attempting to parse the CSV"),
        (b"\x1f\x8bxx", {"InputType": "JSON"}, "Attempting to parse the JSON object failed"),
        (b"[" * 100_000, {"InputType": "JSON"}, "it is nested too deeply"),
        (b"PAR1", {"InputType": "PARQUET"}, "Parquet is not read here"),
        (b"[]", {"InputType": "MANIFEST"}, "an inventory has fileSchema, destinationBucket and files"),
    ],
)
def test_objects_that_hold_no_items(body: bytes, config: dict[str, Any], cause: str) -> None:
    found = read(body, **config)
    assert found["error"] == "States.ItemReaderFailed"
    assert cause in found["cause"]


def test_an_object_that_is_not_there_can_be_caught() -> None:
    reader = {"Resource": GET, "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket": "b", "Key": "none"}}
    state = children(ItemReader=reader, Catch=[{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "End"}])
    assert World().run(row(Fan=state, End=END)).status == "SUCCEEDED"


def test_a_listing_gives_its_objects_as_items() -> None:
    reader = {"Resource": LIST, "Parameters": {"Bucket": "b", "Prefix.$": "$.day"}}
    world = World(objects={"b/mon/1": b"", "b/mon/2": b"", "b/tue/1": b""})
    execution = world.run(
        one(children(ItemReader=reader, ItemSelector={"key.$": "$$.Map.Item.Value.Key"})), {"day": "mon"}
    )
    assert execution.output == [{"key": "mon/1"}, {"key": "mon/2"}]


def test_an_inventory_manifest_gives_the_rows_of_its_files() -> None:
    manifest = {
        "destinationBucket": "arn:aws:s3:::inv",
        "fileSchema": "Bucket, Key",
        "files": [{"key": "d/1.csv.gz"}],
    }
    objects = {"b/m": json.dumps(manifest).encode(), "inv/d/1.csv.gz": gzip.compress(b'"data","a.txt"\n')}
    reader = {
        "Resource": GET,
        "ReaderConfig": {"InputType": "MANIFEST"},
        "Parameters": {"Bucket": "b", "Key": "m"},
    }
    execution = World(objects=objects).run(one(children(ItemReader=reader)))
    assert execution.output == [{"Bucket": "data", "Key": "a.txt"}]


@pytest.mark.parametrize(
    ("batcher", "sizes"),
    [
        ({"MaxItemsPerBatch": 2}, [2, 2, 1]),
        ({"MaxItemsPerBatchPath": "$.n"}, [3, 2]),
        ({"MaxInputBytesPerBatch": 40}, [3, 2]),
        ({"MaxItemsPerBatch": 2, "MaxInputBytesPerBatch": 30}, [2, 2, 1]),
    ],
)
def test_batches(batcher: dict[str, Any], sizes: list[int]) -> None:
    state = children(ItemsPath="$.l", ItemBatcher=batcher)
    execution = World().run(one(state), {"l": [f"item-{number}" for number in range(5)], "n": 3})
    assert [len(batch["Items"]) for batch in execution.output] == sizes
    assert [item for batch in execution.output for item in batch["Items"]] == [
        f"item-{number}" for number in range(5)
    ]


def test_batches_carry_a_common_input() -> None:
    batcher = {"MaxItemsPerBatch": 9, "BatchInput": {"rate.$": "$.rate"}}
    execution = World().run(one(children(ItemsPath="$.l", ItemBatcher=batcher)), {"l": [1, 2], "rate": 3})
    assert execution.output == [{"Items": [1, 2], "BatchInput": {"rate": 3}}]


def test_an_item_too_large_for_any_batch() -> None:
    execution = World().run(one(children(ItemBatcher={"MaxInputBytesPerBatch": 20})), ["x" * 30])
    assert execution.error == "States.DataLimitExceeded"


def test_results_go_to_s3_with_a_manifest() -> None:
    writer = {"Resource": PUT, "Parameters": {"Bucket": "out", "Prefix": "runs"}}
    world = World(bad_ones)
    state = children(task(), ResultWriter=writer, ToleratedFailureCount=1)
    execution = world.run(one(state), ["a", "bad"])
    details = execution.output["ResultWriterDetails"]
    manifest = json.loads(world.services.objects[f"out/{details['Key']}"])
    assert manifest["MapRunArn"] == execution.output["MapRunArn"]
    (succeeded,) = manifest["ResultFiles"]["SUCCEEDED"]
    (failed,) = manifest["ResultFiles"]["FAILED"]
    (good,) = json.loads(world.services.objects[f"out/{succeeded['Key']}"])
    (bad,) = json.loads(world.services.objects[f"out/{failed['Key']}"])
    assert (good["Status"], good["Output"]) == ("SUCCEEDED", '"a"')
    assert (bad["Status"], bad["Error"]) == ("FAILED", "Bad")


@pytest.mark.parametrize(
    ("config", "result"),
    [
        ({"Transformation": "COMPACT"}, [[1], [2, 3]]),
        ({"Transformation": "FLATTEN", "OutputType": "JSON"}, [1, 2, 3]),
    ],
)
def test_results_may_be_shaped_without_a_bucket(config: dict[str, Any], result: list[Any]) -> None:
    assert World().run(one(children(ResultWriter={"WriterConfig": config})), [[1], [2, 3]]).output == result


def test_results_that_cannot_be_written_end_the_run_and_a_redrive_tries_again() -> None:
    world = World()
    writer = {"Resource": PUT, "Parameters": {"Bucket.$": "$.bucket"}}
    execution = world.run(
        one(children(task(), ItemsPath="$.items", ResultWriter=writer)), {"items": [1], "bucket": 5}
    )
    (run,) = world.engine.list_map_runs(execution.arn)
    assert (execution.error, run.status) == ("States.ResultWriterFailed", "FAILED")
    assert types(execution)[-3:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]
    world.engine.redrive_execution(execution.arn)
    world.line.run_until_idle()
    assert (execution.status, run.status, run.redrive_count) == ("FAILED", "FAILED", 1)
    assert len(world.services.calls) == 1


def test_a_writer_without_its_arguments_ends_the_run() -> None:
    world = World()
    writer = {"Resource": PUT, "Parameters": {"Bucket.$": "$.nope"}}
    execution = world.run(one(children(ResultWriter=writer)), [1])
    (run,) = world.engine.list_map_runs(execution.arn)
    assert (execution.error, run.status) == ("States.Runtime", "FAILED")


def test_a_reader_without_its_arguments_starts_no_run() -> None:
    world = World()
    reader = {"Resource": GET, "Parameters": {"Bucket.$": "$.nope", "Key": "k"}}
    execution = world.run(one(children(ItemReader=reader)))
    assert execution.error == "States.Runtime"
    assert world.engine.list_map_runs(execution.arn) == []


@pytest.mark.parametrize(
    ("arguments", "config", "error", "cause"),
    [
        ({"Key": "k"}, {}, "States.ItemReaderFailed", "The field 'Bucket' must be a string but was: null"),
        ({"Bucket": "b", "Key": 5}, {}, "States.ItemReaderFailed", "The field 'Key' must be a string but was: 5"),
        ({"Bucket": "b", "Key": "k"}, {"MaxItemsPath": "$.max"}, "States.Runtime", "must be a positive integer"),
    ],
)
def test_readers_that_cannot_read(
    arguments: dict[str, Any], config: dict[str, Any], error: str, cause: str
) -> None:
    reader = {"Resource": GET, "ReaderConfig": config, "Parameters": arguments}
    execution = World(objects={"b/k": b"[1]"}).run(one(children(ItemReader=reader)), {"max": -1})
    assert execution.error == error
    assert cause in str(execution.cause)


def test_stopping_stops_the_children() -> None:
    world = World(lambda call: TaskOutcome(None, seconds=1000))
    execution = world.start(one(children(task(), MaxConcurrency=2)), [1, 2, 3])
    world.line.skip(10)
    world.engine.stop_execution(execution.arn, "Enough")
    world.line.run_until_idle()
    (run,) = world.engine.list_map_runs(execution.arn)
    assert (run.status, run.execution_counts()) == ("ABORTED", {"ABORTED": 2, "PENDING": 1})


def test_children_may_be_express_and_end_after_five_minutes() -> None:
    world = World(lambda call: TaskOutcome(None, seconds=1000))
    execution = world.run(one(children(task(), "EXPRESS")), [1])
    assert (execution.status, world.line.now() >= START + 300) == ("FAILED", True)
    (run,) = world.engine.list_map_runs(execution.arn)
    assert run.executions[0].status == "TIMED_OUT"


def test_redrive_runs_the_unsuccessful_children_only() -> None:
    broken = [True]

    def answer(call: TaskCall) -> Any:
        if call.arguments == "bad" and broken:
            raise TaskError("Bad")
        return call.arguments

    world = World(answer)
    execution = world.run(one(children(task(), MaxConcurrency=1)), ["a", "bad", "c"])
    assert execution.status == "FAILED"
    broken.clear()
    world.engine.redrive_execution(execution.arn)
    world.line.run_until_idle()
    assert (execution.status, execution.output) == ("SUCCEEDED", ["a", "bad", "c"])
    assert [call.arguments for call in world.services.calls] == ["a", "bad", "bad", "c"]
    (run,) = world.engine.list_map_runs(execution.arn)
    assert run.redrive_count == 1
    assert "MapRunRedriven" in types(execution)


def test_ten_thousand_items_leave_a_short_history() -> None:
    execution = World().run(one(children()), list(range(10_000)))
    assert execution.output == list(range(10_000))
    assert len(execution.history) == 8
