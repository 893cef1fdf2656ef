"""Bad use gets one clear line and exit status 2."""

from __future__ import annotations

import io
import json
import socket
from pathlib import Path

import pytest

from localcloud.__main__ import main
from localcloud.commands import report
from localcloud.demos.contact_lists import contact_list
from localcloud.showcase import counted
from localcloud.terminal import ProgressLine, bar, labelled, seconds_text, table

APP = """
from chalice import Chalice
app = Chalice(app_name="tiny")

@app.lambda_function(name="hello")
def hello(event, context):
    return "hello"
"""
DEFINITION = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Comment": "c", "Next": "B"}}}


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err.removeprefix("python -m localcloud: ").strip()


def test_a_taken_port_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text(json.dumps({"version": "2.0", "stages": {"local": {}}}))
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["demo", "--aws-port", str(port), "--api-port", "0"]) == 2
    assert said(capsys) == (
        f"port {port} for the AWS API is taken (Address already in use); choose another with --aws-port"
    )


def test_a_folder_without_an_application_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["up"]) == 2
    assert "this is no Chalice project" in said(capsys)


def test_no_running_cloud_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert main(["start", "anything", "{}", "--aws-port", str(port)]) == 2
    assert said(capsys) == f"no local cloud answers on port {port}; start one with `make run`"


@pytest.mark.parametrize(
    ("text", "message"),
    [("{bad", "the input is no JSON: Expecting property name"), ("@/nowhere.json", "/nowhere.json: No such file")],
)
def test_bad_input_is_said(text: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["start", "anything", text]) == 2
    assert said(capsys).startswith(message)


def test_lint_names_a_dangling_next_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "m.asl.json"
    path.write_text(json.dumps(DEFINITION, indent=1))
    assert main(["lint", str(path)]) == 1
    out = capsys.readouterr().out
    assert "MISSING_TRANSITION_TARGET" in out
    assert f"{path}:7" in out
    assert main(["lint", str(tmp_path / "none.json")]) == 2


@pytest.mark.parametrize("profile", ["", "nobody-has-this"])
def test_a_state_is_tested_by_itself(
    profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", profile)
    path = tmp_path / "m.asl.json"
    path.write_text(json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 7, "End": True}}}))
    assert main(["test-state", str(path), "A", "{}"]) == 0
    assert json.loads(capsys.readouterr().out)["output"] == "7"
    assert main(["test-state", str(path), "B", "{}"]) == 2
    assert "there is no state 'B'; it has A" in said(capsys)


def test_a_report_without_runs_says_how_to_get_some(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--store", str(tmp_path / "none.sqlite")]) == 2
    assert "`make run` makes some" in said(capsys)


def test_text_is_aligned_and_calm(capsys: pytest.CaptureFixture[str]) -> None:
    assert table([("a", "b"), ("long", "c")], header=("x", "y")).splitlines() == [
        "  x     y",
        "  a     b",
        "  long  c",
    ]
    assert bar(2.0, 4) == "####"
    assert [seconds_text(s) for s in (0.04, 59, 60, 7200, 90061)] == ["0.0 s", "59 s", "1 min", "2 h", "1 d 1 h"]
    assert counted(["A", "B", "C", "B", "C"]) == "A > B x2 > C x2"
    line = ProgressLine()
    for _ in range(50):
        line.show("working")
    assert capsys.readouterr().out == "working\n", "where lines cannot be replaced, few are printed"


def test_generated_lists_are_what_they_say() -> None:
    made = contact_list(100, seed=3, invalid=5, duplicates=4)
    lines = made.csv.splitlines()
    assert len(lines) == 101
    assert (made.rows, made.valid) == (100, 91)
    assert len(set(made.phones)) == 91
    numbers = [line.split(",")[0] for line in lines]
    for line_number in made.duplicate_lines:
        assert numbers[line_number - 1] in numbers[: line_number - 1]
    for line_number in made.invalid_lines:
        assert numbers[line_number - 1] not in made.phones
    assert made == contact_list(100, seed=3, invalid=5, duplicates=4)


def test_long_lines_are_wrapped_beside_their_label() -> None:
    wrapped = labelled("path", "Validate > Check > Report", 29)
    assert wrapped.splitlines() == ["    path   Validate > Check >", "           Report"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_progress_line_is_never_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    terminal = Terminal()
    line = ProgressLine(terminal)
    line.show("business-workflow: activation fails and is refunded")
    line.show("short")
    assert terminal.getvalue() == "\rbusiness-workflow: \rshort" + " " * 14


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def pressed(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "run", pressed)
    assert main(["report"]) == 130
    assert capsys.readouterr() == ("", "")
