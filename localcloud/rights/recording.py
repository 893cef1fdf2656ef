"""What the roles of one local cloud did, and what they may do: written to a file when the cloud closes.

    {"principals": {"StatusChecker": {"role": ARN, "statements": [...], "calls": [["sqs:SendMessage", ARN], ...]}}}

A principal is a function, a machine or a task definition by its logical id. Its calls are those seen, and those
which AWS makes with its role without being asked by its code: polling of its queue, delivery to its destination,
use of a queue's or topic's key. Of a machine they are also those that any state of its definition would make.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from localcloud.rights.caller import role_of
from localcloud.rights.requests import Call, Translator, asks_for_more_when_missing
from localcloud.rights.tasks import task_calls
from localcloud.stepfunctions import TaskCall
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.errors import StepFunctionsError

Client = Callable[[str], Any]
_NOT_FOUND = 404
_POLLING = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


def folder_of_recordings() -> Path | None:
    """Return where recordings are to be written; None when nobody asked for any."""
    named = os.environ.get("LOCALCLOUD_CALLS")
    return Path(named) if named else None


class Recording:
    """Sees every request on its way through the router, from any thread."""

    def __init__(self, engine: Engine, region: str, account_id: str) -> None:
        self._engine = engine
        self._region, self._account_id = region, account_id
        self._translator = Translator(region, account_id, self._machine_of)
        self._calls: dict[str, set[Call]] = defaultdict(set)
        self._tasks: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()
        self._stop_watching: Callable[[], None] = lambda: None

    def open(self) -> None:
        """Watch links being signed, too: who signs one lends its rights to whoever has it."""
        from botocore.signers import RequestSigner

        sign, recording = RequestSigner.generate_presigned_url, self

        def generate(
            signer: Any, request_dict: dict[str, Any], operation_name: str, *more: Any, **named: Any
        ) -> str:
            url: str = sign(signer, request_dict, operation_name, *more, **named)
            recording.seen(signer.signing_name, _Signed(request_dict))(200)
            return url

        RequestSigner.generate_presigned_url = generate
        self._stop_watching = lambda: setattr(RequestSigner, "generate_presigned_url", sign)

    def close(self) -> None:
        """Stop watching."""
        self._stop_watching()

    def seen(self, service: str, request: Any) -> Callable[[int], None]:
        """Take a request, before it is answered, and return what takes the answer's status."""
        role = role_of(request.headers)
        if not role:
            return lambda _status: None
        calls = self._translator.calls(service, request)

        def answered(status: int) -> None:
            with self._lock:
                self._calls[role].update(calls)
                if status == _NOT_FOUND:
                    self._calls[role].update(filter(None, map(asks_for_more_when_missing, calls)))

        return answered

    def task_seen(self, call: TaskCall) -> None:
        """Take a call of a machine."""
        with self._lock:
            self._tasks.add((call.state_machine_arn, call.resource, json.dumps(call.arguments, sort_keys=True)))

    def write(self, folder: Path, client: Client, functions: Any, site: Any, key_names: Mapping[str, str]) -> None:
        """Write what was seen, and the policies it is to be compared with, to a new file of ``folder``.

        ``key_names``: id of a KMS key -> its logical id, as ids are new in each cloud.
        """
        statements = _statements(client)
        aliases = {
            one["AliasName"]: f"arn:aws:kms:{self._region}:{self._account_id}:key/{one['TargetKeyId']}"
            for one in client("kms").list_aliases()["Aliases"]
            if "TargetKeyId" in one
        }
        keys = _keys(client, self._region, self._account_id)
        roles = _roles_of_containers(client)
        ours = {f":stateMachine:{name}" for name in site.machine_names.values()}
        principals = {}
        for name, role, more in [
            *self._functions(functions, site),
            *self._machines(site, roles),
            *((family, found[0], set()) for family, found in _families(roles).items()),
        ]:
            calls = {(action, aliases.get(resource, resource)) for action, resource in self._calls[role] | more}
            calls |= set(_key_calls(calls, keys))
            # Answers to a machine that a test made for itself.
            calls = {call for call in calls if "SendTask" not in call[0] or call[1].endswith(tuple(ours))}
            principals[name] = {"role": role, "statements": statements.get(role, []), "calls": sorted(calls)}
        text = json.dumps({"principals": principals}, indent=1)
        for key, name in key_names.items():
            text = text.replace(key, name)
        (folder / f"{uuid.uuid4().hex}.json").write_text(text, encoding="utf-8")

    def _functions(self, functions: Any, site: Any) -> Iterator[tuple[str, str, set[Call]]]:
        for function in functions:
            if not function.role_arn:
                continue
            more: set[Call] = set()
            for mapping in site.mappings:
                if mapping.function_arn == function.arn:
                    more |= {(action, mapping.queue_arn) for action in _POLLING}
            settings = site.async_settings.get(function.arn)
            if settings and settings.on_failure_arn and ":sqs:" in settings.on_failure_arn:
                more.add(("sqs:SendMessage", settings.on_failure_arn))
            yield function.logical_id, function.role_arn, more

    def _machines(self, site: Any, roles: dict[str, list[str]]) -> Iterator[tuple[str, str, set[Call]]]:
        there = {machine.name: machine for machine in self._engine.list_state_machines()}
        for logical_id, name in site.machine_names.items():
            if (machine := there.get(name)) is None:
                continue  # somebody deleted it
            more: set[Call] = set()
            real = [(resource, json.loads(sent)) for arn, resource, sent in self._tasks if arn == machine.arn]
            for resource, arguments in [*_tasks(json.loads(machine.definition_text)), *real]:
                more |= set(task_calls(machine.arn, resource, arguments, self._region, self._account_id, roles))
            yield logical_id, machine.role_arn, more

    def _machine_of(self, token: str) -> str:
        try:
            return str(self._engine.tokens.find(token).frame.execution.machine.arn)
        except StepFunctionsError:
            return ""


class _Signed:
    """A request that was signed into a link."""

    def __init__(self, request_dict: Mapping[str, Any]) -> None:
        self.method = request_dict["method"]
        self.url = request_dict["url"]
        self.headers = request_dict["headers"]
        self.body = b""


def _statements(client: Client) -> dict[str, list[dict[str, Any]]]:
    """Return role ARN -> the statements of its inline policies."""
    found: dict[str, list[dict[str, Any]]] = {}
    for page in client("iam").get_paginator("get_account_authorization_details").paginate(Filter=["Role"]):
        for role in page["RoleDetailList"]:
            found[role["Arn"]] = [
                statement
                for policy in role.get("RolePolicyList", [])
                for statement in _document(policy["PolicyDocument"])["Statement"]
            ]
    return found


def _document(value: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return document


def _keys(client: Client, region: str, account_id: str) -> dict[str, str]:
    """Return queue's or topic's ARN -> ARN of the key that encrypts it, where that is a key of ours."""
    sqs, sns = client("sqs"), client("sns")
    found = {}
    for url in sqs.list_queues().get("QueueUrls", []):
        held = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        found[held["QueueArn"]] = held.get("KmsMasterKeyId", "")
    for topic in sns.list_topics()["Topics"]:
        held = sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]
        found[topic["TopicArn"]] = held.get("KmsMasterKeyId", "")
    return {arn: f"arn:aws:kms:{region}:{account_id}:key/{key}" for arn, key in found.items() if key}


def _key_calls(calls: set[Call], keys: Mapping[str, str]) -> Iterator[Call]:
    """Yield what a queue's or topic's key is asked in the caller's name."""
    for action, resource in calls:
        if key := keys.get(resource):
            if action in ("sqs:SendMessage", "sns:Publish"):
                yield "kms:GenerateDataKey", key
            if action in ("sqs:SendMessage", "sns:Publish", "sqs:ReceiveMessage"):
                yield "kms:Decrypt", key


def _roles_of_containers(client: Client) -> dict[str, list[str]]:
    """Return task definition's ARN -> its task role, then its execution role."""
    found = {}
    for arn in client("ecs").list_task_definitions()["taskDefinitionArns"]:
        described = client("ecs").describe_task_definition(taskDefinition=arn)["taskDefinition"]
        found[arn] = [described[key] for key in ("taskRoleArn", "executionRoleArn") if described.get(key)]
    return found


def _families(roles: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {arn.rpartition("/")[2].partition(":")[0]: found for arn, found in roles.items() if found}


def _tasks(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield Resource and arguments of each Task at any depth of a definition."""
    if isinstance(value, dict):
        if value.get("Type") == "Task":
            yield value["Resource"], value.get("Parameters") or value.get("Arguments") or {}
        for inner in value.values():
            yield from _tasks(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _tasks(inner)
