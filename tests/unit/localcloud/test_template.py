"""From SAM to values: translation, CloudFormation's functions, the order of creation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infrastructure.errors import BuildError
from infrastructure.translate import translate
from localcloud.errors import TemplateError
from localcloud.intrinsics import Created, Resolver
from localcloud.provision.order import creation_order
from localcloud.template import definition_path, load_template


def resolver(**template: Any) -> Resolver:
    made = Resolver({"Resources": {"Table": {}, "Queue": {}}, **template}, stack="s")
    made.created["Table"] = Created("the-table", {"Arn": "arn:table"})
    return made


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Table"}, "the-table"),
        ({"Ref": "Size"}, "3"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Fn::GetAtt": ["Table", "Arn"]}, "arn:table"),
        ({"Fn::GetAtt": "Table.Arn"}, "arn:table"),
        (
            {"Fn::Sub": "${AWS::AccountId}/${Table}/${Table.Arn}/${!Literal}"},
            "123456789012/the-table/arn:table/${Literal}",
        ),
        ({"Fn::Sub": ["${Name}-${Size}", {"Name": {"Ref": "Table"}}]}, "the-table-3"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Size"}]]}, "a-3"),
        ({"Fn::Select": ["1", {"Fn::Split": [",", "a,b,c"]}]}, "b"),
        ({"Fn::Select": [0, {"Ref": "Names"}]}, "x"),
        ({"Fn::If": ["Big", "yes", "no"]}, "no"),
        ({"Fn::FindInMap": ["Sizes", "small", "disk"]}, 10),
        ({"Fn::Base64": "hi"}, "aGk="),
        ({"a": {"Ref": "AWS::NoValue"}, "b": 1}, {"b": 1}),
        ([{"Ref": "AWS::NoValue"}, 2], [2]),
        ({"Condition": {"StringEquals": {"a": "b"}}}, {"Condition": {"StringEquals": {"a": "b"}}}),
    ],
)
def test_functions_are_computed(value: Any, expected: Any) -> None:
    made = resolver(
        Parameters={
            "Size": {"Type": "String", "Default": "3"},
            "Names": {"Type": "CommaDelimitedList", "Default": "x, y"},
        },
        Conditions={
            "Big": {"Fn::And": [{"Fn::Equals": [{"Ref": "Size"}, "9"]}, {"Fn::Not": [{"Condition": "Never"}]}]},
            "Never": {"Fn::Or": [{"Fn::Equals": ["a", "b"]}]},
        },
        Mappings={"Sizes": {"small": {"disk": 10}}},
    )
    assert made.resolve(value, "here") == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Ref": "Nothing"}, "here: Ref names 'Nothing'"),
        ({"Fn::GetAtt": ["Table", "StreamArn"]}, "here: Table has no attribute 'StreamArn'; known are Arn"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "here: Fn::GetAtt names 'Queue'"),
        ({"Fn::ImportValue": "other-stack"}, "here: Fn::ImportValue cannot be computed locally"),
        ({"Fn::If": ["Unknown", 1, 2]}, "here: there is no condition 'Unknown'"),
        ({"Fn::Select": [7, ["a"]]}, "here: Fn::Select of"),
        ({"deep": [{"Ref": "Nothing"}]}, "here.deep\\[0\\]: Ref names"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_its_place(value: Any, message: str) -> None:
    with pytest.raises(TemplateError, match=f"^{message}"):
        resolver().resolve(value, "here")


def test_a_parameter_without_a_value_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"Parameters\.Key: has no Default"):
        resolver(Parameters={"Key": {"Type": "String"}})
    made = Resolver({"Parameters": {"Key": {"Type": "String"}}}, stack="s", parameters={"Key": "given"})
    assert made.resolve({"Ref": "Key"}, "here") == "given"


def order(resources: dict[str, Any], **template: Any) -> list[str]:
    return creation_order(resources, Resolver({"Resources": resources, **template}, stack="s"))


def test_what_is_referred_to_is_created_first() -> None:
    resources = {
        "C": {"Properties": {"x": {"Fn::Sub": "${B.Arn}"}}},
        "B": {"Properties": {"x": [{"Ref": "A"}]}, "DependsOn": "D"},
        "A": {},
        "D": {},
    }
    assert order(resources) == ["D", "A", "B", "C"]


def test_a_circle_is_refused_and_shown() -> None:
    resources = {
        "A": {"Properties": {"x": {"Ref": "B"}}},
        "B": {"Properties": {"x": {"Fn::GetAtt": ["A", "Arn"]}}},
    }
    with pytest.raises(TemplateError, match="in a circle: A -> B -> A"):
        order(resources)


def test_a_dependency_on_nothing_is_refused() -> None:
    with pytest.raises(TemplateError, match="there is no resource 'Gone'"):
        order({"A": {"DependsOn": ["Gone"]}})


def test_a_resource_whose_condition_fails_is_left_out() -> None:
    conditions = {"Never": {"Fn::Equals": ["a", "b"]}}
    assert order({"A": {"Condition": "Never"}, "B": {}}, Conditions=conditions) == ["B"]


def test_sam_becomes_cloudformation_offline() -> None:
    sam = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Work": {"Type": "AWS::SQS::Queue"},
            "Door": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Runtime": "python3.11",
                    "Handler": "a.b",
                    "CodeUri": "app.zip",
                    "Events": {"Q": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["Work", "Arn"]}}}},
                },
            },
            "Machine": {
                "Type": "AWS::Serverless::StateMachine",
                "Properties": {"DefinitionUri": "statemachines/m.asl.json", "Role": "arn:aws:iam::1:role/r"},
            },
        },
    }
    resources = translate(sam)["Resources"]
    assert resources["DoorQ"]["Type"] == "AWS::Lambda::EventSourceMapping"
    location = resources["Machine"]["Properties"]["DefinitionS3Location"]
    assert definition_path(location) == "statemachines/m.asl.json"


def test_a_template_sam_refuses_is_one_line() -> None:
    broken = {"Resources": {"Door": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "a.b"}}}}
    with pytest.raises(BuildError, match="Door"):
        translate(broken)


APP = """
from chalice import Chalice
app = Chalice(app_name="tiny")

@app.lambda_function(name="hello")
def hello(event, context):
    return "hello"
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / ".chalice").mkdir()
    config = {"version": "2.0", "app_name": "tiny", "stages": {"local": {}}}
    (tmp_path / ".chalice" / "config.json").write_text(json.dumps(config))
    (tmp_path / "infrastructure").mkdir()
    return tmp_path


def test_a_built_template_is_kept_until_a_source_changes(tiny: Path) -> None:
    kept_in = tiny / ".localcloud"
    first = load_template(tiny, "local", kept_in)
    assert first["Resources"]["Hello"]["Properties"]["Handler"] == "app.hello"
    kept = kept_in / "template-local.json"
    content = json.loads(kept.read_text())
    content["template"]["Kept"] = True
    kept.write_text(json.dumps(content))
    assert "Kept" in load_template(tiny, "local", kept_in)
    (tiny / "infrastructure" / "room.yaml").write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}\n")
    assert set(load_template(tiny, "local", kept_in)["Resources"]) >= {"Hello", "Topic"}


def test_a_syntax_error_in_any_module_is_one_line_with_its_place(tiny: Path) -> None:
    (tiny / "chalicelib").mkdir()
    (tiny / "chalicelib" / "__init__.py").touch()
    (tiny / "chalicelib" / "room.py").write_text("x = 1\ndef broken(:\n")
    (tiny / "app.py").write_text("from chalicelib import room\n" + APP)
    with pytest.raises(TemplateError, match=r"^chalicelib/room\.py:2: SyntaxError: "):
        load_template(tiny, "local", tiny / ".localcloud")


def test_a_broken_app_is_one_line_with_its_place(tiny: Path) -> None:
    (tiny / "app.py").write_text(APP + "\nundefined_name\n")
    with pytest.raises(TemplateError, match=r"^app\.py:9: NameError: name 'undefined_name' is not defined$"):
        load_template(tiny, "local", tiny / ".localcloud")
