from __future__ import annotations

import pytest

from chalicelib.core.aws import client
from chalicelib.tickets.adapters.s3_tickets import S3TicketFiles

KEY = "raw-tickets/year=2026/month=06/day=01/ticket-1.json"


@pytest.fixture
def files(aws_here: None) -> S3TicketFiles:
    client("s3").create_bucket(Bucket="tickets")
    client("s3").put_bucket_versioning(Bucket="tickets", VersioningConfiguration={"Status": "Enabled"})
    return S3TicketFiles("tickets")


def test_what_is_written_is_read_and_has_a_version(files: S3TicketFiles) -> None:
    assert files.read(KEY, most_bytes=10) is None
    assert files.write(KEY, b"{}", replacing=None)
    found = files.read(KEY, most_bytes=10)
    assert found is not None
    assert (found.body, bool(found.version_id)) == (b"{}", True)
    assert files.write(KEY, b'{"id": 1}', replacing=found.etag)
    first = files.read(KEY, most_bytes=10, version_id=found.version_id)
    assert first is not None
    assert first.body == b"{}"


def test_of_two_writers_one_wins(files: S3TicketFiles) -> None:
    assert files.write(KEY, b"{}", replacing=None)
    assert not files.write(KEY, b"[]", replacing=None)
    found = files.read(KEY, most_bytes=10)
    assert found is not None
    assert files.write(KEY, b"[1]", replacing=found.etag)
    assert not files.write(KEY, b"[2]", replacing=found.etag)


def test_a_huge_object_is_not_read_whole(files: S3TicketFiles) -> None:
    files.write(KEY, b"x" * 1000, replacing=None)
    found = files.read(KEY, most_bytes=10)
    assert found is not None
    assert len(found.body) == 11
