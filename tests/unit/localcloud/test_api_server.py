"""Bodies that come in chunks."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.api_server import _read_chunks


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=5))
def test_chunks_are_put_together_and_nothing_is_left(chunks: list[bytes]) -> None:
    sent = b"".join(b"%x;note=1\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    stream = io.BytesIO(sent + b"0\r\nTrailer: x\r\n\r\nGET / HTTP/1.1\r\n")
    assert _read_chunks(stream) == b"".join(chunks)
    assert stream.read() == b"GET / HTTP/1.1\r\n"


def test_what_ends_early_ends_there() -> None:
    assert _read_chunks(io.BytesIO(b"5\r\nabc")) == b"abc"
    assert _read_chunks(io.BytesIO(b"")) == b""


def test_what_is_no_chunk_is_said_to_be_none() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        _read_chunks(io.BytesIO(b"five\r\nabcde\r\n0\r\n\r\n"))
