"""Versions of an upload: corrected, sent twice, replaced at work, cut off; and two files of one store and day."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from chalicelib.retail.domain.uploads import upload_id_of
from chalicelib.retail.errors.uploads import (
    UploadBusyError,
    UploadChangedError,
    UploadNotFoundError,
    UploadRejectedError,
)
from chalicelib.retail.ports.uploads import UploadFile
from tests.fakes.retail.sale_rows import DAY, json_lines, row
from tests.fakes.retail.upload_desk import NOW, UploadDesk

KEY = "uploads/20250116_060000_sales.jsonl"
JAN_15 = date.fromisoformat(DAY)


@pytest.fixture
def desk() -> UploadDesk:
    return UploadDesk()


def test_a_corrected_file_replaces_its_own_facts_and_leaves_others_alone(desk: UploadDesk) -> None:
    desk.put("uploads/other.json", json_lines(row(0, product="other")))
    desk.process("uploads/other.json")
    desk.put(KEY, json_lines(row(0), row(1, date="2025-01-14"), row(2, store="s9"), "broken"))
    desk.process(KEY)
    assert desk.facts.store_day("s1", JAN_15).units_sold == 4
    desk.put(KEY, json_lines(row(0, quantity=7)), at=NOW + timedelta(hours=1))
    result = desk.process(KEY)
    assert (result["restatement"], result["removedStoreDays"], result["quarantineKey"]) == (2, 2, None)
    assert desk.files.quarantined == {}
    day = desk.facts.store_day("s1", JAN_15)
    assert (day.units_sold, day.restatement, len(day.uploads)) == (9, 2, 2)
    assert {place[:2] for place in desk.facts.days} == {("s1", JAN_15)}
    assert {place[:2] for place in desk.facts.sheets} == {("s1", JAN_15)}


def test_a_file_may_declare_which_one_it_corrects(desk: UploadDesk) -> None:
    desk.put(KEY, json_lines(row(0)))
    desk.process(KEY)
    for number in (1, 2):
        earlier = KEY if number == 1 else "uploads/correction-1.json"
        key = f"uploads/correction-{number}.json"
        desk.put(key, json_lines(row(0, quantity=7 + number)), at=NOW + timedelta(hours=number), replaces=earlier)
        result = desk.process(key)
        assert (result["uploadId"], result["restatement"]) == (upload_id_of(KEY), 1 + number)
    assert desk.facts.store_day("s1", JAN_15).units_sold == 9


def test_a_correction_of_nothing_is_rejected(desk: UploadDesk) -> None:
    desk.put(KEY, json_lines(row(0)), replaces="uploads/unknown.json")
    with pytest.raises(UploadRejectedError, match=r"uploads/unknown\.json"):
        desk.process(KEY)


def test_two_files_of_one_store_and_day_add_up(desk: UploadDesk) -> None:
    for till in (1, 2):
        desk.put(f"uploads/till-{till}.json", json_lines(row(2 * till), row(2 * till + 1)))
        desk.process(f"uploads/till-{till}.json")
    day = desk.facts.store_day("s1", JAN_15)
    assert (day.units_sold, day.tickets, day.rows, len(day.uploads)) == (8, 2, 4, 2)


def test_the_same_file_under_two_keys_counts_once(desk: UploadDesk) -> None:
    again = "uploads/again.jsonl"
    desk.put(KEY, json_lines(row(0)))
    desk.put(again, json_lines(row(0)))
    desk.process(KEY)
    with pytest.raises(UploadRejectedError, match=f"byte for byte {KEY} .*which came before"):
        desk.process(again)
    shown = desk.records.get(upload_id_of(again))
    assert shown is not None
    assert shown.status == "rejected"
    assert desk.facts.store_day("s1", JAN_15).rows == 1
    desk.put(KEY, json_lines(row(1)), at=NOW + timedelta(hours=1))
    desk.process(KEY)
    assert desk.process(again)["rows"]["kept"] == 1, "what the first brought is gone"


def test_an_older_version_never_follows_a_newer_one(desk: UploadDesk) -> None:
    desk.put(KEY, json_lines(row(0)))
    desk.put("uploads/new.json", json_lines(row(0, quantity=5)), at=NOW + timedelta(hours=1), replaces=KEY)
    desk.process("uploads/new.json")
    assert desk.process(KEY)["status"] == "superseded"
    assert desk.facts.store_day("s1", JAN_15).units_sold == 5


def test_what_was_replaced_while_it_was_read_is_not_written(
    desk: UploadDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = desk.files.chunks

    def overtaken(file: UploadFile) -> Iterator[bytes]:
        monkeypatch.setattr(desk.files, "chunks", read)
        yield from read(file)
        desk.put(KEY, json_lines(row(0, quantity=5)))  # within the same second
        desk.process(KEY)

    desk.put(KEY, json_lines(row(0)))
    monkeypatch.setattr(desk.files, "chunks", overtaken)
    with pytest.raises(UploadChangedError):
        desk.process(KEY)
    assert desk.process(KEY)["status"] == "processed"
    assert desk.facts.store_day("s1", JAN_15).units_sold == 5


def test_a_file_that_is_tidied_up_while_it_is_read_is_taken_in(
    desk: UploadDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = desk.files.chunks

    def tidied(file: UploadFile) -> Iterator[bytes]:
        yield from read(file)
        del desk.files.objects[KEY]

    desk.put(KEY, json_lines(row(0)))
    monkeypatch.setattr(desk.files, "chunks", tidied)
    assert desk.process(KEY)["rows"]["kept"] == 1


def test_versions_of_one_upload_take_turns(desk: UploadDesk) -> None:
    first = desk.put(KEY, json_lines(row(0)))
    desk.records.claim(upload_id_of(KEY), first, first.arrived_at.isoformat(), NOW)
    desk.put(KEY, json_lines(row(1)), at=NOW + timedelta(minutes=1))
    with pytest.raises(UploadBusyError):
        desk.process(KEY)
    desk.clock.at += timedelta(minutes=20)
    assert desk.process(KEY)["restatement"] == 2


def test_a_cut_off_file_keeps_the_rows_before_the_cut_and_says_so(desk: UploadDesk) -> None:
    whole = json_lines(*(row(n, row_id=f"{n * 7919 % 10007:05d}") for n in range(2_000))).encode()
    for content in (whole[:-20], gzip.compress(whole)[:-2_000], b"[" + whole.replace(b"\n", b",")[:-30]):
        desk.put("uploads/cut.json", content)
        desk.records.records.clear()
        result = desk.process("uploads/cut.json")
        assert not result["complete"]
        assert result["damage"]
        assert result["rows"]["in"] == result["rows"]["kept"] + result["rows"]["quarantined"]
        assert 100 < result["rows"]["kept"] < 2_000
        assert not desk.facts.store_day("s1", JAN_15).complete


def test_a_damaged_correction_does_not_replace_a_whole_file(desk: UploadDesk) -> None:
    desk.put(KEY, json_lines(row(0), row(1)))
    desk.process(KEY)
    desk.put(KEY, json_lines(row(0), row(1)).encode()[:-20], at=NOW + timedelta(hours=1))
    with pytest.raises(UploadRejectedError, match="whole and stays"):
        desk.process(KEY)
    assert desk.facts.store_day("s1", JAN_15).rows == 2


def test_a_file_that_is_not_there_is_named(desk: UploadDesk) -> None:
    with pytest.raises(UploadNotFoundError):
        desk.process(KEY)
