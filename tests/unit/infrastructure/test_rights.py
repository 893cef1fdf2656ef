"""Rights are written once, in the room's file, and come out as exact policies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infrastructure.build import room_files
from infrastructure.errors import BuildError
from infrastructure.rights import policy, write_policies


def project(folder: Path, **rooms: str) -> Path:
    (folder / ".chalice").mkdir()
    functions = {"status-checker": {"iam_policy_file": "policies/status-checker.json"}}
    functions["api_handler"] = {"iam_policy_file": "policies/api-handler.json"}
    (folder / ".chalice" / "config.json").write_text(json.dumps({"lambda_functions": functions, "stages": {}}))
    (folder / "infrastructure").mkdir()
    for name, text in rooms.items():
        (folder / "infrastructure" / f"{name}.yaml").write_text(text)
    return folder


def statements(path: Path) -> dict[str, list[str]]:
    """Return ARN -> actions of a policy file."""
    document = json.loads(path.read_text())
    return {json.dumps(one["Resource"][0]): one["Action"] for one in document["Statement"]}


@pytest.mark.parametrize(
    ("key", "arn"),
    [
        (
            "dynamodb:table/${Stage}-x",
            {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Stage}-x"},
        ),
        ("s3:bucket/audio/*", {"Fn::Sub": "arn:${AWS::Partition}:s3:::bucket/audio/*"}),
        ("iam:role/a", {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/a"}),
        (
            "bedrock:foundation-model/*",
            {"Fn::Sub": "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/*"},
        ),
        ("iam:${StartRole.Arn}", {"Fn::GetAtt": ["StartRole", "Arn"]}),
        ("states:*", "*"),
    ],
)
def test_a_key_becomes_the_arn_that_service_writes(key: str, arn: Any) -> None:
    first = policy({key: ["Do"]})["Statement"][0]
    assert first == {"Effect": "Allow", "Action": [f"{key.split(':')[0]}:Do"], "Resource": [arn]}


def test_rights_of_one_function_from_two_rooms_are_joined(tmp_path: Path) -> None:
    a = "Rights: {APIHandler: {'sqs:q': [SendMessage]}, StatusChecker: {'sqs:q': [SendMessage]}}"
    b = "Rights: {APIHandler: {'sqs:q': [SendMessage, DeleteMessage], 'sns:t': [Publish]}}"
    folder = project(tmp_path, a=a, b=b)
    write_policies(folder, room_files(folder))
    found = statements(folder / ".chalice/policies/api-handler.json")
    assert [v for k, v in found.items() if ":q" in k] == [["sqs:DeleteMessage", "sqs:SendMessage"]]
    assert [v for k, v in found.items() if ":t" in k] == [["sns:Publish"]]
    assert any("logs" in key for key in found), "everybody writes logs"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Rights:\n  Nobody: {'sqs:q': [A]}\n", "infrastructure/a.yaml:2: there is no function Nobody"),
        ("Rights:\n  APIHandler: {'sqs:q': [A]}\n", "StatusChecker has no Rights"),
        ("Rights:\n  APIHandler: [x]\n", "infrastructure/a.yaml:2: the rights of APIHandler are no mapping"),
        ("Rights:\n  APIHandler: {sqs: [A]}\n  StatusChecker: {}\n", "infrastructure/a.yaml:2: 'sqs' should read"),
        (
            "Rights:\n  APIHandler: {'sqs:q': A}\n  StatusChecker: {}\n",
            "infrastructure/a.yaml:2: 'sqs:q' should read",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    folder = project(tmp_path, a=text)
    with pytest.raises(BuildError, match=message):
        write_policies(folder, room_files(folder))
