"""What every test stands on: no AWS account, no surprise from this machine's settings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Before any client is made: credentials that cannot work, so that a request which escapes the stand-ins fails.
os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_REGION="us-east-1",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
)
for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL"):
    os.environ.pop(name, None)
# The stand-ins are on this machine: a proxy must not be asked for them.
os.environ.update(NO_PROXY="127.0.0.1,localhost", no_proxy="127.0.0.1,localhost")

pytest_plugins = ["tests.rights.watching"]
"""Compares, at the end, rights with the AWS calls that were made."""

# Examples take as long as they take on a busy machine: time is measured in benchmarks/.
settings.register_profile("signalbox", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("signalbox")


@pytest.fixture(scope="session")
def boot_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Return what makes folders to boot in. Their template is built once: that takes seconds."""
    from localcloud.template import load_template

    built = tmp_path_factory.mktemp("template")
    load_template(Path(__file__).resolve().parents[1], "local", built)

    def make() -> Path:
        return shutil.copytree(built, tmp_path_factory.mktemp("signalbox"), dirs_exist_ok=True)

    return make


_ONE_UNIT = "tests/console/"
"""Its files share a boot and a browser, so they go to one worker, one after the other."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out tests by file, and this folder's by folder."""
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrFolder(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return _ONE_UNIT if nodeid.startswith(_ONE_UNIT) else str(super()._split_scope(nodeid))

    return ByFileOrFolder(config, log) if config.getvalue("dist") == "loadfile" else None
