"""Time and memory of one match over 100,000 solved tickets, and what adding one costs at 1,000 and at 100,000:
``python -m benchmarks.tickets_scale``, half a minute, also a part of ``python -m benchmarks.tickets``.

Tickets are made up: 40 words each of 60,000 (some said far more often than others), vectors of 512 numbers, 400
experts. The index is loaded in processes of its own, whose memory is the figure: one that finds everything in the
file and is asked, and one that finds `WAITING` tickets solved since the file was made. S3 is moto's.

One thread works and nothing is waited for, so processor time is what a match takes on a core of its own: that is
held to the bars. The clock's time stands beside it; how far they are apart is how busy the machine is.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from chalicelib.tickets.domain.matching.model import prior_model
from chalicelib.tickets.domain.sme import SmeProfile
from chalicelib.tickets.ports.index import IndexedTicket
from rag_engine.corpus import Corpus, Floats, Query
from rag_engine.index_file import Index, Paper, index_of, papers_of, read, write
from rag_engine.joining import with_news
from rag_engine.recommend import Matcher
from rag_engine.vectors import Vectors

TICKETS, WORDS_EACH, VOCABULARY, DIMENSION, EXPERTS = 100_000, 40, 60_000, 512, 400
MATCHES, WAITING = 200, 199
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
P95_BAR_MS, LOAD_BAR_SECONDS, MEMORY_BAR_MIB = 50.0, 2.0, 1024.0


def scale_checks() -> Iterator[tuple[str, bool]]:
    """Yield a line and whether its bar is reached."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.bin"
        began = time.perf_counter()
        write(_index(), path)
        size = path.stat().st_size / 2**20
        yield f"making the file of {TICKETS:,} tickets: {time.perf_counter() - began:.1f} s, {size:.0f} MiB", True
        asked, waiting = _process("ask", path), _process("wait", path)
    matched = f"{asked['p95']:.1f} ms; by the clock {asked['p95_clock']:.1f}, median {asked['median_clock']:.1f}"
    yield _line("one match, p95", matched, asked["p95"] < P95_BAR_MS, P95_BAR_MS)
    for what, found in (("index load", asked), (f"the same, {WAITING} tickets waiting", waiting)):
        load = f"{found['load']:.2f} s; by the clock {found['load_clock']:.2f}"
        yield _line(what, load, found["load"] < LOAD_BAR_SECONDS, LOAD_BAR_SECONDS)
        yield _line("memory of the process", f"{found['memory']:.0f} MiB", found["memory"] < MEMORY_BAR_MIB,
                    MEMORY_BAR_MIB)  # fmt: skip
    few, many = _adding(1_000), _adding(100_000)
    yield _line(
        "adding one ticket, 1,000 and 100,000",
        f"{few[0]:.2f} and {many[0]:.2f} ms, {few[1]} and {many[1]} requests",
        few[1] == many[1],
        few[1],
    )


def _line(what: str, figure: str, is_reached: bool, bar: float) -> tuple[str, bool]:
    return f"{what}: {figure}, bar {bar:g}: {'reached' if is_reached else 'MISSED'}", is_reached


def _index() -> Index:
    chance = np.random.default_rng(1)
    ranks = 1.0 / np.arange(1, VOCABULARY + 1)
    words = chance.choice(VOCABULARY, (TICKETS, WORDS_EACH), p=ranks / ranks.sum()).astype(np.uint64)
    vector = chance.standard_normal((TICKETS, DIMENSION), np.float32)
    vector /= np.linalg.norm(vector, axis=1, keepdims=True)
    kept = np.ones(words.shape, bool)
    words.sort(axis=1)
    kept[:, 1:] = words[:, 1:] != words[:, :-1]
    corpus = Corpus(
        starts=np.concatenate([[0], np.cumsum(kept.sum(1))]).astype(np.int64),
        word=words[kept],
        count=np.ones(int(kept.sum()), np.float32),
        vector=Vectors(vector),
        solver=chance.integers(0, EXPERTS, TICKETS).astype(np.int32),
        solvers=tuple(f"cre{n}" for n in range(EXPERTS)),
        fields={},
        values={},
    )
    first = NOW - timedelta(minutes=TICKETS)
    papers = [Paper(f"t-{n}", f"subject {n}", first + timedelta(minutes=n)) for n in range(TICKETS)]
    return index_of(corpus, papers_of(papers))


def _process(part: str, path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.tickets_scale", part, str(path)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # as the engine's own process
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


class _Watch:
    """Milliseconds of the processor and of the clock since it was made."""

    def __init__(self) -> None:
        self._work, self._clock = time.process_time(), time.perf_counter()

    def read(self) -> tuple[float, float]:
        return (time.process_time() - self._work) * 1000, (time.perf_counter() - self._clock) * 1000


def _ask(path: Path) -> dict[str, float]:
    watch = _Watch()
    index = read(path)
    matcher = Matcher(index, prior_model("made-up"))
    profiles = [SmeProfile(f"cre{n}", f"Expert {n}") for n in range(EXPERTS)]
    matcher.recommend(index.corpus.query(0), profiles, NOW)
    load = watch.read()
    chance = np.random.default_rng(2)
    took = []
    for place in chance.integers(0, TICKETS, MATCHES):
        asked = index.corpus.query(int(place))
        query = Query(asked.word, asked.count, _direction(chance), {})
        watch = _Watch()
        matcher.recommend(query, profiles, NOW)
        took.append(watch.read())
    work, clock = zip(*took, strict=True)
    return _loaded(load) | {
        "p95": float(np.percentile(work, 95)),
        "p95_clock": float(np.percentile(clock, 95)),
        "median_clock": statistics.median(clock),
    }


def _wait(path: Path) -> dict[str, float]:
    chance = np.random.default_rng(3)
    news = [
        IndexedTicket(
            f"new-{n}",
            "subject",
            {f"word{word}": 1 for word in chance.integers(0, VOCABULARY, WORDS_EACH)},
            [float(x) for x in _direction(chance)],
            "made-up",
            NOW,
            solver=f"cre{n}",
            solved_at=NOW + timedelta(minutes=n),
        )
        for n in range(WAITING)
    ]
    watch = _Watch()
    index = with_news(read(path), news)
    profiles = [SmeProfile(f"cre{n}", f"Expert {n}") for n in range(EXPERTS)]
    Matcher(index, prior_model("made-up")).recommend(index.corpus.query(0), profiles, NOW)
    return _loaded(watch.read())


def _loaded(load: tuple[float, float]) -> dict[str, float]:
    return {"load": load[0] / 1000, "load_clock": load[1] / 1000, "memory": _most_memory_mib()}


def _direction(chance: np.random.Generator) -> Floats:
    noise = chance.standard_normal(DIMENSION).astype(np.float32)
    direction: Floats = noise / np.linalg.norm(noise)
    return direction


def _most_memory_mib() -> float:
    """Return the most this process has held, mapped file included.

    Not by getrusage: its ru_maxrss begins with what the process held before exec, the parent's arrays.
    """
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def _adding(held: int) -> tuple[float, int]:
    """Return the least time in ms, moto's included, and the requests of putting one ticket beside ``held``."""
    from moto import mock_aws
    from moto.s3.models import s3_backends

    from chalicelib.core.aws import client
    from chalicelib.tickets.adapters.file_index import FileIndex, ticket_key

    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    client.cache_clear()
    with mock_aws():
        client("s3").create_bucket(Bucket="tickets")
        backend = s3_backends["123456789012"]["aws"]
        for place in range(held):
            backend.put_object("tickets", ticket_key(f"held-{place}"), b"{}")
        requests: list[str] = []
        client("s3").meta.events.register("before-send.s3", lambda **given: requests.append(given["event_name"]))
        index = FileIndex("tickets", "made-up", DIMENSION)
        took = []
        for place in range(41):
            ticket = IndexedTicket(
                f"new-{place}",
                "subject",
                {"word": 1},
                [0.0] * DIMENSION,
                "made-up",
                NOW,
                solver="cre1",
                solved_at=NOW,
            )
            before, began = len(requests), time.perf_counter()
            index.upsert([ticket])
            took.append((time.perf_counter() - began) * 1000)
            each = len(requests) - before
    client.cache_clear()
    return min(took), each


def _main(part: str = "", path: str = "") -> int:
    """Run all checks, or one part in a process of its own; return the exit code."""
    if part:
        print(json.dumps({"ask": _ask, "wait": _wait}[part](Path(path))))
        return 0
    reached = True
    for line, is_reached in scale_checks():
        print(line, flush=True)
        reached = reached and is_reached
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
