"""A file becomes facts: what is written, what is refused, and what a second version changes."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.retail.domain.uploads import upload_id_of
from chalicelib.retail.errors.uploads import (
    UploadRejectedError,
)
from chalicelib.retail.service import uploading
from tests.fakes.retail.sale_rows import DAY, json_lines, row
from tests.fakes.retail.upload_desk import NOW, UploadDesk

KEY = "uploads/20250116_060000_sales.jsonl"
JAN_15 = date.fromisoformat(DAY)


@pytest.fixture
def desk() -> UploadDesk:
    return UploadDesk()


def test_rows_are_added_up_by_store_and_product(desk: UploadDesk) -> None:
    rows = [
        row(0, product="milk", category="dairy", quantity=3, unit_price=1.10, unit_cost=0.80, discount=0.30),
        row(1, product="milk", quantity=-1, unit_price=1.10, unit_cost=0.80, transaction="t9"),
        row(2, product="fuel", quantity=3, unit_price=1.455, transaction="t2"),
        row(3, store="s2", product="milk", quantity=1, unit_price=2),
    ]
    desk.put(KEY, json_lines(*rows))
    result = desk.process(KEY)
    day = desk.facts.store_day("s1", JAN_15)
    assert (day.units_sold, day.units_returned, day.gross_cents, day.returns_cents) == (6, 1, 330 + 437, 110)
    assert (day.discount_cents, day.cost_cents, day.costed_cents, day.net_cents) == (30, 160, 190, 627)
    assert (day.tickets, day.rows, day.complete, day.restatement) == (2, 3, True, 1)
    sheet = desk.facts.sheets["s1", JAN_15, upload_id_of(KEY), 0]
    assert [(line.product_id, line.category, line.units_sold) for line in sheet.rows()] == [
        ("fuel", None, 3),
        ("milk", "dairy", 3),
    ]
    assert result["rows"] == {"in": 4, "kept": 4, "quarantined": 0}
    assert (result["stores"], result["storeDays"], result["productDays"]) == (2, 2, 3)


def test_what_is_wrong_is_quarantined_with_its_line_and_every_problem(desk: UploadDesk) -> None:
    desk.put(KEY, json_lines(row(0), "", row(1, quantity=0, unit_price="1.25", store=None), row(2)))
    result = desk.process(KEY)
    assert result["rows"] == {"in": 3, "kept": 2, "quarantined": 1}
    assert result["reasons"] == {"required": 1, "wrong_type": 1, "zero_quantity": 1}
    (entry,) = desk.files.quarantined[result["quarantineKey"]]
    assert entry["line"] == 3
    assert [problem["path"] for problem in entry["problems"]] == ["store", "quantity", "unit_price"]
    assert json.loads(entry["row"]) == row(1, quantity=0, unit_price="1.25", store=None)


def test_a_row_id_that_came_before_is_quarantined_whether_in_memory_or_spooled(desk: UploadDesk) -> None:
    desk.put(KEY, json_lines(row(0), row(1), row(0, quantity=9), row(0, store="s2"), row(2)))
    for held in (50_000, 2):
        desk.records.records.clear()
        result = desk.process(KEY, held)
        assert result["rows"] == {"in": 5, "kept": 4, "quarantined": 1}
        (entry,) = desk.files.quarantined[result["quarantineKey"]]
        assert (entry["line"], entry["row"]["quantity"]) == (3, 9)
        assert entry["problems"][0]["message"] == "'r0' stands at line 1 already"
        assert desk.facts.store_day("s1", JAN_15).units_sold == 6


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([row(n) for n in range(4)]).encode(),
        json.dumps([row(n) for n in range(4)], indent=2).encode(),
        json_lines(*(row(n) for n in range(4))).replace("\n", "\r\n").encode(),
        json_lines(*(row(n) for n in range(4))).replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + json_lines(*(row(n) for n in range(4))).encode(),
        json_lines(*(row(n) for n in range(4))).encode("utf-16"),
        gzip.compress(json_lines(row(0), row(1)).encode()) + gzip.compress(json_lines(row(2), row(3)).encode()),
        gzip.compress(json.dumps([row(n) for n in range(4)]).encode()) + bytes(512),
        "\n".join(json.dumps(row(n), indent=1) for n in range(4)).encode(),
        json_lines(*(row(n) for n in range(4))).strip().encode(),
    ],
    ids=[
        "array", "array indented", "CR LF", "CR", "BOM", "UTF-16", "two gzip members", "gzip padded",
        "objects indented", "no last line end",
    ],
)  # fmt: skip
@pytest.mark.parametrize("piece_bytes", [1, 7, 1 << 20])
def test_the_same_rows_in_any_form_are_the_same_facts(desk: UploadDesk, content: bytes, piece_bytes: int) -> None:
    desk.files.piece_bytes = piece_bytes
    desk.put(KEY, content)
    result = desk.process(KEY)
    assert (result["rows"], result["complete"]) == ({"in": 4, "kept": 4, "quarantined": 0}, True)
    assert desk.facts.store_day("s1", JAN_15).gross_cents == 4 * 250


def test_latin_1_is_read_and_counted(desk: UploadDesk) -> None:
    line = json.dumps(row(0, category="Käse"), ensure_ascii=False)
    desk.put(KEY, (line + "\n").encode("latin-1") + json_lines(row(1)).encode())
    assert desk.process(KEY)["foreignRows"] == 1
    (sheet,) = desk.facts.sheets.values()
    assert "Käse" in sheet.categories


def test_other_names_and_forms_are_read_too(desk: UploadDesk) -> None:
    other = {"storeId": 7, "sku": 1024, "businessDate": f"{DAY}T23:59:00", "qty": 2.0, "price": 3, "till": 4}
    desk.put(KEY, json_lines(other))
    assert desk.process(KEY)["rows"]["kept"] == 1
    assert desk.facts.store_day("7", JAN_15).gross_cents == 600


def test_a_file_without_a_right_row_is_rejected_and_remembered(desk: UploadDesk) -> None:
    for content in (b"", b"\n\n", b"[]", b"[", b"hello", json_lines(row(0, quantity=0)).encode(), b"\x1f\x8b\x08"):
        desk.put(KEY, content)
        with pytest.raises(UploadRejectedError):
            desk.process(KEY)
        record = desk.records.get(upload_id_of(KEY))
        assert record is not None
        assert record.status == "rejected"
        rows = record.rejected["rows"]
        assert rows["in"] == rows["readable"] + rows["quarantined"]
    assert desk.facts.days == {}


def test_the_same_file_twice_is_one_run(desk: UploadDesk) -> None:
    file = desk.put(KEY, json_lines(row(0)))
    detail: dict[str, Any] = {
        "bucket": {"name": "b"},
        "object": {"key": KEY, "etag": file.etag, "sequencer": "01"},
    }
    first = uploading.start_run(detail, desk.ports, desk.runs)
    assert first["started"]
    assert uploading.start_run(detail, desk.ports, desk.runs) == first | {"started": False}
    result = desk.process(KEY)
    detail["object"]["sequencer"] = "02"
    assert not uploading.start_run(detail, desk.ports, desk.runs)["started"]
    steps = desk.fuse.steps
    assert desk.process(KEY) == result
    assert desk.fuse.steps == steps, "nothing was written"
    assert list(desk.runs.started.values()) == [{"detail": detail}]


def test_content_that_is_back_after_other_content_is_a_run_of_its_own(desk: UploadDesk) -> None:
    contents = [json_lines(row(0)), json_lines(row(0, quantity=5)), json_lines(row(0))]
    for number, content in enumerate(contents):
        file = desk.put(KEY, content, at=NOW + timedelta(minutes=number))
        detail = {"object": {"key": KEY, "etag": file.etag, "sequencer": f"0{number}"}, "bucket": {"name": "b"}}
        assert uploading.start_run(detail, desk.ports, desk.runs)["started"]
        desk.process(KEY)
    day = desk.facts.store_day("s1", JAN_15)
    assert (day.units_sold, day.restatement) == (2, 3)


@pytest.mark.parametrize(
    "name", ["DAY.JSON", "Day.Jsonl.GZ", "shop 1/Straße 1+2 %20.json", "day.v2.ndjson", "a\nb.json"]
)
def test_a_file_of_any_name_starts_its_run(desk: UploadDesk, name: str) -> None:
    started = uploading.start_run({"object": {"key": f"uploads/{name}", "etag": "e"}}, desk.ports, desk.runs)
    assert started["started"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}", started["run"])


def test_what_is_no_upload_starts_nothing(desk: UploadDesk) -> None:
    for key in ("uploads/", "uploads/readme.txt", "other/day.json", "uploads/day.json.bak", "Uploads/day.json"):
        assert uploading.start_run({"object": {"key": key}}, desk.ports, desk.runs) == {
            "key": key,
            "ignored": True,
        }
    assert desk.runs.started == {}
