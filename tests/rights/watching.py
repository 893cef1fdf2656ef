"""Watches the test run: every local cloud of it writes down its roles' calls, and at the end they are judged.

A call that its role's policy lacks fails any run. A right that no call used fails a run of all tests, as one of a
few tests shows nothing about it; so does an exception in exceptions.yaml that excuses nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from localcloud.rights.comparing import lacking, read_exceptions, read_recordings, unused, without

EXCEPTIONS = Path(__file__).parent / "exceptions.yaml"
_LINES: pytest.StashKey[list[str]] = pytest.StashKey()
_FOLDER: pytest.StashKey[Path] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the workers of xdist inherit the environment
        config.stash[_FOLDER] = Path(tempfile.mkdtemp(prefix="signalbox-calls-"))
        os.environ["LOCALCLOUD_CALLS"] = str(config.stash[_FOLDER])


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workerinput"):
        return
    folder = config.stash[_FOLDER]
    config.stash[_LINES] = lines = judged(folder, whole=_whole(session))
    if kept := os.environ.get("KEEP_CALLS"):
        shutil.copytree(folder, kept, dirs_exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    if lines and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(_LINES, []):
        terminalreporter.section("rights and the calls really made", red=True)
        for line in lines:
            terminalreporter.line(line)


def judged(folder: Path, *, whole: bool) -> list[str]:
    """Return one line a difference between rights and calls that no exception excuses."""
    principals = read_recordings(folder)
    exceptions = read_exceptions(EXCEPTIONS)
    findings = without(lacking(principals), exceptions)
    if not whole:
        return [str(one) for one in findings]
    findings += without(unused(principals), exceptions)
    stale = [
        f"exceptions.yaml: {one.principal} {one.kind} {one.action} on {one.resource}: excuses nothing"
        for one in exceptions
        if not one.used
    ]
    return [str(one) for one in findings] + stale


def _whole(session: pytest.Session) -> bool:
    """Return whether all tests ran, and passed: a failed one may have called less."""
    config = session.config
    chosen = (
        config.args != config.getini("testpaths") or config.getoption("keyword") or config.getoption("lf", False)
    )
    return not chosen and session.testsfailed == 0
