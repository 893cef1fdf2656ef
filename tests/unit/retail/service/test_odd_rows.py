"""Rows that a quick look would take for right, or for the end of a file that is cut off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.retail.adapters.fact_packing import numbers_of, pack_month, pack_sheet
from tests.fakes.retail.sale_rows import json_lines, row
from tests.fakes.retail.upload_desk import UploadDesk

KEY = "uploads/odd.json"
FIRST = json.dumps(row(0))
"""Makes its store, product and day known, so that the next row is taken at first sight where it can be."""
KNOWN = '{"store":"s1","date":"2025-01-15","product":"p0",'
LONG = '{"a": "' + "x" * 400_000 + '"}'


def processed(content: str) -> tuple[dict[str, Any], UploadDesk]:
    """Return the result; what was written can be packed as it is kept."""
    desk = UploadDesk()
    desk.put(KEY, content)
    result = desk.process(KEY)
    for sheet in desk.facts.sheets.values():
        pack_sheet(sheet)
    for day in desk.facts.days.values():
        pack_month({1: {day.store_id: numbers_of(day)}})
    json.dumps(list(desk.files.quarantined.values()), ensure_ascii=False).encode()
    return result, desk


def with_more(more: str) -> str:
    """Return a row of what is known, with ``more`` before its end."""
    return f"{json.dumps(row(3))[:-1]}, {more}}}"


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (KNOWN + '"quantity" :5,"quantity":3,"unit_price":1}', "duplicate_key"),
        (KNOWN + '"quantity":5,"quantity"\t:3,"unit_price":1}', "duplicate_key"),
        (with_more('"qty": 9'), "duplicate_key"),
        (with_more('"store_id": "s2"'), "duplicate_key"),
        (with_more('"\\ud800": 1, "\\ud800": 2'), "duplicate_key"),
        (with_more('"category": "\\udc00x"'), "forbidden_character"),
        (with_more('"category": "a\\nReport: https://elsewhere"'), "forbidden_character"),
        (json.dumps(row(3, transaction="\ud83d")), "forbidden_character"),
        (json.dumps(row(3, store="\ud800")), "forbidden_character"),
        (json.dumps(row(3, store="s1\u00a0")), "forbidden_character"),
        (json.dumps(row(3, product="\u202e1p")), "forbidden_character"),
        (json.dumps(row(3, quantity=1_000_000, unit_price=10_000_000)), "out_of_range"),
        (json.dumps(row(3, quantity=-1_000_000, unit_price=0, unit_cost=10_000_000)), "out_of_range"),
    ],
)  # fmt: skip
def test_an_odd_row_is_refused_alone(odd: str, why: str) -> None:
    result, _ = processed(f"{FIRST}\n{odd}\n")
    assert result["rows"] == {"in": 2, "kept": 1, "quarantined": 1}
    assert result["reasons"] == {why: 1}
    assert result["complete"]


def test_half_a_character_in_a_field_nobody_reads_does_no_harm() -> None:
    result, _ = processed(f"{FIRST}\n" + with_more('"description": "cut within a smile \\ud83d"') + "\n")
    assert result["rows"]["kept"] == 2


def test_the_largest_lines_there_are_add_up() -> None:
    largest = [row(3 * number, quantity=1_000, unit_price=10_000_000) for number in range(3_000)]
    _, desk = processed(json_lines(*largest))
    assert sum(day.gross_cents for day in desk.facts.days.values()) == 3_000 * 10**12


@pytest.mark.parametrize(
    "content",
    [
        f"[{FIRST}, null]",
        f"[{FIRST}, [1, [2]], 5]",
        f"{FIRST}\nnull",
        f"{FIRST}\n{'x' * 400_000}\n",
        f"[{FIRST}][{FIRST}]",
    ],
)
def test_a_refused_row_at_the_end_is_no_cut(content: str) -> None:
    result, _ = processed(content)
    assert result["rows"]["quarantined"] >= 1
    assert (result["complete"], result["damage"]) == (True, None)


@pytest.mark.parametrize(
    "content", [f"{FIRST}\n{FIRST[:40]}", f"{FIRST}\n{'x' * 400_000}", f"[{FIRST}, {LONG[:-9]}"]
)
def test_a_row_without_its_end_is_a_cut(content: str) -> None:
    result, _ = processed(content)
    assert result["rows"] == {"in": 2, "kept": 1, "quarantined": 1}
    assert not result["complete"]
