"""Whatever is sent: rows in = kept + quarantined, and the facts are those of the rows kept."""

from __future__ import annotations

import gzip
import json
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from chalicelib.retail.errors.uploads import UploadRejectedError
from tests.fakes.retail.sale_rows import row
from tests.fakes.retail.upload_desk import UploadDesk

KEY = "uploads/broken.json"

WRONG_VALUES = st.sampled_from(
    [
        None,
        True,
        [],
        {},
        [1],
        {"a": {"b": [1]}},
        "",
        "x" * 70,
        "#",
        " s",
        0,
        -1,
        0.5,
        1e12,
        10**30,
        -0.001,
        "1",
        "\x00",
    ]
)
FIELDS = st.sampled_from(
    [
        "store",
        "product",
        "date",
        "quantity",
        "unit_price",
        "discount",
        "unit_cost",
        "category",
        "transaction",
        "row_id",
    ]
)
RIGHT = st.builds(
    lambda number, quantity, cents, store: row(number, quantity=quantity, unit_price=cents / 100, store=store),
    st.integers(0, 30),
    st.integers(-9, 9).filter(bool),
    st.integers(0, 99_999),
    st.sampled_from(["s1", "s2", "Filiale Süd"]),
)
TEXTS = st.sampled_from(
    [
        "NaN", "{}", "[]", "null", '{"store": "s1"', '"', "{" * 50, "[" * 3_000, "}", "]", "{},{}", "hello, world",
        '{"store":"s1","date":"2025-01-15","product":"p","quantity":NaN,"unit_price":1}',
        '{"store":"s1","date":"2025-01-15","product":"p","quantity":1,"unit_price":1e999}',
        '{"store":"s1","date":"2025-01-15","product":"p","quantity":' + "9" * 5_000 + ',"unit_price":1}',
        '{"store":"s1","store":"s2","date":"2025-01-15","product":"p","quantity":1,"unit_price":1}',
        '{"store":"s1 ,"date":"2025-01-15","product":"p","quantity":1,"unit_price":1}',
        '{"store":"a\\"},{\\"","date":"2025-01-15","product":"p","quantity":1,"unit_price":1}',
    ]
)  # fmt: skip
ROWS = st.one_of(
    RIGHT.map(json.dumps),
    RIGHT.map(lambda one: json.dumps(one, ensure_ascii=False)),
    RIGHT.map(lambda one: json.dumps(one, separators=(",", ":"))),
    st.builds(lambda one, field, value: json.dumps(one | {field: value}), RIGHT, FIELDS, WRONG_VALUES),
    TEXTS,
)


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, int | None]:
    """Return a file, and how many rows it has where that is beyond doubt."""
    rows = draw(st.lists(ROWS, max_size=12))
    as_array = draw(st.booleans())
    end = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    text = f"[{f',{end}'.join(rows)}]" if as_array else end.join([*rows, ""])
    content = text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16"])))
    count: int | None = None if as_array or (rows and rows[0][:1] in ("[", "{", "")) else len(rows)
    zipped = draw(st.booleans())
    if zipped:
        content = gzip.compress(content)
    if draw(st.booleans()):
        content, count = content[: draw(st.integers(0, len(content)))], None
    if draw(st.integers(0, 4)) == 0 and content:
        place = draw(st.integers(0, len(content) - 1))
        content, count = content[:place] + draw(st.binary(max_size=3)) + content[place + 1 :], None
    return content, count


def accounts_of(content: bytes, piece_bytes: int, held: int) -> tuple[dict[str, Any], UploadDesk]:
    """Process a file and return the rows' accounts, of a rejected file too."""
    desk = UploadDesk()
    desk.files.piece_bytes = piece_bytes
    desk.put(KEY, content)
    try:
        return desk.process(KEY, held), desk
    except UploadRejectedError:
        (record,) = desk.records.records.values()
        return record.rejected, desk


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files(), st.sampled_from([1, 3, 64, 1 << 20]), st.sampled_from([1, 3, 50_000]))
def test_every_row_of_any_file_is_accounted_for(
    file: tuple[bytes, int | None], piece_bytes: int, held: int
) -> None:
    content, count = file
    accounts, desk = accounts_of(content, piece_bytes, held)
    rows = accounts["rows"]
    kept = rows.get("kept", rows.get("readable"))
    assert rows["in"] == kept + rows["quarantined"]
    assert sum(len(entries) for entries in desk.files.quarantined.values()) == rows["quarantined"]
    assert sum(day.rows for day in desk.facts.days.values()) == rows.get("kept", 0)
    if count is not None:
        assert rows["in"] == count
    elsewise, other = accounts_of(content, 1 << 20, 50_000)
    assert elsewise["rows"] == rows, "how the bytes arrive changes nothing"
    assert other.facts.days == desk.facts.days
    assert other.facts.sheets == desk.facts.sheets


@settings(max_examples=60, deadline=None)
@given(st.lists(RIGHT, min_size=1, max_size=30), st.integers(0, 2))
def test_a_broken_element_of_an_array_costs_itself_alone(rows: list[dict[str, Any]], where: int) -> None:
    rows = [one | {"row_id": str(number)} for number, one in enumerate(rows)]
    broken = '{"store":"s1 ,"date":"2025-01-15","product":"p","quantity":1,"unit_price":1}'
    elements = [json.dumps(one) for one in rows]
    elements.insert(len(elements) * where // 2, broken)
    result, _ = accounts_of(f"[{','.join(elements)}]".encode(), 1 << 20, 50_000)
    assert result["rows"] == {"in": len(rows) + 1, "kept": len(rows), "quarantined": 1}
