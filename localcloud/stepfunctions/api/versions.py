"""Versions and aliases of machines: snapshots that executions can be started on."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from localcloud.stepfunctions.api.arguments import Arguments
from localcloud.stepfunctions.api.arns import MachineArn, machine_arn
from localcloud.stepfunctions.api.errors import ConflictException, ValidationException
from localcloud.stepfunctions.api.moments import moment
from localcloud.stepfunctions.api.paging import page
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.errors import ResourceNotFound, StateMachineDoesNotExist
from localcloud.stepfunctions.machine import StateMachine


@dataclass(frozen=True, slots=True)
class Version:
    """A published state of a machine."""

    arn: str
    machine: StateMachine
    description: str
    created_at: float


@dataclass(slots=True)
class Alias:
    """A name for one version, or for two with weights that add up to 100."""

    arn: str
    name: str
    routes: list[dict[str, Any]]
    description: str
    created_at: float
    updated_at: float


@dataclass(frozen=True, slots=True)
class Target:
    """What an ARN given to StartExecution leads to."""

    machine: StateMachine
    version_arn: str | None = None
    alias_arn: str | None = None


class Versions:
    """Versions and aliases of all machines."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._versions: dict[str, Version] = {}
        self._numbers: dict[str, int] = {}
        self._aliases: dict[str, Alias] = {}
        self.revisions: dict[str, str] = {}
        """The revision of each machine that was updated."""

    def resolve(self, arn: MachineArn, draw: str) -> Target:
        """The machine as the ARN means it; `draw` decides between an alias's versions, always in the same way.

        Raises StateMachineDoesNotExist.
        """
        if arn.qualifier is None:
            return Target(self._engine.state_machine(arn.plain))
        qualified = f"{arn.plain}:{arn.qualifier}"
        if qualified in self._versions:
            return Target(self._versions[qualified].machine, qualified)
        if qualified in self._aliases:
            routes = self._aliases[qualified].routes
            weights = [route["weight"] for route in routes]
            chosen = Random(draw).choices(routes, weights)[0]["stateMachineVersionArn"]
            return Target(self._versions[chosen].machine, chosen, qualified)
        raise StateMachineDoesNotExist(qualified)

    def version(self, arn: str) -> Version | None:
        """The version with this ARN."""
        return self._versions.get(arn)

    def publish(self, machine: StateMachine, description: str) -> Version:
        """Keep the machine as it is now; the same machine again is the version there is."""
        number = self._numbers.get(machine.arn, 0)
        latest = self._versions.get(f"{machine.arn}:{number}")
        if latest is not None and latest.machine is machine:
            return latest
        self._numbers[machine.arn] = number + 1
        version = Version(f"{machine.arn}:{number + 1}", machine, description, self._engine.timeline.now())
        self._versions[version.arn] = version
        return version

    def forget(self, plain_arn: str) -> None:
        """Drop all versions and aliases of a machine that is deleted."""
        for kept in (self._versions, self._aliases):
            for arn in [arn for arn in kept if arn.rpartition(":")[0] == plain_arn]:
                del kept[arn]
        self._numbers.pop(plain_arn, None)

    # -- operations

    def publish_state_machine_version(self, arguments: Arguments) -> dict[str, Any]:
        """PublishStateMachineVersion."""
        machine = self._engine.state_machine(machine_arn(arguments["stateMachineArn"]).plain)
        revision = self.revisions.get(machine.arn, "INITIAL")
        if arguments.get("revisionId", revision) != revision:
            raise ConflictException(
                f"Failed to publish the State Machine version for revision {arguments['revisionId']}. "
                f"The current State Machine revision is {revision}."
            )
        version = self.publish(machine, arguments.get("description", ""))
        return {"creationDate": moment(version.created_at), "stateMachineVersionArn": version.arn}

    def list_state_machine_versions(self, arguments: Arguments) -> dict[str, Any]:
        """ListStateMachineVersions: the newest first."""
        plain = machine_arn(arguments["stateMachineArn"]).plain
        found = [version for version in self._versions.values() if version.machine.arn == plain]
        items, more = page(found[::-1], arguments, f"versions {plain}")
        listed = [
            {"stateMachineVersionArn": version.arn, "creationDate": moment(version.created_at)}
            for version in items
        ]
        return {"stateMachineVersions": listed, **more}

    def delete_state_machine_version(self, arguments: Arguments) -> dict[str, Any]:
        """DeleteStateMachineVersion; no error where there is none."""
        arn = arguments["stateMachineVersionArn"]
        users = [alias.arn for alias in self._aliases.values() if arn in _versions_of(alias.routes)]
        if users:
            raise ConflictException(f"Version to be deleted must not be referenced by an alias: {users}")
        self._versions.pop(arn, None)
        return {}

    def create_state_machine_alias(self, arguments: Arguments) -> dict[str, Any]:
        """CreateStateMachineAlias."""
        routes = self._checked_routes(arguments["routingConfiguration"])
        plain = routes[0]["stateMachineVersionArn"].rpartition(":")[0]
        arn, now = f"{plain}:{arguments['name']}", self._engine.timeline.now()
        alias = Alias(arn, arguments["name"], routes, arguments.get("description", ""), now, now)
        there = self._aliases.get(arn)
        if there is not None and (there.routes, there.description) != (alias.routes, alias.description):
            raise ConflictException(f"Alias already exists with different configuration: {arn}")
        self._aliases.setdefault(arn, alias)
        return {"stateMachineAliasArn": arn, "creationDate": moment(self._aliases[arn].created_at)}

    def update_state_machine_alias(self, arguments: Arguments) -> dict[str, Any]:
        """UpdateStateMachineAlias."""
        alias = self._alias(arguments)
        if "routingConfiguration" in arguments:
            alias.routes = self._checked_routes(arguments["routingConfiguration"])
        alias.description = arguments.get("description", alias.description)
        alias.updated_at = self._engine.timeline.now()
        return {"updateDate": moment(alias.updated_at)}

    def describe_state_machine_alias(self, arguments: Arguments) -> dict[str, Any]:
        """DescribeStateMachineAlias."""
        alias = self._alias(arguments)
        return {
            "stateMachineAliasArn": alias.arn,
            "name": alias.name,
            "description": alias.description,
            "routingConfiguration": alias.routes,
            "creationDate": moment(alias.created_at),
            "updateDate": moment(alias.updated_at),
        }

    def list_state_machine_aliases(self, arguments: Arguments) -> dict[str, Any]:
        """ListStateMachineAliases, of a machine or of one version."""
        arn = machine_arn(arguments["stateMachineArn"])
        wanted = f"{arn.plain}:{arn.qualifier}" if arn.qualifier else None
        found = [
            alias
            for alias in self._aliases.values()
            if alias.arn.rpartition(":")[0] == arn.plain
            and (wanted is None or wanted in _versions_of(alias.routes))
        ]
        items, more = page(found, arguments, f"aliases {arguments['stateMachineArn']}")
        listed = [{"stateMachineAliasArn": alias.arn, "creationDate": moment(alias.created_at)} for alias in items]
        return {"stateMachineAliases": listed, **more}

    def delete_state_machine_alias(self, arguments: Arguments) -> dict[str, Any]:
        """DeleteStateMachineAlias."""
        del self._aliases[self._alias(arguments).arn]
        return {}

    def _alias(self, arguments: Arguments) -> Alias:
        arn = arguments["stateMachineAliasArn"]
        machine_arn(arn)
        if arn not in self._aliases:
            raise ResourceNotFound(arn)
        return self._aliases[arn]

    def _checked_routes(self, routes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if sum(route["weight"] for route in routes) != 100:
            raise ValidationException("The weights of the routing configuration must add up to 100")
        if len({route["stateMachineVersionArn"].rpartition(":")[0] for route in routes}) > 1:
            raise ValidationException("The versions of an alias must belong to one state machine")
        for route in routes:
            if route["stateMachineVersionArn"] not in self._versions:
                raise ResourceNotFound(route["stateMachineVersionArn"])
        return routes


def _versions_of(routes: list[dict[str, Any]]) -> list[str]:
    return [route["stateMachineVersionArn"] for route in routes]
