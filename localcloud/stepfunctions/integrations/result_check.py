"""Whether a result somebody made up is one the API could give: for mocked responses."""

from __future__ import annotations

from typing import Any

from botocore.session import Session

from localcloud.stepfunctions.integrations.clients import operation_name
from localcloud.stepfunctions.integrations.names import boto_service, optimized_member, sdk_member
from localcloud.stepfunctions.integrations.resource import parse_resource
from localcloud.stepfunctions.task import JsonValue

_ADDED = ("SdkHttpMetadata", "SdkResponseMetadata")
"""Fields optimized integrations add to what the API returns."""
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "boolean": ((bool,), "a boolean"),
    "integer": ((int,), "an integer"),
    "long": ((int,), "an integer"),
    "float": ((int, float), "a number"),
    "double": ((int, float), "a number"),
    "timestamp": ((str, int, float), "a time"),
    "structure": ((dict,), "an object"),
    "map": ((dict,), "an object"),
    "list": ((list,), "an array"),
    "string": ((str,), "a text"),
}


class ResultCheck:
    """Holds results against botocore's models, each service's model read once."""

    def __init__(self) -> None:
        self._session = Session()
        self._models: dict[str, Any] = {}

    def faults(self, resource: str, value: JsonValue, *, required: bool = False) -> list[str]:
        """What in `value` cannot be a result of `resource`; nothing for functions and unknown services.

        `required` also names fields the API always gives.
        """
        action = parse_resource(resource)
        if action is None or action.pattern:
            return []  # a function's own value, or one a worker or a finished job gives
        shape = self._output_shape(action.service, action.action)
        if shape is None:
            return []
        if not isinstance(value, dict):
            return ["the result should be an object"]
        return _structure_faults(shape, value, "", sdk=action.sdk, required=required)

    def _output_shape(self, service: str, action: str) -> Any:
        if service not in self._models:
            name = boto_service(service, self._session.get_available_services())
            self._models[service] = None if name is None else self._session.get_service_model(name)
        model = self._models[service]
        operation = None if model is None else operation_name(model, action)
        return None if operation is None else model.operation_model(operation).output_shape


def _structure_faults(
    shape: Any, value: dict[str, JsonValue], place: str, *, sdk: bool, required: bool
) -> list[str]:
    name_of = sdk_member if sdk else optimized_member
    names = {name_of(name): name for name in shape.members}
    found: list[str] = []
    for key, item in value.items():
        here = f"{place}.{key}" if place else key
        if key in names:
            found += _faults(shape.members[names[key]], item, here, sdk=sdk, required=required)
        elif place or sdk or key not in _ADDED:
            found.append(f"{here}: {shape.name} has no such field")
    if required:
        found += [
            f"{place}.{name_of(name)}".lstrip(".") + ": is missing"
            for name in shape.required_members
            if name_of(name) not in value
        ]
    return found


def _faults(shape: Any, value: JsonValue, place: str, *, sdk: bool, required: bool) -> list[str]:
    if getattr(shape, "is_document_type", False) or shape.type_name == "blob":
        return []  # Payload and the like: any JSON value
    types, wanted = _TYPES[shape.type_name]
    fits = any(isinstance(value, one) for one in types)
    if not fits or (isinstance(value, bool) and shape.type_name != "boolean"):
        return [f"{place}: should be {wanted}"]
    if shape.type_name == "structure":
        return _structure_faults(shape, value, place, sdk=sdk, required=required)
    if shape.type_name == "list":
        return [
            fault
            for index, item in enumerate(value)
            for fault in _faults(shape.member, item, f"{place}[{index}]", sdk=sdk, required=required)
        ]
    if shape.type_name == "map":
        return [
            fault
            for key, item in value.items()
            for fault in _faults(shape.value, item, f"{place}.{key}", sdk=sdk, required=required)
        ]
    return []
