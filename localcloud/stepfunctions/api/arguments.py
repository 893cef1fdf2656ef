"""Arguments held against botocore's own model of Step Functions, so that errors read as AWS's do."""

from __future__ import annotations

import re
from typing import Any

from botocore.session import Session

from localcloud.stepfunctions.api.errors import (
    SerializationException,
    UnknownOperationException,
    ValidationException,
)

Arguments = dict[str, Any]
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "structure": (dict,),
    "map": (dict,),
    "list": (list, tuple),
}


class ServiceModel:
    """Step Functions as botocore knows it."""

    def __init__(self) -> None:
        self.service: Any = Session().get_service_model("stepfunctions")

    def check(self, operation: str, arguments: Arguments) -> Arguments:
        """The arguments the operation knows, all of them fit.

        Raises UnknownOperationException, SerializationException, and ValidationException with every fault.
        """
        if operation not in self.service.operation_names:
            raise UnknownOperationException(f"There is no operation {operation}")
        shape = self.service.operation_model(operation).input_shape
        faults: list[str] = []
        known = _structure(shape, arguments, "", faults)
        if faults:
            noun = "error" if len(faults) == 1 else "errors"
            raise ValidationException(f"{len(faults)} validation {noun} detected: {'; '.join(faults)}")
        return known


def _structure(shape: Any, value: Arguments, place: str, faults: list[str]) -> Arguments:
    for name in shape.required_members:
        if value.get(name) is None:
            faults.append(f"Value null at '{place}{name}' failed to satisfy constraint: Member must not be null")
    return {
        name: _value(shape.members[name], item, f"{place}{name}", faults)
        for name, item in value.items()
        if name in shape.members and item is not None
    }


def _value(shape: Any, value: Any, place: str, faults: list[str]) -> Any:
    kind = shape.type_name
    fits = any(isinstance(value, one) for one in _TYPES[kind])
    if not fits or (isinstance(value, bool) and kind != "boolean"):
        raise SerializationException(f"'{place}' should be of type {kind}, and is {type(value).__name__}")
    if kind == "structure":
        return _structure(shape, value, f"{place}.", faults)
    if kind == "list":
        _check_length(shape, value, place, faults)
        return [
            _value(shape.member, item, f"{place}.{number}.member", faults) for number, item in enumerate(value, 1)
        ]
    if kind == "string":
        _check_length(shape, value, place, faults)
        _check_text(shape, value, place, faults)
    elif kind != "boolean":
        _check_range(shape, value, place, faults)
    return value


def _check_length(shape: Any, value: Any, place: str, faults: list[str]) -> None:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and len(value) < least:
        faults.append(_fault(shape, value, place, f"Member must have length greater than or equal to {least}"))
    if most is not None and len(value) > most:
        faults.append(_fault(shape, value, place, f"Member must have length less than or equal to {most}"))


def _check_text(shape: Any, value: str, place: str, faults: list[str]) -> None:
    if shape.enum and value not in shape.enum:
        faults.append(
            _fault(shape, value, place, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
        )
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern.replace(r"\p{ASCII}", r"[\x00-\x7f]"), value):
        faults.append(_fault(shape, value, place, f"Member must satisfy regular expression pattern: {pattern}"))


def _check_range(shape: Any, value: float, place: str, faults: list[str]) -> None:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        faults.append(_fault(shape, value, place, f"Member must have value greater than or equal to {least}"))
    if most is not None and value > most:
        faults.append(_fault(shape, value, place, f"Member must have value less than or equal to {most}"))


def _fault(shape: Any, value: Any, place: str, constraint: str) -> str:
    shown = "" if shape.metadata.get("sensitive") else f" '{value}'"
    return f"Value{shown} at '{place}' failed to satisfy constraint: {constraint}"
