"""Which fields a state may have, by type and query language, and what each must look like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from localcloud.stepfunctions.validation import values as v
from localcloud.stepfunctions.validation.problem import Findings, child


@dataclass(frozen=True, slots=True)
class Field:
    """A field's check, the one language it belongs to (None: both), and whether it must be there."""

    check: v.Check
    language: v.Language | None = None
    required: bool = False


def checks(fields: dict[str, Field], value: dict[str, Any], place: str, scope: v.Scope) -> None:
    """Hold an object against its table: unknown, missing and forbidden fields, then each field's own check."""
    missing = [name for name, field in fields.items() if field.required and name not in value]
    if missing := [name for name in missing if fields[name].language in (None, scope.language)]:
        scope.findings.schema(f"These fields are required: [{', '.join(missing)}]", place)
    for name, item in value.items():
        known = fields.get(name)
        here = child(place, name)
        if known is None:
            scope.findings.schema(f"Field '{name}' is not supported", place, here)
        elif known.language not in (None, scope.language):
            scope.findings.schema(
                f"The QueryLanguage is set to '{scope.language}', but field '{name}' is only supported for the "
                f"'{known.language}' QueryLanguage",
                place,
                here,
            )
        elif not scope.findings.is_open(item):
            known.check(item, here, scope)


def check_exclusive(
    groups: Iterable[tuple[str, ...]], value: dict[str, Any], place: str, findings: Findings
) -> None:
    """Of each group of fields, an object may have one."""
    for names in groups:
        if sum(name in value for name in names) > 1:
            findings.schema(f"There should only be one of the following fields: [{', '.join(names)}]", place)


_SECONDS = v.number(1, v.MAX_SECONDS)
_COUNT = v.number(0)
_PERCENT = v.number(0, 100, whole=False)

_EVERY: dict[str, Field] = {
    "Type": Field(v.string, required=True),
    "Comment": Field(v.string),
    "QueryLanguage": Field(v.one_of("JSONPath", "JSONata")),
}
_DATA: dict[str, Field] = {
    "InputPath": Field(v.nullable_path, "JSONPath"),
    "OutputPath": Field(v.nullable_path, "JSONPath"),
    "Output": Field(v.template, "JSONata"),
}
_ASSIGN = {"Assign": Field(v.assignment)}
_ON: dict[str, Field] = {"Next": Field(v.string), "End": Field(v.boolean)}
_RESULT: dict[str, Field] = {
    "ResultSelector": Field(v.object_template, "JSONPath"),
    "ResultPath": Field(v.result_path, "JSONPath"),
    "Retry": Field(v.anything),
    "Catch": Field(v.anything),
}

S3_READER: dict[str, Field] = {
    "Resource": Field(v.string, required=True),
    "Parameters": Field(v.object_template, "JSONPath"),
    "Arguments": Field(v.object_template, "JSONata"),
    "ReaderConfig": Field(v.anything),
}
READER_CONFIG: dict[str, Field] = {
    "InputType": Field(v.one_of("CSV", "JSON", "JSONL", "MANIFEST", "PARQUET")),
    "CSVHeaderLocation": Field(v.one_of("FIRST_ROW", "GIVEN")),
    "CSVHeaders": Field(v.anything),
    "CSVDelimiter": Field(v.one_of("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")),
    "MaxItems": Field(v.number(0, 100_000_000)),
    "MaxItemsPath": Field(v.path, "JSONPath"),
    "Transformation": Field(v.one_of("NONE", "LOAD_AND_FLATTEN")),
    "ManifestType": Field(v.one_of("ATHENA_DATA", "S3_INVENTORY")),
    "ItemsPointer": Field(v.string),
    "VersionId": Field(v.string),
}
RESULT_WRITER: dict[str, Field] = {
    "Resource": Field(v.string),
    "Parameters": Field(v.object_template, "JSONPath"),
    "Arguments": Field(v.object_template, "JSONata"),
    "WriterConfig": Field(v.anything),
}
WRITER_CONFIG: dict[str, Field] = {
    "OutputType": Field(v.one_of("JSON", "JSONL")),
    "Transformation": Field(v.one_of("NONE", "COMPACT", "FLATTEN")),
}
ITEM_BATCHER: dict[str, Field] = {
    "BatchInput": Field(v.template),
    "MaxItemsPerBatch": Field(v.number(1)),
    "MaxItemsPerBatchPath": Field(v.path, "JSONPath"),
    "MaxInputBytesPerBatch": Field(v.number(1, 262_144)),
    "MaxInputBytesPerBatchPath": Field(v.path, "JSONPath"),
}
_BATCH_SIZES = (
    ("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
    ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
)
PROCESSOR_CONFIG: dict[str, Field] = {
    "Mode": Field(v.one_of("INLINE", "DISTRIBUTED")),
    "ExecutionType": Field(v.one_of("STANDARD", "EXPRESS")),
}
CREDENTIALS: dict[str, Field] = {
    "RoleArn": Field(v.jsonata_or_string),
    "RoleArn.$": Field(v.path_or_intrinsic, "JSONPath"),
}


def _nested(
    fields: dict[str, Field], exclusive: tuple[tuple[str, str], ...] = (), one_of: tuple[str, ...] = ()
) -> v.Check:
    def check(value: Any, place: str, scope: v.Scope) -> None:
        if isinstance(value, dict):
            checks(fields, value, place, scope)
            check_exclusive(exclusive, value, place, scope.findings)
            if one_of and not any(name in value for name in one_of):
                scope.findings.schema(f"One of these fields is required: [{', '.join(one_of)}]", place)
        elif not scope.findings.is_open(value):
            scope.findings.schema("The value should be an object", place)

    return check


S3_READER["ReaderConfig"] = Field(_nested(READER_CONFIG, (("MaxItems", "MaxItemsPath"),)))
RESULT_WRITER["WriterConfig"] = Field(_nested(WRITER_CONFIG))

MACHINE: dict[str, Field] = {
    "Comment": Field(v.string),
    "StartAt": Field(v.string, required=True),
    "States": Field(v.anything, required=True),
    "QueryLanguage": Field(v.one_of("JSONPath", "JSONata")),
}
"""A machine inside Parallel or Map; the outermost one has two fields more."""
OUTERMOST: dict[str, Field] = {
    **MACHINE,
    "Version": Field(v.one_of("1.0")),
    "TimeoutSeconds": Field(v.number(1, v.MAX_SECONDS, expression=False)),
}
PROCESSOR: dict[str, Field] = {**MACHINE, "ProcessorConfig": Field(_nested(PROCESSOR_CONFIG))}
del PROCESSOR["QueryLanguage"]

STATES: dict[str, dict[str, Field]] = {
    "Pass": {
        **_EVERY, **_DATA, **_ASSIGN, **_ON,
        "Parameters": Field(v.template, "JSONPath"),
        "Result": Field(v.fixed_result, "JSONPath"),
        "ResultPath": Field(v.result_path, "JSONPath"),
    },
    "Task": {
        **_EVERY, **_DATA, **_ASSIGN, **_ON, **_RESULT,
        "Resource": Field(v.string, required=True),
        "Parameters": Field(v.template, "JSONPath"),
        "Arguments": Field(v.template, "JSONata"),
        "Credentials": Field(_nested(CREDENTIALS, (("RoleArn", "RoleArn.$"),), ("RoleArn", "RoleArn.$"))),
        "TimeoutSeconds": Field(_SECONDS),
        "TimeoutSecondsPath": Field(v.path, "JSONPath"),
        "HeartbeatSeconds": Field(_SECONDS),
        "HeartbeatSecondsPath": Field(v.path, "JSONPath"),
    },
    "Choice": {
        **_EVERY, **_DATA, **_ASSIGN,
        "Choices": Field(v.anything, required=True),
        "Default": Field(v.string),
    },
    "Wait": {
        **_EVERY, **_DATA, **_ASSIGN, **_ON,
        "Seconds": Field(v.number(0, v.MAX_SECONDS)),
        "SecondsPath": Field(v.path, "JSONPath"),
        "Timestamp": Field(v.timestamp),
        "TimestampPath": Field(v.path, "JSONPath"),
    },
    "Succeed": {**_EVERY, **_DATA},
    "Fail": {
        **_EVERY,
        "Error": Field(v.jsonata_or_string),
        "Cause": Field(v.jsonata_or_string),
        "ErrorPath": Field(v.path_or_intrinsic, "JSONPath"),
        "CausePath": Field(v.path_or_intrinsic, "JSONPath"),
    },
    "Parallel": {
        **_EVERY, **_DATA, **_ASSIGN, **_ON, **_RESULT,
        "Branches": Field(v.anything, required=True),
        "Parameters": Field(v.template, "JSONPath"),
        "Arguments": Field(v.template, "JSONata"),
    },
    "Map": {
        **_EVERY, **_DATA, **_ASSIGN, **_ON, **_RESULT,
        "ItemProcessor": Field(v.anything),
        "Iterator": Field(v.anything),
        "Items": Field(v.array_or_expression, "JSONata"),
        "ItemsPath": Field(v.path, "JSONPath"),
        "ItemSelector": Field(v.template),
        "Parameters": Field(v.template, "JSONPath"),
        "ItemReader": Field(_nested(S3_READER)),
        "ItemBatcher": Field(_nested(ITEM_BATCHER, _BATCH_SIZES, _BATCH_SIZES[0] + _BATCH_SIZES[1])),
        "ResultWriter": Field(_nested(RESULT_WRITER)),
        "Label": Field(v.string),
        "MaxConcurrency": Field(_COUNT),
        "MaxConcurrencyPath": Field(v.path, "JSONPath"),
        "ToleratedFailureCount": Field(_COUNT),
        "ToleratedFailureCountPath": Field(v.path, "JSONPath"),
        "ToleratedFailurePercentage": Field(_PERCENT),
        "ToleratedFailurePercentagePath": Field(v.path, "JSONPath"),
    },
}  # fmt: skip
