"""Functions run as Lambda would run them: by name, in their own surroundings, within their limits."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.functions import Functions, FunctionSpec, InvokeError, Outcome

MODULE = """
import json, logging, os, sys, threading, time

def echo(event, context):
    return {"event": event, "name": context.function_name}

def environment(event, context):
    seen = {}
    thread = threading.Thread(target=lambda: seen.update(in_thread=os.environ.get("WHO")))
    thread.start(); thread.join()
    return {"who": os.getenv("WHO"), "secret": os.environ.get("HOST_SECRET"), **seen}

def set_environment(event, context):
    os.environ["MARK"] = "set"
    return os.environ["MARK"]

def fail(event, context):
    raise LookupError("no such thing")

def forever(event, context):
    while True:
        time.sleep(0.01)

def leave(event, context):
    sys.exit(3)

def unmarshallable(event, context):
    return object()

def large(event, context):
    return "x" * 7_000_000

def talk(event, context):
    print("printed")
    logging.getLogger("mine").warning("logged")
    return None

def meet(event, context):
    import meeting
    meeting.BARRIER.wait(5)
    return "met"
"""


@pytest.fixture
def functions(tmp_path: Path) -> Iterator[Functions]:
    (tmp_path / "sample_doors.py").write_text(MODULE)
    (tmp_path / "meeting.py").write_text("import threading\nBARRIER = threading.Barrier(2)\n")
    (tmp_path / "unfinished.py").write_text("def broken(:\n")
    (tmp_path / "app.py").write_text("raise RuntimeError('app.py must stay unread')\n")
    pool = Functions(tmp_path)
    pool.open()
    yield pool
    pool.close()


def add(functions: Functions, handler: str, **more: object) -> str:
    name = handler.replace(".", "-")
    functions.register(FunctionSpec(name=name, handler=handler, **more))  # type: ignore[arg-type]
    return name


def invoke(functions: Functions, handler: str, event: object = None, **more: object) -> Outcome:
    return functions.invoke(add(functions, handler, **more), json.dumps(event))


def test_event_and_result_travel_as_json(functions: Functions) -> None:
    outcome = invoke(functions, "sample_doors.echo", {"a": [1, None]})
    assert outcome.value == {"event": {"a": [1, None]}, "name": "sample_doors-echo"}
    assert not outcome.failed


def test_a_handler_module_is_imported_without_app_py(functions: Functions) -> None:
    invoke(functions, "sample_doors.echo")
    assert "app" not in {name for name, m in sys.modules.items() if str(functions._project_dir) in str(m)}


def test_closing_forgets_the_projects_modules(functions: Functions) -> None:
    invoke(functions, "sample_doors.echo")
    functions.close()
    assert "sample_doors" not in sys.modules


def test_closing_keeps_what_is_installed_in_the_projects_folder(
    functions: Functions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / ".venv" / "lib"
    installed.mkdir(parents=True)
    (installed / "installed_package.py").write_text("")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    spec = importlib.util.spec_from_file_location("installed_package", installed / "installed_package.py")
    assert spec is not None
    kept = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "installed_package", kept)
    functions.close()
    assert sys.modules["installed_package"] is kept


def test_each_function_has_its_own_environment_and_its_threads_share_it(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST_SECRET", "of the host")
    functions.register(FunctionSpec(name="one", handler="sample_doors.environment", environment={"WHO": "one"}))
    functions.register(FunctionSpec(name="two", handler="sample_doors.environment", environment={"WHO": "two"}))
    for name in ("one", "two"):
        assert functions.invoke(name, "{}").value == {"who": name, "secret": None, "in_thread": name}
    assert "WHO" not in os.environ


def test_what_a_function_writes_to_its_environment_stays_there(functions: Functions) -> None:
    assert invoke(functions, "sample_doors.set_environment").value == "set"
    assert "MARK" not in os.environ


def test_an_exception_becomes_the_runtimes_error_payload(functions: Functions) -> None:
    outcome = invoke(functions, "sample_doors.fail")
    assert outcome.failed
    assert outcome.value["errorType"] == "LookupError"
    assert outcome.value["errorMessage"] == "no such thing"
    assert outcome.value["requestId"] == outcome.request_id
    (frame,) = outcome.value["stackTrace"]
    assert "in fail" in frame
    assert 'raise LookupError("no such thing")' in frame
    assert any("[ERROR] LookupError: no such thing" in line for line in outcome.log_lines)


def test_a_handler_over_its_timeout_is_ended(functions: Functions) -> None:
    outcome = invoke(functions, "sample_doors.forever", timeout_seconds=0.05)
    assert outcome.value == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {outcome.request_id} Error: Task timed out after 0.05 seconds",
    }
    for thread in threading.enumerate():
        if outcome.request_id[:8] in thread.name:
            thread.join(5)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        ("nowhere.handler", "Runtime.ImportModuleError"),
        ("sample_doors.nothing", "Runtime.HandlerNotFound"),
        ("unfinished.broken", "Runtime.UserCodeSyntaxError"),
        ("sample_doors.unmarshallable", "Runtime.MarshalError"),
        ("sample_doors.leave", "Runtime.ExitError"),
        ("sample_doors.large", "Function.ResponseSizeTooLarge"),
    ],
)
def test_the_runtimes_own_failures_have_aws_names(functions: Functions, handler: str, kind: str) -> None:
    outcome = invoke(functions, handler)
    assert outcome.failed
    assert outcome.value["errorType"] == kind


def test_prints_and_log_records_belong_to_the_invocation(
    functions: Functions, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = invoke(functions, "sample_doors.talk")
    assert outcome.log_lines[0] == "printed"
    level, _, request_id, message = outcome.log_lines[1].split("\t")
    assert (level, request_id, message) == ("[WARNING]", outcome.request_id, "logged")
    assert capsys.readouterr().out == ""


def test_reserved_concurrency_throttles(functions: Functions) -> None:
    name = add(functions, "sample_doors.echo", reserved_concurrency=0)
    with pytest.raises(InvokeError) as refused:
        functions.invoke(name, "{}")
    assert (refused.value.code, refused.value.status) == ("TooManyRequestsException", 429)


def test_invocations_run_beside_each_other_up_to_the_reserve(functions: Functions) -> None:
    name = add(functions, "sample_doors.meet", reserved_concurrency=2, timeout_seconds=10)
    met: list[object] = []
    threads = [threading.Thread(target=lambda: met.append(functions.invoke(name, "1").value)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert met == ["met", "met"]
    assert functions.running == 0


def test_a_request_over_six_megabytes_is_refused(functions: Functions) -> None:
    name = add(functions, "sample_doors.echo")
    with pytest.raises(InvokeError, match="RequestTooLargeException"):
        functions.invoke(name, json.dumps("x" * 6_300_000))


def test_unknown_functions_and_broken_json_are_refused_as_by_the_api(functions: Functions) -> None:
    with pytest.raises(InvokeError, match="ResourceNotFoundException"):
        functions.invoke("nobody", "{}")
    with pytest.raises(InvokeError, match="InvalidRequestContentException"):
        functions.invoke(add(functions, "sample_doors.echo"), "{broken")


@pytest.mark.parametrize("suffix", ["", ":live", ":$LATEST"])
def test_functions_are_found_by_name_arn_and_alias(functions: Functions, suffix: str) -> None:
    name = add(functions, "sample_doors.echo")
    assert functions.find(f"{name}{suffix}").name == name
    assert functions.find(f"arn:aws:lambda:us-east-1:123456789012:function:{name}{suffix}").name == name
