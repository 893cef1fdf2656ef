"""Watches the test run: every boot of the project writes down its roles' calls, and at the end they are judged.

A call that its role's policy lacks fails any run. A right that no call used fails a run of all tests, as one of
a few tests shows nothing about it; so does an exception in exceptions.yaml that excuses nothing. Where all tests
were asked for and some could not run here, such rights are told of and fail nothing. ``RIGHTS=exact`` says that
the tests chosen are all that count: ``make check-rights`` runs those end to end, which make every AWS call.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import pytest

from localcloud.rights.comparing import lacking, read_exceptions, read_recordings, unused, without

EXCEPTIONS = Path(__file__).parent / "exceptions.yaml"
_MADE_OF_A_CHOICE = ("keyword", "markexpr", "lf", "ignore", "ignore_glob", "deselect", "stepwise")


class Extent(Enum):
    """How much of the suite ran."""

    WHOLE = "every test ran, and passed"
    SOME_SKIPPED = "every test was asked for, and some could not run here"
    PART = "a part was asked for, or a test failed, which may then have called less"


@dataclass
class Verdict:
    """What is to be said of rights and calls: one line each."""

    wrong: list[str] = field(default_factory=list)
    """Fails the run."""
    told: list[str] = field(default_factory=list)
    """May be for the tests that did not run."""


_VERDICT: pytest.StashKey[Verdict] = pytest.StashKey()
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
    config.stash[_VERDICT] = verdict = judged(folder, EXCEPTIONS, _extent(session))
    if kept := os.environ.get("KEEP_CALLS"):
        shutil.copytree(folder, kept, dirs_exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    if verdict.wrong and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    verdict = config.stash.get(_VERDICT, Verdict())
    if verdict.wrong:
        terminalreporter.section("rights and the calls really made", red=True)
    for line in verdict.wrong:
        terminalreporter.line(line)
    if verdict.told:
        terminalreporter.section("rights that no test used which ran here")
    for line in verdict.told:
        terminalreporter.line(line)


def judged(recordings: Path, exceptions_file: Path, extent: Extent) -> Verdict:
    """Compare rights with calls; what an exception excuses is left out."""
    principals = read_recordings(recordings)
    exceptions = read_exceptions(exceptions_file)
    wrong = [str(one) for one in without(lacking(principals), exceptions)]
    if extent is Extent.PART:
        return Verdict(wrong)
    idle = [str(one) for one in without(unused(principals), exceptions)]
    stale = [one for one in exceptions if not one.used and not one.sometimes]
    idle += [f"{exceptions_file.name}: {one}: excuses nothing" for one in stale]
    return Verdict(wrong + idle) if extent is Extent.WHOLE else Verdict(wrong, idle)


def _extent(session: pytest.Session) -> Extent:
    config = session.config
    chosen = config.args != config.getini("testpaths") or any(
        config.getoption(name, None) for name in _MADE_OF_A_CHOICE
    )
    if os.environ.get("RIGHTS") == "exact" and session.exitstatus == pytest.ExitCode.OK:
        return Extent.WHOLE
    if chosen or session.exitstatus != pytest.ExitCode.OK:
        return Extent.PART
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter is not None and reporter.stats.get("skipped")
    return Extent.SOME_SKIPPED if skipped else Extent.WHOLE
