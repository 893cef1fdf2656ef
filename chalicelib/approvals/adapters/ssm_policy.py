"""The policy as JSON in SSM Parameter Store, read at each use: a change holds from the next approval on."""

from __future__ import annotations

import msgspec

from chalicelib.approvals.domain.policy import Band, KindPolicy, Policy, problems
from chalicelib.approvals.ports.stores import PolicySource
from chalicelib.core import payload
from chalicelib.core.aws import client
from chalicelib.core.errors import ConfigurationError, InvalidInputError


class _Band(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """See `Band`."""

    levels: list[list[str]]
    up_to_cents: int | None = None
    currency: str | None = None


class _Kind(msgspec.Struct, forbid_unknown_fields=True):
    """See `KindPolicy`."""

    bands: list[_Band]
    channel: str = ""


class _Policy(msgspec.Struct, forbid_unknown_fields=True):
    """See `Policy`: the JSON of it, in which a misspelt field is an error."""

    kinds: dict[str, _Kind]
    channel: str = ""
    people: dict[str, str] = {}
    admins: list[str] = []


class SsmPolicySource(PolicySource):
    """One parameter."""

    def __init__(self, name: str) -> None:
        self._name = name

    def read(self) -> Policy:
        """See `PolicySource.read`."""
        ssm = client("ssm")
        try:
            text = ssm.get_parameter(Name=self._name)["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            raise ConfigurationError(f"there is no parameter {self._name}") from None
        try:
            return parse_policy(text)
        except InvalidInputError as error:
            raise ConfigurationError(f"parameter {self._name} is no approval policy: {error}") from None


def parse_policy(text: str) -> Policy:
    """Return the policy that ``text``, JSON, says.

    Raises:
        InvalidInputError: with every problem.
    """
    given = payload.parse_json(_Policy, text)
    policy = Policy(
        kinds={
            name: KindPolicy(tuple(_band(one) for one in kind.bands), kind.channel)
            for name, kind in given.kinds.items()
        },
        channel=given.channel,
        people=given.people,
        admins=tuple(given.admins),
    )
    if found := problems(policy):
        raise InvalidInputError(found)
    return policy


def _band(given: _Band) -> Band:
    return Band(tuple(tuple(level) for level in given.levels), given.up_to_cents, given.currency)
