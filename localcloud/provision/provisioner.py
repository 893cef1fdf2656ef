"""Goes through a template and creates what is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localcloud.errors import LocalCloudError, ProvisionError
from localcloud.intrinsics import Created, Resolver
from localcloud.provision import analytics, compute, events, messaging, rights, storage
from localcloud.provision.order import creation_order
from localcloud.provision.passive import ATTRIBUTES, PASSIVE
from localcloud.provision.site import Site

Creator = Callable[[Site, str, dict[str, Any]], Created]

_CREATORS: dict[str, Creator] = {
    **storage.CREATORS,
    **messaging.CREATORS,
    **events.CREATORS,
    **compute.CREATORS,
    **rights.CREATORS,
    **analytics.CREATORS,
}


@dataclass(slots=True)
class Provisioned:
    """What came of a template."""

    created: dict[str, Created]
    outputs: dict[str, Any]
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """Type -> logical ids of the resources that do nothing here."""

    def reasons(self) -> list[tuple[str, int, str]]:
        """Return (type, how many, why) of what was left out, unknown types first."""
        unknown = "cannot be created locally"
        rows = [(kind, len(ids), PASSIVE.get(kind, unknown)) for kind, ids in self.left_out.items()]
        return sorted(rows, key=lambda row: (row[2] != unknown, row[0]))


def provision(site: Site, template: dict[str, Any], parameters: dict[str, Any] | None = None) -> Provisioned:
    """Create every resource of a CloudFormation template.

    Raises:
        TemplateError: a reference or function is wrong.
        ProvisionError: a service refused a resource; the message names it.
    """
    resources = template.get("Resources", {})
    resolver = Resolver(
        template, stack=site.stack, region=site.region, account_id=site.account_id, parameters=parameters
    )
    left_out: dict[str, list[str]] = {}
    for logical_id in creation_order(resources, resolver):
        kind = resources[logical_id]["Type"]
        place = f"Resources.{logical_id}"
        properties = resolver.resolve(resources[logical_id].get("Properties", {}), place)
        creator = _CREATORS.get(kind)
        if creator is None:
            left_out.setdefault(kind, []).append(logical_id)
            arn = {"Arn": f"arn:aws:local:::{logical_id}", **ATTRIBUTES.get(kind, {})}
            resolver.created[logical_id] = Created(f"{site.stack}-{logical_id}", arn)
            continue
        try:
            resolver.created[logical_id] = creator(site, logical_id, properties)
        except LocalCloudError:
            raise
        except Exception as error:  # whatever a service or a missing property raises names no resource
            reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise ProvisionError(f"{place} ({kind}): {reason}") from error
    outputs = {
        name: resolver.resolve(output.get("Value"), f"Outputs.{name}")
        for name, output in template.get("Outputs", {}).items()
        if "Condition" not in output or resolver.condition(output["Condition"], f"Outputs.{name}")
    }
    return Provisioned(resolver.created, outputs, left_out)
