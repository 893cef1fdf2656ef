"""Definitions drawn at random: every state type, both query languages, sound and unsound fields side by side."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.unit.stepfunctions.machines import CALLBACK, FUNCTION

Fields = dict[str, st.SearchStrategy[Any]]

KEYS = st.sampled_from(["a", "b", "n", "v", "list", "x y", "é"])
SCALARS = st.sampled_from(
    [None, True, False, 0, -1, 2, 1.5, -0.5, 1e300, "", "a", "5", "zoë", "2026-01-01T00:00:00Z", "[1,{}]", "="]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
ROOTS = st.sampled_from(["$", "$", "$", "$$", "$v", "$nope", "$$.Map.Item.Value", "$$.Execution.Input"])
STEPS = st.sampled_from(
    [".a", ".n", ".b", "['x y']", "[0]", "[-1]", "[9]", "[*]", "[0:2]", "[::2]", "..a", ".*", ".length()",
     "[?(@.n>1)]", "[?(@.a==$.b || !@.n)]", "[?(@.a =~ /z.*/i)]", "['a','n']", "[0,1]", ".list"]
)  # fmt: skip
PATHS = st.tuples(ROOTS, st.lists(STEPS, max_size=3)).map(lambda path: path[0] + "".join(path[1]))
LITERALS = st.sampled_from(
    ["1", "-2.5", "'a'", "'{}'", r"'\{{}\'\\'", "true", "null", "''", "0", "1000", "'SHA-1'"]
)
FUNCTIONS = [
    "Array", "ArrayContains", "ArrayGetItem", "ArrayLength", "ArrayPartition", "ArrayRange", "ArrayUnique",
    "Base64Decode", "Base64Encode", "Format", "Hash", "JsonMerge", "JsonToString", "MathAdd", "StringSplit",
    "StringToJson",
]  # fmt: skip
INTRINSICS = st.recursive(
    PATHS | LITERALS,
    lambda inner: st.tuples(st.sampled_from(FUNCTIONS), st.lists(inner, max_size=3)).map(
        lambda call: f"States.{call[0]}({', '.join(call[1])})"
    ),
    max_leaves=5,
)
COMPUTED = PATHS | INTRINSICS.filter(lambda text: text[0] in "$S")
OPERANDS = st.sampled_from(
    [
        "$states.input",
        "$states.input.a",
        "$states.input.n",
        "$states.result",
        "$v",
        "$states.context.Map.Item.Value",
        "$nope",
        "1",
        "0",
        "-2.5",
        "'a'",
        "null",
        "true",
        "[]",
        "{}",
        "[1..3]",
        "{'a': [1, null]}",
        "function($x){$x}",
        "'2026-01-01T00:00:00Z'",
    ]
)
JSONATA_FUNCTIONS = [
    "sum", "count", "max", "string", "number", "length", "uppercase", "substring", "split", "join",
    "contains", "keys", "lookup", "merge", "map", "filter", "sort", "append", "reverse", "distinct",
    "exists", "type", "power", "sqrt", "floor", "toMillis", "parse", "partition", "range", "hash", "eval",
    "error", "spread", "each",
]  # fmt: skip
EXPRESSIONS = st.recursive(
    OPERANDS,
    lambda inner: (
        st.tuples(st.sampled_from(JSONATA_FUNCTIONS), st.lists(inner, max_size=3)).map(
            lambda call: f"${call[0]}({', '.join(call[1])})"
        )
        | st.tuples(inner, st.sampled_from(["+", "/", "%", "&", "=", "<", "in", "and", "~>"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        )
    ),
    max_leaves=5,
)
QUERIES = EXPRESSIONS.map(lambda text: "{% " + text + " %}")
TEMPLATES = st.recursive(
    SCALARS | QUERIES,
    lambda inner: st.dictionaries(KEYS, inner, max_size=2) | st.lists(inner, max_size=2),
    max_leaves=4,
)
PAYLOADS = st.dictionaries(KEYS, SCALARS, max_size=2) | st.dictionaries(KEYS.map(lambda key: f"{key}.$"), COMPUTED)
SMALL = st.integers(1, 4)
COMPARISONS = ["StringEquals", "NumericLessThan", "BooleanEquals", "TimestampGreaterThan"]
RULES = st.recursive(
    st.fixed_dictionaries({"Variable": PATHS, "StringMatches": st.sampled_from(["a*", "*", r"\*", ""])})
    | st.tuples(PATHS, st.sampled_from(["IsNull", "IsPresent", "IsNumeric", "IsTimestamp"]), st.booleans()).map(
        lambda rule: {"Variable": rule[0], rule[1]: rule[2]}
    )
    | st.tuples(PATHS, st.sampled_from(COMPARISONS), PATHS).map(
        lambda rule: {"Variable": rule[0], f"{rule[1]}Path": rule[2]}
    ),
    lambda inner: (
        st.fixed_dictionaries({"Not": inner})
        | st.fixed_dictionaries({"And": st.lists(inner, min_size=1, max_size=2)})
        | st.fixed_dictionaries({"Or": st.lists(inner, min_size=1, max_size=2)})
    ),
    max_leaves=3,
)
VARIABLES: Fields = {
    "JSONPath": st.fixed_dictionaries({"v.$": COMPUTED}),
    "JSONata": st.fixed_dictionaries({"v": QUERIES}),
}
ERRORS = st.sampled_from(
    [
        "States.ALL",
        "States.TaskFailed",
        "States.Timeout",
        "States.Runtime",
        "States.QueryEvaluationError",
        "Broken",
    ]
)
RESULT_PATHS = st.sampled_from(["$.r", "$", None, "$.a.b", "$.list[0]"])

COMMON: dict[str, Fields] = {
    "JSONPath": {"InputPath": PATHS | st.none(), "OutputPath": PATHS | st.none(), "Assign": VARIABLES["JSONPath"]},
    "JSONata": {"Output": TEMPLATES, "Assign": VARIABLES["JSONata"]},
}
OWN: dict[str, dict[str, Fields]] = {
    "JSONPath": {
        "Pass": {"Parameters": PAYLOADS, "Result": VALUES, "ResultPath": RESULT_PATHS},
        "Task": {
            "Parameters": PAYLOADS,
            "ResultSelector": PAYLOADS,
            "ResultPath": RESULT_PATHS,
            "TimeoutSecondsPath": PATHS,
            "HeartbeatSecondsPath": PATHS,
        },
        "Succeed": {},
        "Fail": {"ErrorPath": COMPUTED, "CausePath": COMPUTED},
        "Parallel": {"Parameters": PAYLOADS, "ResultSelector": PAYLOADS, "ResultPath": RESULT_PATHS},
        "Map": {
            "ItemsPath": PATHS,
            "ItemSelector": PAYLOADS,
            "MaxConcurrencyPath": PATHS,
            "ResultSelector": PAYLOADS,
            "ResultPath": RESULT_PATHS,
        },
    },
    "JSONata": {
        "Pass": {},
        "Task": {"Arguments": TEMPLATES, "TimeoutSeconds": SMALL | QUERIES, "HeartbeatSeconds": QUERIES},
        "Succeed": {},
        "Fail": {"Error": QUERIES, "Cause": QUERIES},
        "Parallel": {"Arguments": TEMPLATES},
        "Map": {"Items": QUERIES, "ItemSelector": TEMPLATES, "MaxConcurrency": SMALL | QUERIES},
    },
}
DISTRIBUTED: dict[str, Fields] = {
    "JSONPath": {
        "ToleratedFailureCountPath": PATHS,
        "ToleratedFailurePercentagePath": PATHS,
        "ItemBatcher": st.fixed_dictionaries({"MaxItemsPerBatchPath": PATHS})
        | st.fixed_dictionaries({"MaxItemsPerBatch": SMALL, "BatchInput": PAYLOADS}),
        "ResultWriter": st.fixed_dictionaries(
            {"Resource": st.just("arn:aws:states:::s3:putObject"), "Parameters": st.just({"Bucket.$": "$.a"})}
        ),
    },
    "JSONata": {
        "ToleratedFailureCount": QUERIES,
        "ToleratedFailurePercentage": QUERIES,
        "ItemBatcher": st.fixed_dictionaries({"MaxItemsPerBatch": SMALL | QUERIES, "BatchInput": TEMPLATES}),
    },
}
WAITS: dict[str, st.SearchStrategy[Any]] = {
    "JSONPath": st.fixed_dictionaries({"SecondsPath": PATHS}) | st.fixed_dictionaries({"TimestampPath": PATHS}),
    "JSONata": st.fixed_dictionaries({"Seconds": QUERIES}) | st.fixed_dictionaries({"Timestamp": QUERIES}),
}
RESOURCES = st.sampled_from(
    [FUNCTION, "arn:aws:states:::lambda:invoke", CALLBACK, "arn:aws:states:::aws-sdk:s3:getObject"]
)
LAST = ("Succeed", "Fail")


@st.composite
def machines(draw: st.DrawFn) -> dict[str, Any]:
    """A whole machine; its states may speak another language than it does."""
    program = draw(programs())
    return {**program, "QueryLanguage": "JSONPath", "TimeoutSeconds": 10_000}


@st.composite
def programs(draw: st.DrawFn, depth: int = 2, name: str = "S") -> dict[str, Any]:
    """One to four states in a row, with others inside them `depth` levels deep."""
    inner = ["Parallel", "Map"] if depth else []
    kinds = draw(st.lists(st.sampled_from(["Pass", "Task", "Wait", "Choice", *inner]), min_size=1, max_size=3))
    kinds.append(draw(st.sampled_from(["Pass", "Succeed", "Fail"])))
    names = [f"{name}{number}" for number in range(len(kinds))]
    states = {
        own: draw(_states(kind, own, following, depth))
        for own, kind, following in zip(names, kinds, [*names[1:], None], strict=True)
    }
    return {"StartAt": names[0], "States": states}


@st.composite
def _states(draw: st.DrawFn, kind: str, name: str, following: str | None, depth: int) -> dict[str, Any]:
    language = draw(st.sampled_from(["JSONPath", "JSONata"]))
    onward: dict[str, Any] = {"Next": following} if following else {"End": True}
    state: dict[str, Any] = {"Type": kind, "QueryLanguage": language}
    if kind == "Choice":
        assert following is not None
        return {**state, "Choices": [draw(_rules(language, following))], "Default": following}
    if kind not in LAST:
        state |= onward
    common = {} if kind == "Fail" else COMMON[language]
    if kind == "Succeed":
        common = {field: values for field, values in common.items() if field != "Assign"}
    if kind == "Wait":
        return {**state, **draw(WAITS[language]), **_some(draw, common)}
    state |= _some(draw, {**common, **OWN[language][kind]})
    if kind == "Task":
        state["Resource"] = draw(RESOURCES)
        if "HeartbeatSeconds" in state:
            state.pop("TimeoutSeconds", None)
    if kind == "Parallel":
        state["Branches"] = [
            draw(programs(depth - 1, f"{name}{letter}")) for letter in draw(st.sampled_from(["a", "ab"]))
        ]
    if kind == "Map":
        state["ItemProcessor"] = draw(programs(depth - 1, f"{name}i"))
        if draw(st.booleans()):
            execution_type = draw(st.sampled_from(["STANDARD", "EXPRESS"]))
            state["ItemProcessor"]["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": execution_type}
            state |= _some(draw, DISTRIBUTED[language])
    if kind in ("Task", "Parallel", "Map"):
        state |= _some(draw, _handlers(language, following))
    return state


def _some(draw: st.DrawFn, fields: Fields) -> dict[str, Any]:
    return {field: draw(values) for field, values in fields.items() if draw(st.booleans())}


@st.composite
def _rules(draw: st.DrawFn, language: str, following: str) -> dict[str, Any]:
    rule = {"Condition": draw(QUERIES)} if language == "JSONata" else draw(RULES)
    return {**rule, "Next": following, **_some(draw, {"Assign": VARIABLES[language]})}


def _handlers(language: str, following: str | None) -> Fields:
    retrier = st.fixed_dictionaries(
        {"ErrorEquals": ERRORS.map(lambda name: [name]), "MaxAttempts": st.integers(0, 2)},
        optional={"JitterStrategy": st.just("FULL"), "MaxDelaySeconds": st.just(3), "IntervalSeconds": st.just(1)},
    )
    handlers: Fields = {"Retry": retrier.map(lambda one: [one])}
    if following is not None:
        own: Fields = {"Output": TEMPLATES} if language == "JSONata" else {"ResultPath": RESULT_PATHS}
        handlers["Catch"] = st.fixed_dictionaries(
            {"ErrorEquals": ERRORS.map(lambda name: [name]), "Next": st.just(following)},
            optional={**own, "Assign": VARIABLES[language]},
        ).map(lambda one: [one])
    return handlers
