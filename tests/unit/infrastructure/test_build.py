"""The build joins without losing and refuses without guessing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.build import join, main
from infrastructure.chalice_template import check_stage
from infrastructure.errors import BuildError
from infrastructure.merge import broken_intrinsics, is_intrinsic, merge


def chalice() -> dict[str, Any]:
    """A template such as Chalice's."""
    return {
        "Resources": {
            "Dialer": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Handler": "rooms.handlers.dialer",
                    "Layers": [{"Ref": "ManagedLayer"}],
                    "Environment": {"Variables": {"APP_NAME": "sample"}},
                    "Events": {
                        "Source": {
                            "Type": "SQS",
                            "Properties": {"Queue": {"Fn::Sub": "arn:...:q"}, "BatchSize": 10},
                        }
                    },
                },
            }
        },
        "Outputs": {},
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "infrastructure").mkdir()
    (tmp_path / "statemachines").mkdir()
    return tmp_path


def joined(project: Path, text: str, name: str = "room") -> dict[str, Any]:
    (project / "infrastructure" / f"{name}.yaml").write_text(text)
    return join(chalice(), project, "dev")


def refusal(project: Path, text: str) -> str:
    with pytest.raises(BuildError) as refused:
        joined(project, text)
    return str(refused.value)


def test_every_queue_event_reports_single_failures(project: Path) -> None:
    event = joined(project, "")["Resources"]["Dialer"]["Properties"]["Events"]["Source"]
    assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert event["Properties"]["BatchSize"] == 10


def test_the_stage_is_a_parameter(project: Path) -> None:
    assert joined(project, "")["Parameters"]["Stage"]["Default"] == "dev"


@pytest.mark.parametrize(
    ("handler", "room", "reached"),
    [
        ("chalicelib.fleet.handlers.incidents.recorder", "fleet", True),
        ("chalicelib.fleet.handlers.incidents.recorder", "retail", False),
        ("chalicelib.fleet.handlers.incidents.recorder", "shared", True),
        ("app.app", "fleet", True),
        ("chalicelib.slack.handlers.slack_bot", "fleet", True),
    ],
)
def test_settings_reach_the_functions_that_run_the_rooms_code(
    project: Path, handler: str, room: str, reached: bool
) -> None:
    (project / "infrastructure" / f"{room}.yaml").write_text("Environment: {TABLE: !Ref Things}")
    template = chalice()
    template["Resources"]["Dialer"]["Properties"]["Handler"] = handler
    variables = join(template, project, "dev")["Resources"]["Dialer"]["Properties"]["Environment"]["Variables"]
    assert variables == {"APP_NAME": "sample"} | ({"TABLE": {"Ref": "Things"}} if reached else {})


def test_lists_are_joined_and_an_intrinsic_is_replaced_whole(project: Path) -> None:
    template = joined(
        project,
        """
        Functions:
          Dialer:
            Layers: [!Ref Another]
            Events: {Source: {Properties: {Queue: !GetAtt Calls.Arn}}}
        """,
    )
    properties = template["Resources"]["Dialer"]["Properties"]
    assert properties["Layers"] == [{"Ref": "ManagedLayer"}, {"Ref": "Another"}]
    assert properties["Events"]["Source"]["Properties"]["Queue"] == {"Fn::GetAtt": ["Calls", "Arn"]}


def test_a_resource_that_would_melt_into_a_function_is_refused_with_its_line(project: Path) -> None:
    text = "Resources:\n  Dialer:\n    Type: AWS::SQS::Queue\n"
    assert refusal(project, text).startswith("infrastructure/room.yaml:2: Dialer is a AWS::SQS::Queue here and a")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Resources:\n  New: {Properties: {}}\n", "infrastructure/room.yaml:2: New has no Type"),
        ("Functions:\n  Nobody: {Timeout: 3}\n", "infrastructure/room.yaml:2: there is no function Nobody"),
        ("Functionz: {}\n", "infrastructure/room.yaml:1: unknown section 'Functionz'"),
        ("Resources: [\n", "infrastructure/room.yaml:2:"),
        ("Resources:\n  A: {Type: x}\n  A: {Type: y}\n", "infrastructure/room.yaml:3: the key 'A' is given twice"),
        ("- a\n", "infrastructure/room.yaml:1: a template is a mapping"),
    ],
)
def test_broken_files_are_refused_with_file_and_line(project: Path, text: str, message: str) -> None:
    assert refusal(project, text).startswith(message)


def test_an_intrinsic_beside_another_key_is_refused(project: Path) -> None:
    text = "Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: {Ref: A, 'Fn::Sub': b}}}}"
    assert "T.Properties.TopicName has an intrinsic beside another key" in refusal(project, text)


MACHINE = """
Resources:
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: ../statemachines/hello.asl.json
      DefinitionSubstitutions: {KnownArn: !GetAtt Dialer.Arn}
"""


def test_a_definition_is_found_and_its_placeholders_are_checked(project: Path) -> None:
    path = project / "statemachines" / "hello.asl.json"
    path.write_text('{"Comment":\n "${KnownArn}"}')
    properties = joined(project, MACHINE)["Resources"]["Machine"]["Properties"]
    assert properties["DefinitionUri"] == "statemachines/hello.asl.json"
    path.write_text('{"Comment":\n "${OtherArn}"}')
    assert refusal(project, MACHINE).startswith("statemachines/hello.asl.json:2: ${OtherArn} is not among")
    path.write_text('{"Comment":\n')
    assert refusal(project, MACHINE).startswith("statemachines/hello.asl.json:2:")
    path.unlink()
    assert refusal(project, MACHINE).startswith("statemachines/hello.asl.json: missing")


def test_an_unknown_stage_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text(json.dumps({"stages": {"dev": {}, "prod": {}}}))
    check_stage(tmp_path, "dev")
    with pytest.raises(BuildError, match="no stage 'test'; known are dev, prod"):
        check_stage(tmp_path, "test")


def test_the_command_line_says_what_is_wrong_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--stage", "dev", "--template", "--project", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


@given(below=plain, above=plain)
def test_merging_keeps_every_key_and_every_element(below: Any, above: Any) -> None:
    merged = merge(below, above)
    if isinstance(below, dict) and isinstance(above, dict):
        assert set(merged) == set(below) | set(above)
    elif isinstance(below, list) and isinstance(above, list):
        assert all(item in merged for item in [*below, *above])
    else:
        assert merged == above
    assert merge(merged, above) == merged, "merging the same again changes nothing"


def test_an_intrinsic_never_mixes_with_what_it_replaces() -> None:
    merged = merge({"Arn": {"Fn::GetAtt": ["A", "Arn"]}}, {"Arn": {"Fn::Sub": "x"}})
    assert merged == {"Arn": {"Fn::Sub": "x"}}
    assert is_intrinsic(merged["Arn"])
    assert list(broken_intrinsics(merged)) == []
