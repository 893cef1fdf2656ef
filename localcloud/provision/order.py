"""In which order resources are created: what is referred to comes first."""

from __future__ import annotations

from typing import Any

from localcloud.errors import TemplateError
from localcloud.intrinsics import Resolver


def creation_order(resources: dict[str, Any], resolver: Resolver) -> list[str]:
    """Return the logical ids of the resources whose Condition holds, dependencies before dependents.

    Raises:
        TemplateError: resources refer to each other in a circle, which CloudFormation refuses as well.
    """
    wanted = {
        logical_id: resource
        for logical_id, resource in resources.items()
        if "Condition" not in resource or resolver.condition(resource["Condition"], f"Resources.{logical_id}")
    }
    order: list[str] = []
    done: set[str] = set()
    for start in wanted:
        _visit(start, wanted, resolver, [], done, order)
    return order


def _visit(
    logical_id: str,
    wanted: dict[str, Any],
    resolver: Resolver,
    path: list[str],
    done: set[str],
    order: list[str],
) -> None:
    if logical_id in done:
        return
    if logical_id in path:
        circle = " -> ".join([*path[path.index(logical_id) :], logical_id])
        raise TemplateError(f"Resources.{logical_id}: resources refer to each other in a circle: {circle}")
    resource = wanted[logical_id]
    named = resource.get("DependsOn", [])
    needed = [*([named] if isinstance(named, str) else named), *resolver.references(resource.get("Properties"))]
    for other in needed:
        if other in wanted:
            _visit(other, wanted, resolver, [*path, logical_id], done, order)
        elif other not in wanted and other in (named if isinstance(named, list) else [named]):
            raise TemplateError(f"Resources.{logical_id}.DependsOn: there is no resource {other!r}")
    done.add(logical_id)
    order.append(logical_id)
