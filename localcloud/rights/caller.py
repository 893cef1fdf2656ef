"""On whose behalf the running code acts: the role of the function, or nobody's."""

from __future__ import annotations

import contextlib
import contextvars
import re
from collections.abc import Iterator, Mapping

_ROLE: contextvars.ContextVar[str] = contextvars.ContextVar("role", default="")
_KEY = re.compile(r"Credential=role\.(?P<account>\d+)\.(?P<name>[^/]+)/")


@contextlib.contextmanager
def acting_as(role_arn: str) -> Iterator[None]:
    """Run the block on behalf of a role; "" is the local cloud itself."""
    token = _ROLE.set(role_arn)
    try:
        yield
    finally:
        _ROLE.reset(token)


def key_of(role_arn: str) -> str:
    """Return the access key id by which another process, a container's, is known to act as the role."""
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    return f"role.{account}.{name}"


def role_of(headers: Mapping[str, str]) -> str:
    """Return the ARN of the role that a request is made for, "" when it is none's."""
    if role := _ROLE.get():
        return role
    match = _KEY.search(str(headers.get("Authorization", "")))
    return f"arn:aws:iam::{match['account']}:role/{match['name']}" if match else ""
