"""CloudFormation's functions, computed: Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::Select, Fn::Split, Fn::If, ...

`Fn::ImportValue` and `Fn::Transform` are refused: they ask for another stack, and there is one.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from localcloud.errors import TemplateError

_VARIABLE = re.compile(r"\$\{([^!][^}]*)\}")
_NO_VALUE = object()


@dataclass(slots=True)
class Created:
    """What a resource answers once it exists."""

    ref: Any
    """The value of `Ref`."""
    attributes: dict[str, Any] = field(default_factory=dict)
    """The values of `Fn::GetAtt`, by attribute name."""


class Resolver:
    """Computes values against a template's parameters, conditions, mappings and created resources."""

    def __init__(
        self,
        template: Mapping[str, Any],
        *,
        stack: str,
        region: str = "us-east-1",
        account_id: str = "123456789012",
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        self.created: dict[str, Created] = {}
        self._resources: Mapping[str, Any] = template.get("Resources", {})
        self._mappings: Mapping[str, Any] = template.get("Mappings", {})
        self._conditions: Mapping[str, Any] = template.get("Conditions", {})
        self._pseudo: dict[str, Any] = {
            "AWS::Region": region,
            "AWS::AccountId": account_id,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": stack,
            "AWS::StackId": f"arn:aws:cloudformation:{region}:{account_id}:stack/{stack}/local",
            "AWS::NotificationARNs": [],
            "AWS::NoValue": _NO_VALUE,
        }
        self._parameters = _parameter_values(template.get("Parameters", {}), parameters or {})

    def resolve(self, value: Any, place: str) -> Any:
        """Return ``value`` with every function computed; a key whose value is AWS::NoValue is left out.

        Raises:
            TemplateError: an unknown name, function or a wrong argument; the message starts with ``place``.
        """
        if isinstance(value, dict):
            if len(value) == 1:
                name, argument = next(iter(value.items()))
                if name == "Ref" or name.startswith("Fn::") or (name == "Condition" and isinstance(argument, str)):
                    return self._call(name, argument, place)
            resolved = {key: self.resolve(item, f"{place}.{key}") for key, item in value.items()}
            return {key: item for key, item in resolved.items() if item is not _NO_VALUE}
        if isinstance(value, list):
            items = [self.resolve(item, f"{place}[{index}]") for index, item in enumerate(value)]
            return [item for item in items if item is not _NO_VALUE]
        return value

    def condition(self, name: str, place: str) -> bool:
        """Return whether the template's condition ``name`` holds."""
        if name not in self._conditions:
            raise TemplateError(f"{place}: there is no condition {name!r}")
        return bool(self.resolve(self._conditions[name], f"Conditions.{name}"))

    def references(self, value: Any) -> Iterator[str]:
        """Yield the logical ids of resources that ``value`` refers to."""
        if isinstance(value, dict):
            for key, item in value.items():
                if key == "Ref" and isinstance(item, str):
                    names = [item]
                elif key == "Fn::GetAtt":
                    names = [item.split(".")[0] if isinstance(item, str) else item[0]]
                elif key == "Fn::Sub":
                    text = item if isinstance(item, str) else item[0]
                    names = [name.split(".")[0] for name in _VARIABLE.findall(text)]
                    yield from self.references(item[1] if isinstance(item, list) else None)
                else:
                    yield from self.references(item)
                    continue
                yield from (name for name in names if name in self._resources)
        elif isinstance(value, list):
            for item in value:
                yield from self.references(item)

    def _call(self, name: str, argument: Any, place: str) -> Any:
        if name == "Fn::GetAtt":
            return self._get_att(argument, place)
        if name == "Fn::Sub":
            return self._sub(argument, place)
        if name == "Fn::If":
            return self._if(argument, place)
        function = _FUNCTIONS.get(name)
        if function is None:
            raise TemplateError(f"{place}: {name} cannot be computed locally")
        try:
            return function(self, self.resolve(argument, place), place)
        except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
            raise TemplateError(f"{place}: {name} of {argument!r}: {error!r}") from None

    def _ref(self, name: str, place: str) -> Any:
        if name in self._pseudo:
            return self._pseudo[name]
        if name in self._parameters:
            return self._parameters[name]
        if name in self.created:
            return self.created[name].ref
        raise TemplateError(f"{place}: Ref names {name!r}, which is no parameter and no resource created before")

    def _get_att(self, argument: Any, place: str) -> Any:
        logical_id, _, attribute = (
            argument.partition(".") if isinstance(argument, str) else (*argument[:1], "", argument[1])
        )
        if logical_id not in self.created:
            raise TemplateError(f"{place}: Fn::GetAtt names {logical_id!r}, which is no resource created before")
        attributes = self.created[logical_id].attributes
        if attribute not in attributes:
            known = ", ".join(sorted(attributes)) or "none"
            raise TemplateError(f"{place}: {logical_id} has no attribute {attribute!r}; known are {known}")
        return attributes[attribute]

    def _sub(self, argument: Any, place: str) -> str:
        text, variables = (argument, {}) if isinstance(argument, str) else (argument[0], argument[1])
        own = self.resolve(variables, place)

        def replace(match: re.Match[str]) -> str:
            name = match[1]
            if name in own:
                return str(own[name])
            if "." in name and name.split(".")[0] in self._resources:
                return str(self._get_att(name, place))
            return str(self._ref(name, place))

        return _VARIABLE.sub(replace, text).replace("${!", "${")

    def _if(self, argument: Any, place: str) -> Any:
        if not isinstance(argument, list) or len(argument) != 3:
            raise TemplateError(f"{place}: Fn::If takes a condition and two values")
        name, then, otherwise = argument
        return self.resolve(then if self.condition(name, place) else otherwise, place)

    def _find_in_map(self, argument: list[str], _place: str) -> Any:
        name, first, second = argument[:3]
        return self._mappings[name][first][second]


def _parameter_values(declared: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    values = {}
    for name, declaration in declared.items():
        value = given.get(name, declaration.get("Default"))
        if value is None:
            raise TemplateError(f"Parameters.{name}: has no Default, and no value was given")
        if declaration.get("Type", "").startswith(("CommaDelimitedList", "List<")) and isinstance(value, str):
            value = [part.strip() for part in value.split(",")]
        values[name] = value
    return values


_FUNCTIONS: dict[str, Any] = {
    "Ref": Resolver._ref,
    "Condition": Resolver.condition,
    "Fn::FindInMap": Resolver._find_in_map,
    "Fn::Join": lambda _self, a, _place: a[0].join(str(part) for part in a[1]),
    "Fn::Select": lambda _self, a, _place: a[1][int(a[0])],
    "Fn::Split": lambda _self, a, _place: a[1].split(a[0]),
    "Fn::Equals": lambda _self, a, _place: str(a[0]) == str(a[1]),
    "Fn::And": lambda _self, a, _place: all(a),
    "Fn::Or": lambda _self, a, _place: any(a),
    "Fn::Not": lambda _self, a, _place: not a[0],
    "Fn::Base64": lambda _self, a, _place: base64.b64encode(a.encode()).decode(),
    "Fn::GetAZs": lambda _self, a, _place: [f"{a or 'us-east-1'}{zone}" for zone in "abc"],
    "Fn::Length": lambda _self, a, _place: len(a),
    "Fn::ToJsonString": lambda _self, a, _place: json.dumps(a),
}
