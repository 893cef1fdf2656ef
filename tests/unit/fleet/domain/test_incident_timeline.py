"""A timeline that was touched says so."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.fleet.domain.incidents.timeline import Entry, Happening, Head, beginning, continued, faults

ID = "INC-V-1"


def written() -> list[Entry]:
    happenings = [
        Happening("2026-06-02T03:14:15.000+00:00", "recorded", "recorded", {"event": "abc"}),
        Happening("2026-06-02T03:14:16.000+00:00", "sent", "sent:owner", {"messageId": "1"}),
        Happening("2026-06-02T03:14:17.000+00:00", "acknowledged", "acknowledged", {"by": "ana"}),
    ]
    return continued(ID, [], happenings)


def head(entries: list[Entry]) -> Head:
    return Head(entries[-1].number, entries[-1].hash)


def test_entries_follow_each_other() -> None:
    entries = written()
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries] == [beginning(ID), entries[0].hash, entries[1].hash]
    assert faults(ID, entries, head(entries)) == []
    assert faults(ID, [], None) == []


def test_what_is_there_is_not_written_again() -> None:
    entries = written()
    again = Happening("2026-06-02T03:20:00.000+00:00", "sent", "sent:owner", {"messageId": "2"})
    assert continued(ID, entries, [again]) == []
    more = Happening("2026-06-02T03:20:00.000+00:00", "delivered", "delivered:owner")
    (entry,) = continued(ID, entries, [again, more, more])
    assert (entry.number, entry.previous) == (4, entries[-1].hash)


def test_every_change_is_found() -> None:
    entries = written()
    end = head(entries)
    for place, entry in enumerate(entries):
        for changed in (
            replace(entry, data={"by": "eve"}),
            replace(entry, at="2026-06-02T00:00:00.000+00:00"),
            replace(entry, kind="delivered"),
            replace(entry, hash="0" * 64),
            replace(entry, previous="0" * 64),
        ):
            assert faults(ID, [*entries[:place], changed, *entries[place + 1 :]], end), changed
    assert faults(ID, entries[:-1], end) == ["the timeline ends with entry 2; it was written up to entry 3"]
    assert faults(ID, entries[1:], end) == ["entry 1 is missing; 2 stands in its place"]
    assert faults(ID, [entries[0], entries[2]], end) == ["entry 2 is missing; 3 stands in its place"]
    assert faults(ID, [], end)
    assert faults(ID, entries, None) == ["the head is missing"]
    assert faults("INC-V-2", entries, end)
