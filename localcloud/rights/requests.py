"""An AWS request in IAM's words.

IAM's actions are mostly the API's operations, and mostly not where one operation does several things: a batch of
messages is `sqs:SendMessage`, a transaction is what each part of it does, a HEAD of an object is `s3:GetObject`.
Source: the Service Authorization Reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Call = tuple[str, str]
"""("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:123456789012:table/campaigns")"""

_OBJECT_KEY = re.compile(rb"<Key>(.*?)</Key>")
_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_PREFIXES = {"monitoring": "cloudwatch", "email": "ses", "bedrock-runtime": "bedrock"}


class Translator:
    """Knows region, account, and which machine waits for a task token."""

    def __init__(self, region: str, account_id: str, machine_of: Callable[[str], str]) -> None:
        self._place = f"{region}:{account_id}"
        self._region = region
        self._machine_of = machine_of
        self._workgroup = "primary"

    def calls(self, service: str, request: Any) -> list[Call]:
        """Return what a request signed for ``service`` (its signing name) needs the right to."""
        if service == "s3":
            return list(self._s3(request))
        target = _text(request.headers.get("X-Amz-Target", ""))
        if target:
            operation = target.rpartition(".")[2]
            return list(self._json(service, operation, json.loads(_text(request.body) or "{}")))
        return list(self._rest(service, request))

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self._place}:{resource}"

    def _json(self, service: str, operation: str, sent: dict[str, Any]) -> Iterator[Call]:
        if service == "dynamodb":
            yield from self._dynamodb(operation, sent)
        elif service == "sqs":
            name = str(sent.get("QueueUrl", "")).rpartition("/")[2] or sent.get("QueueName", "*")
            yield f"sqs:{operation.removesuffix('Batch')}", self._arn("sqs", name)
        elif service == "secretsmanager":
            name = sent["SecretId"]
            known = name if name.startswith("arn:") else self._arn("secretsmanager", f"secret:{name}-AbCdEf")
            yield f"secretsmanager:{operation}", known
        elif service == "kms":
            # By its alias still; the recording knows the key.
            yield f"kms:{operation}", str(sent.get("KeyId", "*"))
        elif service == "ssm":
            yield f"ssm:{operation}", self._arn("ssm", f"parameter{sent['Name']}")
        elif service == "states":
            yield from self._states(operation, sent)
        elif service == "logs" and "logGroupName" in sent:
            yield f"logs:{operation}", self._arn("logs", f"log-group:{sent['logGroupName']}")
        elif service == "athena":
            # Later requests name the query alone; a project has one workgroup.
            self._workgroup = sent.get("WorkGroup", self._workgroup)
            yield f"athena:{operation}", self._arn("athena", f"workgroup/{self._workgroup}")
        else:
            yield f"{_PREFIXES.get(service, service)}:{operation}", "*"

    def _dynamodb(self, operation: str, sent: dict[str, Any]) -> Iterator[Call]:
        if operation.startswith("Batch") and "RequestItems" in sent:
            for table in sent["RequestItems"]:
                yield f"dynamodb:{operation}", self._table(table)
        elif operation == "TransactWriteItems":
            for part in sent["TransactItems"]:
                for kind, inner in part.items():
                    yield f"dynamodb:{_TRANSACTION[kind]}", self._table(inner["TableName"])
        elif operation == "TransactGetItems":
            for part in sent["TransactItems"]:
                yield "dynamodb:GetItem", self._table(part["Get"]["TableName"])
        else:
            index = f"/index/{sent['IndexName']}" if "IndexName" in sent else ""
            yield f"dynamodb:{operation}", self._table(sent.get("TableName", "*")) + index

    def _table(self, name: str) -> str:
        return name if name.startswith("arn:") else self._arn("dynamodb", f"table/{name}")

    def _states(self, operation: str, sent: dict[str, Any]) -> Iterator[Call]:
        if "taskToken" in sent:
            if machine := self._machine_of(sent["taskToken"]):
                yield f"states:{operation}", machine
            return
        yield f"states:{operation}", str(sent.get("executionArn") or sent.get("stateMachineArn") or "*")

    def _rest(self, service: str, request: Any) -> Iterator[Call]:
        """Yield the calls of services that speak in paths, or in forms as SNS does."""
        parts = urlsplit(request.url)
        path = [unquote(part) for part in parts.path.split("/") if part]
        if service == "lambda" and path[-1:] == ["invocations"]:
            name = path[-2]
            yield (
                "lambda:InvokeFunction",
                name if name.startswith("arn:") else self._arn("lambda", f"function:{name}"),
            )
        elif service == "lambda" and path[-1:] == ["configuration"] and request.method == "GET":
            name = path[-2]
            yield (
                "lambda:GetFunctionConfiguration",
                name if name.startswith("arn:") else self._arn("lambda", f"function:{name}"),
            )
        elif service == "scheduler" and path[:1] == ["schedules"] and len(path) == 2:
            sent = json.loads(_text(request.body) or "{}")
            group = sent.get("GroupName") or parse_qs(parts.query).get("groupName", ["default"])[0]
            verb = {"POST": "Create", "PUT": "Update", "DELETE": "Delete", "GET": "Get"}[request.method]
            yield f"scheduler:{verb}Schedule", self._arn("scheduler", f"schedule/{group}/{path[1]}")
            if role := sent.get("Target", {}).get("RoleArn"):
                yield "iam:PassRole", role
        elif service in ("bedrock", "bedrock-runtime") and path[:1] == ["model"]:
            yield "bedrock:InvokeModel", f"arn:aws:bedrock:{self._region}::foundation-model/{path[1]}"
        else:
            form = parse_qs(_text(request.body))
            operation = form.get("Action", [request.method])[0]
            resource = form.get("TopicArn", ["*"])[0]
            yield f"{_PREFIXES.get(service, service)}:{operation}", resource

    def _s3(self, request: Any) -> Iterator[Call]:
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        path = unquote(parts.path).lstrip("/")
        if match := re.fullmatch(r"(?P<bucket>.+)\.s3[.-].*", host):
            bucket, key = match["bucket"], path
        else:
            bucket, _, key = path.partition("/")
        query = parse_qs(parts.query, keep_blank_values=True)
        versioned = "Version" if "versionId" in query else ""
        of_bucket, of_object = f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/{key}"
        if request.method == "POST" and "delete" in query:
            for name in _OBJECT_KEY.findall(_text(request.body).encode()):
                yield "s3:DeleteObject", f"{of_bucket}/{name.decode()}"
        elif not key:
            yield {"HEAD": "s3:ListBucket", "GET": "s3:ListBucket"}.get(request.method, "s3:*"), of_bucket
        elif request.method in ("GET", "HEAD"):
            yield f"s3:GetObject{versioned}", of_object
        elif request.method == "DELETE":
            yield ("s3:AbortMultipartUpload" if "uploadId" in query else f"s3:DeleteObject{versioned}"), of_object
        else:
            yield "s3:PutObject", of_object
            if copied := _text(request.headers.get("x-amz-copy-source", "")):
                yield "s3:GetObject", f"arn:aws:s3:::{unquote(copied).lstrip('/').partition('?')[0]}"


def asks_for_more_when_missing(call: Call) -> Call | None:
    """Return what S3 wants besides, to answer 404 and not 403 for an object that is not there."""
    action, resource = call
    if action not in ("s3:GetObject", "s3:GetObjectVersion"):
        return None
    return "s3:ListBucket", resource.partition("/")[0]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "read"):
        return ""  # a body that is a stream is an object's
    return value.decode("utf-8", "replace") if isinstance(value, bytes | bytearray) else str(value)
