"""What a Task's Resource names."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SERVICE = re.compile(
    r"arn:[\w-]+:states:[\w-]*:\d*:(?P<sdk>aws-sdk:)?(?P<service>[\w-]+):(?P<action>\w+)(\.(?P<pattern>[\w:]+))?"
)


@dataclass(frozen=True, slots=True)
class ServiceAction:
    """One action of one service: `arn:aws:states:::aws-sdk:s3:getObject` is s3, getObject, by the SDK."""

    service: str
    action: str
    sdk: bool = False
    """True for AWS SDK integrations, which differ from the optimized ones in names, errors and times."""
    pattern: str = ""
    """"" (request and response), "sync", "sync:2" or "waitForTaskToken"."""


def parse_resource(resource: str) -> ServiceAction | None:
    """The service action a resource names; None for anything else, e.g. a Lambda's ARN."""
    match = _SERVICE.fullmatch(resource)
    if match is None:
        return None
    return ServiceAction(match["service"], match["action"], match["sdk"] is not None, match["pattern"] or "")
