"""Files of other people's tickets: what is read, what is left out, and what is said of it."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.core.ai.embedded import HashingEmbeddingModel
from chalicelib.core.errors import InvalidInputError
from rag_engine.__main__ import main
from rag_engine.tickets_file import TicketsFile, read

MODEL = HashingEmbeddingModel()


def given(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def taken(path: Path, rows: list[Any]) -> TicketsFile:
    return read(given(path, rows), MODEL)


def solvers(file: TicketsFile) -> list[str]:
    return [file.corpus.solvers[code] for code in file.corpus.solver]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tickets.jsonl"


def test_rows_are_put_into_the_order_of_their_number_or_time(path: Path) -> None:
    numbered = [{"n": n, "text": "a", "solver": f"s{n}"} for n in (2, 0, 1)]
    assert solvers(taken(path, numbered)) == ["s0", "s1", "s2"]
    times = ("2026-03-01T00:00:00Z", "2026-01-01", "2026-02-01T05:00:00+05:00")
    timed = [{"created_at": at, "text": "a", "solver": f"s{n}"} for n, at in enumerate(times)]
    file = taken(path, timed)
    assert solvers(file) == ["s1", "s2", "s0"]
    assert "in the order of created_at; 1 rows stood before earlier ones" in file.notes


def test_a_time_that_some_rows_lack_is_no_order(path: Path) -> None:
    file = taken(path, [{"date": "2026-01-02", "solver": "a"}, {"date": "soon", "solver": "b"}, {"solver": "c"}])
    assert solvers(file) == ["a", "b", "c"]
    assert {"2 tickets have no usable date: lines 2, 3", "in the order of the file"} <= set(file.notes)


def test_of_rows_with_one_id_the_latest_counts(path: Path) -> None:
    rows = [{"id": 7, "n": 5, "text": "b", "solver": "late"}, {"id": "7", "n": 1, "text": "a", "solver": "early"}]
    file = taken(path, [*rows, {"n": 2, "solver": "other"}])
    assert solvers(file) == ["other", "late"]
    assert "1 rows replaced by later ones of the same id: line 2" in file.notes


def test_what_is_missing_is_no_obstacle_and_is_said(path: Path) -> None:
    rows: list[Any] = [
        {"solver": "a"},
        {"subject": "", "description": None, "tags": None, "solver": "a"},
        {"text": None, "subject": "Replica lags", "tags": ["db", 5], "product": "Cloud", "solver": 17},
        {"text": 404, "solver": "b", "fields": {"component": "db"}, "labels": ["x"], "score": 0.5, "is": True},
        {"text": "half a letter \ud83d of two", "solver": "b"},
        {"text": "nobody yet", "solver": None},
        {"text": "nobody yet", "solver": " "},
    ]
    file = taken(path, rows)
    assert solvers(file) == ["a", "a", "17", "b", "b"]
    assert "2 tickets without a solver left out: lines 6, 7" in file.notes
    assert "2 tickets without text; the other signals rank their experts" in file.notes
    assert set(file.corpus.fields) == {"component", "product"}


@pytest.mark.parametrize("name", ["tickets.jsonl", "tickets.jsonl.gz", "tickets.data"])
def test_gzip_is_known_by_its_first_bytes(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    line = b'\xef\xbb\xbf{"text": "a", "solver": "x"}\r\n\r\n'
    path.write_bytes(gzip.compress(line))
    assert len(read(path, MODEL).corpus) == 1
    path.write_bytes(line)
    assert len(read(path, MODEL).corpus) == 1


def test_problems_are_named_by_line_twenty_at_once_and_the_others_counted(path: Path) -> None:
    path.write_text('{"solver": "x"}\n{"solver": ["x"]}\n[1]\n' + "nope\n" * 30)
    with pytest.raises(InvalidInputError) as error:
        read(path, MODEL)
    *named, more = error.value.problems
    assert [one.path for one in named] == [f"line {n}" for n in range(2, 22)]
    assert (more.path, more.message) == ("", "and 12 lines more")


ODD_LINES = {
    "no JSON": (b'{"solver": "x"', "is no JSON"),
    "Latin-1": (b'{"solver": "Jos\xe9"}', "is not in UTF-8"),
    "UTF-16": ('{"solver": "x"}'.encode("utf-16"), "is not in UTF-8"),
    "a list of tickets": (b'[{"solver": "x"}]', "is no JSON object; a line is a ticket"),
    "the beginning of a list": (b"[", "begins a JSON list; give each ticket a line of its own"),
    "lists in lists": (b"[" * 100_000, "begins a JSON list; give each ticket a line of its own"),
    "a number of ten thousand digits": (b'{"solver": %s}' % (b"9" * 10_000), "is no JSON"),
    "a long line": (b'{"text": "%s", "solver": "x"}' % (b"a" * 12_000_000), "is longer than 5,000,000 bytes"),
    "a true solver": (b'{"solver": true}', '"solver" is neither text nor a whole number'),
    "a solver of not quite one": (b'{"solver": 0.9}', '"solver" is neither text nor a whole number'),
    "a story for a solver": (b'{"solver": "%s"}' % (b"a" * 201), '"solver" is longer than 200 characters'),
}


@pytest.mark.parametrize("odd", ODD_LINES)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_an_odd_line_is_told_with_its_number_beside_the_others(
    path: Path, capsys: pytest.CaptureFixture[str], odd: str, pack: Callable[[bytes], bytes]
) -> None:
    line, why = ODD_LINES[odd]
    path.write_bytes(pack(b"\n".join([b'{"text": "a", "solver": "x"}', line, b"nope", b""])))
    assert main(["evaluate", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.splitlines() == [f"cannot evaluate {path}:", f"  line 2: {why}", "  line 3: is no JSON"]


@pytest.mark.parametrize(
    "option",
    [["--half-life", "0"], ["--half-life", "nan"], ["--half-life", "soon"], ["--model", "/absent/model.json"]],
    ids=" ".join,
)
def test_an_odd_option_is_refused_before_the_work(
    path: Path, capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", str(path), *option])
    assert ended.value.code == 2
    assert option[1] in capsys.readouterr().err


def test_a_cut_off_gzip_file_and_a_file_without_solvers_are_refused(path: Path) -> None:
    noise = random.Random(1)
    lines = "".join(json.dumps({"text": noise.random(), "solver": "x"}) + "\n" for _ in range(2_000))
    path.write_bytes(gzip.compress(lines.encode())[:-3_000])
    with pytest.raises(InvalidInputError, match=r"line \d{3,4}: the gzip file is cut off"):
        read(path, MODEL)
    with pytest.raises(InvalidInputError, match='none of 3 tickets has a "solver"'):
        taken(path, [{"text": "a", "assignee": "x"}] * 3)


def test_it_is_said_which_fields_are_learnt_from(path: Path) -> None:
    chance = random.Random(2)
    rows = [
        {"n": n, "text": "a", "solver": f"s{n % 5}", "closer": f"s{n % 5}", "component": f"c{n % 4}",
         "opener": f"o{chance.randrange(60)}", "link": f"u{n}", "team": "ours"}
        | ({"late": n % 3} if n > 600 else {})
        for n in range(1_100)
    ]  # fmt: skip
    file = taken(path, rows)
    assert file.fields == ("component", "opener")
    for said in (
        "field component: 4 values in 100 of the first 100 tickets, used",
        "field link: 100 values in 100 of the first 100 tickets, not used: hardly a value comes twice",
        "field team: 1 values in 100 of the first 100 tickets, not used: always the same",
        "field closer: 5 values in 100 of the first 100 tickets, not used: it repeats the solver",
        "field late: not given before the first step, not used",
    ):
        assert said in file.notes


def planted(count: int, *, with_fields: bool) -> list[dict[str, Any]]:
    """Text says nothing; a component has an expert, and people who open tickets have a favourite among two."""
    chance = random.Random(3)
    rows = []
    for n in range(count):
        component, opener = chance.randrange(12), chance.randrange(40)
        solver = f"s{2 * component + opener % 2}" if chance.random() < 0.8 else f"s{chance.randrange(24)}"
        fields = {"component": f"c{component}", "opener": f"o{opener}"} if with_fields else {}
        said = " ".join(f"word{chance.randrange(200)}" for _ in range(6))
        rows.append({"n": n, "text": said, "solver": solver} | fields)
    return rows


def top(printed: str) -> list[float]:
    return [float(one) for one in re.findall(r"\d\.\d+", printed.split("this engine")[1].splitlines()[0])]


def test_component_and_opener_find_experts_that_text_does_not(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL", "embedded")
    assert main(["evaluate", str(given(path, planted(550, with_fields=False)))]) == 0
    without = top(capsys.readouterr().out)
    assert main(["evaluate", str(given(path, planted(550, with_fields=True)))]) == 0
    printed = capsys.readouterr().out
    assert "fields: component, opener" in printed
    assert "of the fields these help, and are used: component, opener" in printed
    assert top(printed)[1] > without[1] + 0.3


def test_fields_that_say_nothing_are_not_used(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of some hundred tickets something seems to speak for any field: each has to show it on later tickets."""
    monkeypatch.setenv("EMBEDDING_MODEL", "embedded")
    chance = random.Random(4)
    tickets = planted(550, with_fields=True)
    odd = [
        {name: value for name, value in one.items() if name != "opener"}
        | {"browser": f"b{chance.randrange(5)}", "weather": chance.choice(["sun", "rain"])}
        for one in tickets
    ]
    assert main(["evaluate", str(given(path, odd))]) == 0
    printed = capsys.readouterr().out
    assert "fields: browser, component, weather" in printed
    assert "of the fields these help, and are used: component\n" in printed
    assert main(["evaluate", str(given(path, [one | {"component": "c"} for one in odd]))]) == 0
    assert "of the fields these help, and are used: none\n" in capsys.readouterr().out


def test_a_few_tickets_are_replayed_and_promote_nothing(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL", "embedded")
    model = tmp_path / "model.json"
    assert main(["evaluate", str(given(path, planted(30, with_fields=True))), "--model", str(model)]) == 1
    printed = capsys.readouterr()
    assert "blocks of 2 tickets: the figures are mostly chance" in printed.out
    assert len(top(printed.out)) == 4
    assert "not promoted: 30 tickets are too few" in printed.err
    assert not model.exists()


def test_one_solver_alone_and_too_few_tickets(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL", "embedded")
    assert main(["evaluate", str(given(path, [{"text": f"word{n % 9}", "solver": "x"} for n in range(120)]))]) == 0
    assert top(capsys.readouterr().out) == [1.0, 1.0, 1.0, 1.0]
    for count in (0, 10):
        assert main(["evaluate", str(given(path, [{"text": "a", "solver": "x"}] * count))]) == 2
        assert f"{count} solved tickets; a replay needs at least 22" in capsys.readouterr().err
