"""The ARNs the API takes, told apart by kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from localcloud.stepfunctions.errors import InvalidArn

_STATES = re.compile(r"arn:[\w-]+:states:[\w-]+:\d{12}:(?P<kind>\w+):(?P<rest>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MachineArn:
    """The ARN of a machine, or of one of its versions or aliases; the mocked test case, if any, is behind "#"."""

    plain: str
    name: str
    qualifier: str | None = None
    test_case: str | None = None


def machine_arn(arn: str) -> MachineArn:
    """Read a state machine's ARN. Raises InvalidArn."""
    bare, _mark, test_case = arn.partition("#")
    name, _colon, qualifier = _rest(bare, "stateMachine").partition(":")
    plain = bare.removesuffix(f":{qualifier}") if qualifier else bare
    return MachineArn(plain, name, qualifier or None, test_case or None)


def execution_arn(arn: str) -> str:
    """The ARN of a Standard execution, as it is. Raises InvalidArn; Express executions have no API here."""
    _rest(arn, "execution")
    return arn


def map_run_arn(arn: str) -> str:
    """The ARN of a Map Run, as it is. Raises InvalidArn."""
    _rest(arn, "mapRun")
    return arn


def role_arn(arn: str) -> str:
    """The ARN of a role, as it is. Raises InvalidArn."""
    if not re.fullmatch(r"arn:[\w-]+:iam::\d{12}:role/.+", arn):
        raise InvalidArn(f"Invalid Role Arn: {arn}")
    return arn


def _rest(arn: str, kind: str) -> str:
    match = _STATES.fullmatch(arn)
    if match is None:
        raise InvalidArn(f"Invalid ARN prefix: {arn}")
    if match["kind"] != kind:
        raise InvalidArn(f"Resource type not valid in this context: {match['kind']}")
    return match["rest"]
