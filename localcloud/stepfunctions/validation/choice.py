"""Choice rules: one test each in JSONPath, nested by And, Or and Not; a Condition in JSONata."""

from __future__ import annotations

from typing import Any

from localcloud.stepfunctions.validation import values as v
from localcloud.stepfunctions.validation.fields import Field, checks
from localcloud.stepfunctions.validation.problem import child

_ORDERED = ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")


def _comparisons() -> dict[str, v.Check]:
    number = v.number(whole=False, expression=False)
    constant: dict[str, v.Check] = {"String": v.string, "Numeric": number, "Timestamp": v.timestamp}
    table = {kind + op: check for kind, check in constant.items() for op in _ORDERED}
    table["BooleanEquals"] = v.boolean
    table |= {name + "Path": v.path for name in table}
    table["StringMatches"] = v.string
    kinds = ("Null", "Present", "Numeric", "String", "Boolean", "Timestamp")
    return table | {f"Is{kind}": v.boolean for kind in kinds}


COMPARISONS = _comparisons()
"""Each comparison operator of a JSONPath rule with the check of its operand."""

_ON = {"Comment": Field(v.string), "Next": Field(v.string, required=True), "Assign": Field(v.assignment)}
_CONDITION: dict[str, Field] = {**_ON, "Condition": Field(v.anything, required=True), "Output": Field(v.template)}


def check_choices(state: dict[str, Any], place: str, scope: v.Scope) -> None:
    """Check the rules of a Choice state."""
    rules, here = state.get("Choices"), child(place, "Choices")
    if scope.findings.is_open(rules):
        return
    if not isinstance(rules, list) or not rules:
        if "Choices" in state:
            scope.findings.schema("The value should be an array with at least one choice rule", here)
        return
    for index, rule in enumerate(rules):
        below = child(here, index)
        if not isinstance(rule, dict):
            scope.findings.schema("The value should be an object", below)
        elif scope.language == "JSONata":
            checks(_CONDITION, rule, below, scope)
            condition = rule.get("Condition")
            if "Condition" in rule and not isinstance(condition, bool):
                v.jsonata(condition, child(below, "Condition"), scope)
        else:
            _check_rule(rule, below, scope, _ON)


def _check_rule(rule: dict[str, Any], place: str, scope: v.Scope, extra: dict[str, Field]) -> None:
    """Check one JSONPath rule; `extra` are the fields only the outermost one may have."""
    tests = [name for name in rule if name in COMPARISONS or name in ("And", "Or", "Not")]
    if len(tests) != 1:
        found = ", ".join(tests) or "none"
        scope.findings.schema(f"A choice rule should have one comparison or And, Or, Not, and has {found}", place)
    fields = dict(extra)
    fields.setdefault("Comment", Field(v.string))
    for name in tests:
        fields[name] = Field(COMPARISONS.get(name, v.anything))
    if any(name in COMPARISONS for name in tests):
        fields["Variable"] = Field(v.path, required=True)
    checks(fields, rule, place, scope)
    for name in ("And", "Or"):
        if name in rule:
            _check_rules(rule[name], child(place, name), scope)
    if "Not" in rule:
        _check_inner(rule["Not"], child(place, "Not"), scope)


def _check_rules(rules: Any, place: str, scope: v.Scope) -> None:
    if not isinstance(rules, list) or not rules:
        scope.findings.schema("The value should be an array with at least one rule", place)
        return
    for index, rule in enumerate(rules):
        _check_inner(rule, child(place, index), scope)


def _check_inner(rule: Any, place: str, scope: v.Scope) -> None:
    if isinstance(rule, dict):
        _check_rule(rule, place, scope, {})
    else:
        scope.findings.schema("The value should be an object", place)
