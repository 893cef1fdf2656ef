"""Glue's databases and tables, Athena's workgroups."""

from __future__ import annotations

from typing import Any

from localcloud.intrinsics import Created
from localcloud.provision.site import Site


def database(site: Site, _logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Glue::Database."""
    described = properties["DatabaseInput"]
    site.client("glue").create_database(DatabaseInput=described)
    return Created(described["Name"])


def table(site: Site, _logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Glue::Table."""
    described = properties["TableInput"]
    site.client("glue").create_table(DatabaseName=properties["DatabaseName"], TableInput=described)
    return Created(described["Name"])


def workgroup(site: Site, _logical_id: str, properties: dict[str, Any]) -> Created:
    """AWS::Athena::WorkGroup."""
    configuration = dict(properties.get("WorkGroupConfiguration", {}))
    if (most := configuration.get("BytesScannedCutoffPerQuery")) is not None:
        configuration["BytesScannedCutoffPerQuery"] = int(most)
    site.client("athena").create_work_group(Name=properties["Name"], Configuration=configuration)
    return Created(properties["Name"])


CREATORS = {
    "AWS::Glue::Database": database,
    "AWS::Glue::Table": table,
    "AWS::Athena::WorkGroup": workgroup,
}
