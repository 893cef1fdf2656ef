"""Memory stays flat: a file twice as long takes about as much. The real sizes are benchmarked."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from benchmarks.sales_file import sales_bytes
from chalicelib.retail.ports.uploads import UploadFile
from chalicelib.retail.service import uploading
from tests.fakes.retail.upload_desk import FakeUploadFiles, UploadDesk

KEY = "uploads/large.json"


class GeneratedFiles(FakeUploadFiles):
    """One file that is never whole anywhere."""

    def __init__(self, size_bytes: int, *, array: bool) -> None:
        super().__init__()
        self._size_bytes, self._array = size_bytes, array

    def chunks(self, file: UploadFile) -> Iterator[bytes]:
        return sales_bytes(self._size_bytes, array=self._array, block_rows=4_000)


def peak_mib(size_bytes: int, *, array: bool) -> float:
    """Return the most memory Python held while a generated file was read, in MiB."""
    desk = UploadDesk()
    files = GeneratedFiles(size_bytes, array=array)
    files.put(KEY, b"")
    ports = uploading.Ports(files, desk.records, desk.facts)
    tracemalloc.start()
    result = uploading.process(KEY, ports, desk.clock, held=2_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result["rows"]["in"] == result["rows"]["kept"] + result["rows"]["quarantined"]
    assert result["rows"]["in"] * 165 > size_bytes
    return peak / 2**20


@pytest.mark.parametrize("array", [False, True], ids=["lines", "array"])
def test_a_longer_file_takes_no_more_memory(array: bool) -> None:
    small, large = peak_mib(1_300_000, array=array), peak_mib(2_600_000, array=array)
    assert large < small + 1, f"{small:.1f} MiB for 1.3 MB, {large:.1f} MiB for 2.6 MB"
