"""The catalogue names the very tables and columns the template makes."""

from __future__ import annotations

from chalicelib.opportunities.adapters.data_files import catalogue
from tests.fakes.tables import sections_of

TYPES = {"string": "varchar", "int": "integer"}


def test_tables_and_columns_are_the_templates() -> None:
    resources = sections_of("opportunities")["Resources"]
    made = {}
    for resource in resources.values():
        if resource["Type"] == "AWS::Glue::Table":
            table = resource["Properties"]["TableInput"]
            columns = [*table["StorageDescriptor"]["Columns"], *table.get("PartitionKeys", [])]
            made[table["Name"]] = [(c["Name"], TYPES.get(c["Type"], c["Type"])) for c in columns]
    assert made == {t.name: [(c.name, c.type) for c in t.columns] for t in catalogue().tables}
