"""This machine's own AWS settings, set aside where nobody may ask for them.

A shell of somebody who works with AWS says ``AWS_PROFILE=work``, and ``~/.aws/config`` what that is. What runs
without an account must not read either: a profile that is not there stops every client, and one that is may name
a region or an endpoint of its own.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

NO_FILES = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
"""Environment of whoever must not read the files in the home folder."""
_PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")


@contextlib.contextmanager
def set_aside(**instead: str) -> Iterator[None]:
    """Run the block without this machine's profile and files, and with ``instead`` in the environment."""
    given = NO_FILES | instead
    before = {name: os.environ.get(name) for name in (*_PROFILES, *given)}
    for name in _PROFILES:
        os.environ.pop(name, None)
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
