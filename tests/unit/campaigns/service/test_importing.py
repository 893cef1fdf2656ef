"""Every row of an upload is accepted, a duplicate or invalid; nothing is dropped and nothing is taken twice."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.domain.campaign import CampaignStatus
from chalicelib.campaigns.domain.contact import contact_id
from chalicelib.campaigns.service import importing
from chalicelib.campaigns.service.importing.lines import LONGEST_LINE_BYTES
from chalicelib.campaigns.service.importing.run import Pace
from tests.fakes.campaigns.files import FakeModels, FakeUploads
from tests.fakes.campaigns.samples import campaign
from tests.fakes.campaigns.stores import FakeCampaignStore, FakeContactStore, FakePeople
from tests.fakes.campaigns.world import FakeImportContinuations, FakePhoneNumbers

CSV_KEY = "contacts/spring/list.csv"
JSON_KEY = "contacts/spring/list.jsonl"


class World:
    """One campaign and its ports."""

    def __init__(self, chunk_bytes: int = 7) -> None:
        self.campaigns = FakeCampaignStore()
        self.contacts = FakeContactStore(self.campaigns, FakePeople())
        self.uploads = FakeUploads(chunk_bytes)
        self.continuations = FakeImportContinuations()
        self.campaigns.create(campaign())
        self.ports = importing.Ports(self.campaigns, self.contacts, self.uploads, FakePhoneNumbers(), FakeModels())

    def take(self, body: bytes, key: str = CSV_KEY, **more: Any) -> dict[str, Any]:
        self.uploads.objects[key] = body
        return self.run(key, **more)

    def run(self, key: str, left: float = 900.0, pace: Pace = Pace()) -> dict[str, Any]:  # noqa: B008
        return importing.import_upload(key, self.ports, self.continuations, lambda: left, pace)

    def all_problems(self, report: dict[str, Any]) -> list[dict[str, Any]]:
        files = [self.uploads.objects[key].decode() for key in report["problemFiles"]]
        return [json.loads(line) for text in files for line in text.splitlines()]


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    c = report["counts"]
    assert c["rows"] == c["accepted"] + c["duplicates"] + c["invalid"]
    return c["rows"], c["accepted"], c["duplicates"], c["invalid"]


def test_rows_become_contacts_with_id_zone_priority_and_features() -> None:
    world = World()
    report = world.take(b"Name, Phone ,age\nAda,+1 212 5550001,36\nBob,+12125550002,\n")
    assert report["status"] == "done"
    assert counts(report) == (2, 2, 0, 0)
    ada = world.contacts.get_many("spring", [contact_id("+12125550001")])[contact_id("+12125550001")]
    assert (ada.phone, ada.zones, ada.features) == (
        "+12125550001",
        ("America/New_York",),
        {"name": "Ada", "age": 36.0},
    )
    assert 0 < ada.priority < 1


def test_problems_name_line_reason_and_value() -> None:
    world = World()
    report = world.take(b"phone,name\n+12125550001,a\nnonsense,b\n+12125550001,c\n,d\n+12125550003\n")
    assert counts(report) == (5, 1, 1, 3)
    assert [(p["line"], p["code"], p["value"]) for p in world.all_problems(report)] == [
        (3, "phone_invalid", "nonsense"),
        (4, "duplicate", "+12125550001"),
        (5, "phone_missing", ""),
        (6, "field_count", ""),
    ]
    assert report["reasons"] == {"phone_invalid": 1, "phone_missing": 1, "field_count": 1, "duplicate": 1}


def test_the_same_upload_twice_changes_nothing() -> None:
    world = World()
    body = b"phone\n+12125550001\n+12125550002\n+12125550001\n"
    assert world.take(body) == world.take(body)
    assert world.campaigns.counters("spring")["total"] == 2


def test_another_upload_of_the_same_numbers_is_all_duplicates() -> None:
    world = World()
    world.take(b"phone\n+12125550001\n")
    report = world.take(b"phone\n+12125550001\n+12125550009\n", "contacts/spring/second.csv")
    assert counts(report) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        ("phone,name\r\n+12125550001,Jürgen\r\n".encode(), "utf-8"),
        ("phone,name\n+12125550001,Jürgen\n".encode("utf-8-sig"), "utf-8-sig"),
        ("phone;name\n+12125550001;Jürgen".encode("latin-1"), "windows-1252"),
        ("phone\tname\r+12125550001\tJürgen\r".encode("cp1252"), "windows-1252"),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [1, 5, 4096])
def test_encodings_line_ends_and_delimiters(body: bytes, encoding: str, chunk_bytes: int) -> None:
    world = World(chunk_bytes)
    report = world.take(body)
    assert (counts(report), report["encoding"]["name"]) == ((1, 1, 0, 0), encoding)
    (contact,) = world.contacts.get_many("spring", [contact_id("+12125550001")]).values()
    assert contact.features == {"name": "Jürgen"}
    assert ("note" in report["encoding"]) == (encoding == "windows-1252")


def test_quoted_line_breaks_stay_in_their_row_and_lines_are_counted_on() -> None:
    world = World()
    report = world.take(b'phone,note\n+12125550001,"two\nlines, and ""quotes"""\nbad,x\n')
    assert counts(report) == (2, 1, 0, 1)
    assert world.all_problems(report)[0]["line"] == 4


def test_an_open_quote_costs_its_own_line_only() -> None:
    world = World()
    rows = "".join(f"+1212555{n:04},x\n" for n in range(200))
    report = world.take(('phone,note\n+12125559999,"never closed\n' + rows).encode())
    assert counts(report) == (201, 200, 0, 1)
    assert report["problems"][0] | {"message": ""} == {"line": 2, "code": "open_quote", "message": "", "value": ""}


def test_a_line_without_end_is_skipped_without_being_held() -> None:
    world = World(4096)
    report = world.take(b"phone\n" + b"9" * (LONGEST_LINE_BYTES * 3) + b"\n+12125550001\n")
    assert counts(report) == (2, 1, 0, 1)
    assert report["problems"][0]["code"] == "line_too_long"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"name,age\nAda,36\n", "no column named phone"),
        (b"phone,name,name\n", "twice"),
        ("phone\n+12125550001\n".encode("utf-16"), "UTF-16"),
        (b"phone," + b",".join(b"c%d" % n for n in range(90)) + b"\n", "91 columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_says_why(body: bytes, reason: str) -> None:
    report = World().take(body)
    assert report["status"] == "refused"
    assert reason in report["detail"]


def test_json_lines() -> None:
    world = World()
    lines = [
        b'{"phone": "+12125550001", "age": 36, "vip": true, "note": null}',
        b'{"Phone_Number": "+12125550002", "region": "US"}',
        b"[1, 2]",
        b'{"phone": ',
        b"",
        b'{"name": "nobody"}',
        b'{"phone": "+12125550004", "tags": ["x"]}',
        b'{"phone": "+12125550005", "age": 1e300}',
        b'{"phone": "+12125550001"}',
        b'{"phone": "+12125550006", "region": "Germany"}',
    ]
    report = world.take(b"\n".join(lines), JSON_KEY)
    assert counts(report) == (9, 2, 1, 6)
    assert [(p["line"], p["code"]) for p in world.all_problems(report)] == [
        (3, "not_an_object"),
        (4, "unreadable_json"),
        (6, "phone_missing"),
        (7, "field_type"),
        (8, "field_value"),
        (9, "duplicate"),
        (10, "region"),
    ]


def test_a_long_upload_goes_on_where_it_stopped() -> None:
    body = b'phone,note\n"+12125550000","a\nb"\n' + b"".join(
        (b"bad,x\n" if n % 7 == 0 else b"+1212555%04d,y\n" % n) for n in range(1, 100)
    )
    whole = World()
    expected = whole.take(body)
    world = World()
    pace = Pace(batch=4, look_every=10, checkpoint_every=10)
    answer = world.take(body, left=0.0, pace=pace)
    rounds = 1
    while answer["status"] == "continues":
        assert world.continuations.keys.pop() == CSV_KEY
        answer = world.run(CSV_KEY, left=0.0, pace=pace)
        rounds += 1
    assert rounds == 11
    assert answer["counts"] == expected["counts"]
    assert world.all_problems(answer) == whole.all_problems(expected)
    assert world.uploads.bytes_read < 2 * len(body)
    assert "contacts/spring/list.checkpoint.json" not in world.uploads.objects


def test_a_killed_import_is_taken_up_at_its_checkpoint() -> None:
    world = World()
    body = b"phone\n" + b"".join(b"+1212555%04d\n" % n for n in range(50))
    world.take(body, left=0.0, pace=Pace(batch=4, look_every=10, checkpoint_every=10))
    checkpoint = world.uploads.objects["contacts/spring/list.checkpoint.json"]
    world.run(CSV_KEY, left=0.0, pace=Pace(batch=4, look_every=10, checkpoint_every=10))
    world.uploads.objects["contacts/spring/list.checkpoint.json"] = checkpoint  # its second round was lost
    assert counts(world.run(CSV_KEY)) == (50, 50, 0, 0)
    assert world.campaigns.counters("spring")["total"] == 50


@pytest.mark.parametrize(
    "key",
    ["contacts/spring/list.report.json", "contacts/spring/a.problems.000000001.jsonl", "contacts/x.csv", "a.csv"],
)
def test_what_is_no_upload_is_left_alone(key: str) -> None:
    assert World().take(b"phone\n", key)["status"] == "ignored"


def test_an_ended_or_unknown_campaign_takes_no_contacts() -> None:
    world = World()
    world.campaigns.campaigns["spring"] = campaign(status=CampaignStatus.COMPLETED)
    assert world.take(b"phone\n+12125550001\n")["status"] == "refused"
    assert world.take(b"phone\n", "contacts/nobody/a.csv")["status"] == "refused"


def test_a_short_list_is_taken_in_at_once() -> None:
    world = World()
    report = importing.import_list("spring", "u1", [{"phone": "+12125550001"}, {"phone": "x"}, 3], world.ports)
    assert counts(report) == (3, 1, 0, 2)
    assert importing.upload_report("spring", "u1", world.uploads) == report


def test_an_upload_tells_how_far_it_is() -> None:
    world = World()
    target = importing.new_upload("spring", "list", "csv", world.campaigns, world.uploads)
    assert (target["method"], target["headers"]) == ("PUT", {"Content-Type": "text/csv"})
    world.uploads.objects[CSV_KEY] = b"phone\n" + b"+12125550001\n" * 25
    assert importing.upload_report("spring", "list", world.uploads)["status"] == "waiting"
    world.run(CSV_KEY, left=0.0, pace=Pace(look_every=10, checkpoint_every=10))
    running = importing.upload_report("spring", "list", world.uploads)
    assert (running["status"], running["counts"]["rows"]) == ("running", 10)


cells = st.one_of(
    st.sampled_from(
        ["+12125550001", "+12125550002", "+12125550003", "", '"', "x", "a,b", "l\nm", "\r", "é", ";", "{}"]
    ),
    st.text(max_size=8),
)


@settings(max_examples=150)
@given(st.lists(st.lists(cells, min_size=1, max_size=3), max_size=30), st.integers(1, 64), st.booleans())
def test_rows_written_by_a_csv_writer_all_add_up(rows: list[list[str]], chunk_bytes: int, hurried: bool) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["phone", "note"])
    writer.writerows(rows)
    world = World(chunk_bytes)
    pace = Pace(batch=3, look_every=4, checkpoint_every=4)
    report = world.take(text.getvalue().encode("utf-8", "replace"), left=0.0 if hurried else 900.0, pace=pace)
    while report["status"] == "continues":
        report = world.run(CSV_KEY, left=0.0, pace=pace)
    total, accepted, duplicates, invalid = counts(report)
    blank = sum(1 for row in rows if len(row) == 1 and not row[0].strip())
    assert total <= len(rows)
    assert total >= len(rows) - blank
    assert len(world.all_problems(report)) == duplicates + invalid
    assert world.campaigns.counters("spring").get("total", 0) == accepted


@settings(max_examples=200)
@given(st.binary(max_size=400), st.sampled_from([CSV_KEY, JSON_KEY]), st.integers(1, 64))
@example(b'phone\n"', CSV_KEY, 1)
@example(b"phone\n\r\r\n\xff\n", CSV_KEY, 2)
@example(b'{"phone": 1e999}\n', JSON_KEY, 3)
@example(b'{"phone": 123456789012345678901234567890, "x": 123456789012345678901234567890}', JSON_KEY, 64)
def test_any_bytes_are_read_to_the_end(body: bytes, key: str, chunk_bytes: int) -> None:
    for start in (b"", b"phone,note\n"):
        world = World(chunk_bytes)
        report = world.take(start + body, key)
        assert report["status"] in ("done", "refused")
        _, _, duplicates, invalid = counts(report)
        assert len(world.all_problems(report)) == duplicates + invalid
