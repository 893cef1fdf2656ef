"""Resource of a Task state: a Lambda's or an activity's ARN, or `arn:aws:states:::service:action[.pattern]`."""

from __future__ import annotations

import re
from typing import Any

from localcloud.stepfunctions.validation.problem import Findings, child

_LAMBDA = re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:(\$LATEST|[\w-]+))?")
_LAMBDA_PLACEHOLDER = re.compile(r"\$\{[^}]+\}(:([\w-]+|\$\{[^}]+\}))?")
_ACTIVITY = re.compile(r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:activity:[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/]{1,80}")
_SDK = re.compile(r"arn:aws[a-z-]*:states:::aws-sdk:[a-z0-9]+:[a-z]\w*(\.waitForTaskToken)?")
_SERVICE = re.compile(
    r"arn:aws[a-z-]*:states:::(?P<service>[a-z][a-z-]*):(?P<action>[a-zA-Z]+)(\.(?P<pattern>[\w:]+))?"
)
_PLAIN, _JOB, _CALLBACK = "", "sync", "waitForTaskToken"

_PATTERNS: dict[str, tuple[str, ...]] = {
    "apigateway:invoke": (_PLAIN, _CALLBACK),
    "athena:startQueryExecution": (_PLAIN, _JOB),
    "athena:stopQueryExecution": (_PLAIN,),
    "athena:getQueryExecution": (_PLAIN,),
    "athena:getQueryResults": (_PLAIN,),
    "batch:submitJob": (_PLAIN, _JOB),
    "bedrock:invokeModel": (_PLAIN, _CALLBACK),
    "bedrock:createModelCustomizationJob": (_PLAIN, _JOB),
    "codebuild:startBuild": (_PLAIN, _JOB),
    "codebuild:stopBuild": (_PLAIN,),
    "codebuild:batchDeleteBuilds": (_PLAIN,),
    "codebuild:batchGetReports": (_PLAIN,),
    "dynamodb:getItem": (_PLAIN,),
    "dynamodb:putItem": (_PLAIN,),
    "dynamodb:updateItem": (_PLAIN,),
    "dynamodb:deleteItem": (_PLAIN,),
    "ecs:runTask": (_PLAIN, _JOB, _CALLBACK),
    "events:putEvents": (_PLAIN, _CALLBACK),
    "glue:startJobRun": (_PLAIN, _JOB),
    "http:invoke": (_PLAIN,),
    "lambda:invoke": (_PLAIN, _CALLBACK),
    "mediaconvert:createJob": (_PLAIN, _JOB),
    "sns:publish": (_PLAIN, _CALLBACK),
    "sqs:sendMessage": (_PLAIN, _CALLBACK),
    "states:startExecution": (_PLAIN, _JOB, "sync:2", _CALLBACK),
}
"""The integration patterns of AWS's optimized integrations.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""
_SERVICES_WITH_ANY_ACTION = frozenset(
    ("databrew", "eks", "elasticmapreduce", "emr-containers", "emr-serverless", "sagemaker")
)


def check_resource(state: dict[str, Any], place: str, findings: Findings) -> None:
    """Check a Task's Resource; what is unknown to AWS is INVALID_RESOURCE."""
    resource = state.get("Resource")
    if not isinstance(resource, str) or findings.is_open(resource):
        return
    if resource_fault := _fault(resource, express=findings.express):
        findings.error("INVALID_RESOURCE", resource_fault, child(place, "Resource"))


def is_lambda(resource: Any) -> bool:
    """Whether a Task calls a function: by ARN, by "${Arn}" or "${Arn}:live", or by lambda:invoke."""
    if not isinstance(resource, str):
        return False
    by_arn = _LAMBDA.fullmatch(resource) or _LAMBDA_PLACEHOLDER.fullmatch(resource)
    return by_arn is not None or ":states:::lambda:invoke" in resource


def _fault(resource: str, *, express: bool) -> str | None:
    if _LAMBDA.fullmatch(resource):
        return None
    pattern = ""
    if match := _SERVICE.fullmatch(resource):
        pattern = match["pattern"] or ""
        allowed = _PATTERNS.get(f"{match['service']}:{match['action']}")
        if allowed is None and match["service"] in _SERVICES_WITH_ANY_ACTION:
            allowed = (_PLAIN, _JOB)
        if allowed is None or pattern not in allowed:
            return _unrecognized(resource)
    elif _SDK.fullmatch(resource):
        pattern = resource.rpartition(".")[2] if resource.endswith(f".{_CALLBACK}") else ""
    elif not _ACTIVITY.fullmatch(resource):
        return _unrecognized(resource)
    if express and (pattern or ":activity:" in resource):
        return f"Express state machine does not support '{resource}'"
    return None


def _unrecognized(resource: str) -> str:
    return (
        f"The resource provided {resource} is not recognized. The value is not a valid resource ARN, "
        "or the resource is not available in this region."
    )
