"""Glue's tables over S3's files, as DuckDB's tables."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localcloud.athena.dialect import prepare

if TYPE_CHECKING:
    import duckdb

_LOCATION = re.compile(r"^s3://(?P<bucket>[^/]+)/(?P<prefix>.*)$")
_TYPES = {"string": "VARCHAR", "int": "INTEGER", "bigint": "BIGINT", "double": "DOUBLE", "date": "DATE"}


class LakeError(Exception):
    """A query cannot be run; the message is what Athena would give as its reason."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found."""

    names: list[str]
    types: list[str]
    """DuckDB's."""
    rows: list[tuple[Any, ...]]
    scanned_bytes: int


class Lake:
    """One DuckDB in memory; a table is loaded again when its files are others."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        """``client`` makes boto3 clients of "glue" and "s3"."""
        self._client = client
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._loaded: dict[str, tuple[tuple[str, str], ...]] = {}
        self._sizes: dict[str, int] = {}

    def run(self, sql: str, database: str, tables: set[str]) -> Found:
        """Run a query in DuckDB's words over some tables of a database.

        Raises:
            LakeError: a table is missing, or DuckDB refuses.
        """
        import duckdb

        with self._lock:
            if self._connection is None:
                self._connection = duckdb.connect(":memory:")
                prepare(self._connection)
            described = self._described(database)
            for name in sorted(tables & described.keys()):
                self._load(self._connection, name, described[name])
            try:
                answer = self._connection.execute(sql)
                names = [column[0] for column in answer.description or ()]
                types = [str(column[1]) for column in answer.description or ()]
                rows = answer.fetchall()
            except duckdb.Error as error:
                raise LakeError(str(error).split("\n\n", 1)[0]) from error
            return Found(names, types, rows, sum(self._sizes.get(name, 0) for name in tables))

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._loaded.clear()

    def _described(self, database: str) -> dict[str, dict[str, Any]]:
        glue = self._client("glue")
        try:
            pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
            return {table["Name"]: table for page in pages for table in page["TableList"]}
        except glue.exceptions.EntityNotFoundException as error:
            raise LakeError(f"SCHEMA_NOT_FOUND: Schema '{database}' does not exist") from error

    def _load(self, connection: duckdb.DuckDBPyConnection, name: str, table: dict[str, Any]) -> None:
        storage = table["StorageDescriptor"]
        place = _LOCATION.match(storage["Location"])
        if place is None:
            raise LakeError(f"HIVE_METASTORE_ERROR: {name} has no location in S3")
        s3 = self._client("s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=place["bucket"], Prefix=place["prefix"])
        found = [one for page in pages for one in page.get("Contents", []) if one["Size"]]
        state = tuple((one["Key"], one["ETag"]) for one in found)
        if self._loaded.get(name) == state:
            return
        own = {column["Name"]: _type(column["Type"]) for column in storage["Columns"]}
        divided = {column["Name"]: _type(column["Type"]) for column in table.get("PartitionKeys", [])}
        folder = Path(tempfile.mkdtemp(prefix="signalbox-lake-"))
        try:
            for one in found:
                path = folder / one["Key"].removeprefix(place["prefix"])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(s3.get_object(Bucket=place["bucket"], Key=one["Key"])["Body"].read())
            connection.execute(_create(name, own, divided, folder if found else None))
        finally:
            shutil.rmtree(folder)
        self._loaded[name] = state
        self._sizes[name] = sum(one["Size"] for one in found)


def _create(name: str, own: dict[str, str], divided: dict[str, str], folder: Path | None) -> str:
    """Return the statement that makes a table of a folder's JSON lines, partitions by the folders' names."""
    columns = own | divided
    if folder is None:
        described = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        return f'CREATE OR REPLACE TABLE "{name}" ({described})'
    listed = ", ".join(f"'{column}': '{kind}'" for column, kind in own.items())
    partitions = ", ".join(f"'{column}': {kind}" for column, kind in divided.items())
    more = f", hive_partitioning = true, hive_types = {{{partitions}}}" if divided else ""
    selected = ", ".join(f'"{column}"' for column in columns)
    return (
        f'CREATE OR REPLACE TABLE "{name}" AS SELECT {selected} FROM '
        f"read_json('{folder}/**', format = 'newline_delimited', columns = {{{listed}}}{more})"
    )


def _type(kind: str) -> str:
    return _TYPES.get(kind.lower(), kind.upper())
