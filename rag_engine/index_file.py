"""The index as one file, read by memory map: what was learnt of all solved tickets, ready to be asked.

8 bytes      the header's length
header       JSON: names of experts and of fields' values, and of each array its type, shape and offset
arrays       each at a multiple of 64 bytes
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag_engine.corpus import Corpus, corpus_of, ranges
from rag_engine.history import History, learn
from rag_engine.vectors import Vectors

VERSION = 2
_ALIGNED = 64
_FLOATS = "<f4"
_OF_CORPUS = ("starts", "word", "count", "solver")
_OF_HISTORY = (
    "words", "idf", "starts", "posting_ticket", "posting_count", "posting_weight", "solver", "by_solver",
    "solver_starts", "centroid_length",
)  # fmt: skip
_INSIDE_QUOTES = rb'[^"\\]*(?:\\.[^"\\]*)*'
_PAPER = re.compile(rb'\["(%b)", "%b", "%b"\]' % (_INSIDE_QUOTES, _INSIDE_QUOTES, _INSIDE_QUOTES))


@dataclass(frozen=True, slots=True)
class Paper:
    """What is shown of a past ticket."""

    ticket_id: str
    subject: str
    solved_at: datetime


class Papers:
    """The papers of all tickets; one is decoded when it is asked for."""

    def __init__(self, text: NDArray[np.uint8], starts: NDArray[np.int64], solved: NDArray[np.float64]) -> None:
        self.text, self.starts = text, starts
        self.solved = solved
        """Seconds since 1970, (n,)."""

    def __getitem__(self, place: int) -> Paper:
        data = json.loads(self.text[self.starts[place] : self.starts[place + 1]].tobytes())
        return Paper(data[0], data[1], datetime.fromisoformat(data[2]))

    def at(self, places: NDArray[np.int64]) -> Papers:
        """Return the papers at ``places``, in that order."""
        lengths = np.diff(self.starts)[places]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return Papers(self.text[ranges(self.starts[places], lengths)], starts, self.solved[places])

    def with_inserted(self, before: NDArray[np.int64], other: Papers) -> Papers:
        """Return these papers and the other's, each before the place that ``before`` says."""
        lengths = np.diff(other.starts)
        text = np.insert(self.text, np.repeat(self.starts[before], lengths), other.text)
        starts = np.concatenate([[0], np.cumsum(np.insert(np.diff(self.starts), before, lengths))])
        return Papers(text, starts.astype(np.int64), np.insert(self.solved, before, other.solved))

    def ids(self) -> list[str]:
        """Return all tickets' ids."""
        # Reading each paper whole takes four times as long, and this is done for nearly every match.
        ids = b'", "'.join(_PAPER.findall(self.text.tobytes()))
        found: list[str] = json.loads(b'["%b"]' % ids) if len(self.solved) else []
        return found


@dataclass(frozen=True, slots=True)
class Index:
    """Solved tickets in the order in which they were solved."""

    corpus: Corpus
    history: History | None
    """None: there is no solved ticket yet."""
    papers: Papers


def papers_of(papers: Sequence[Paper]) -> Papers:
    """Return the papers in one array of bytes."""
    texts = [json.dumps([p.ticket_id, p.subject, p.solved_at.isoformat()]).encode() for p in papers]
    starts = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    solved = np.array([p.solved_at.timestamp() for p in papers], np.float64)
    return Papers(np.frombuffer(b"".join(texts), np.uint8), starts, solved)


def index_of(corpus: Corpus, papers: Papers) -> Index:
    """Return the index of solved tickets in the order of time."""
    return Index(corpus, learn(corpus) if len(corpus) else None, papers)


def empty_index(dimension: int) -> Index:
    """Return the index of no tickets."""
    return index_of(corpus_of([], dimension), papers_of([]))


def write(index: Index, path: Path) -> None:
    """Write the index; its corpus and its history have the same order and the same vectors."""
    if index.history is None:
        raise ValueError("an index without tickets has no file")
    arrays: dict[str, NDArray[Any]] = {f"corpus.{name}": getattr(index.corpus, name) for name in _OF_CORPUS}
    arrays["corpus.solver"] = index.history.solver  # experts all of whose tickets were replaced have no place
    arrays |= {f"history.{name}": getattr(index.history, name) for name in _OF_HISTORY}
    arrays |= {f"field.{name}": codes for name, codes in index.corpus.fields.items()}
    arrays |= {"papers.text": index.papers.text, "papers.starts": index.papers.starts}
    arrays |= {"papers.solved": index.papers.solved}
    places, offset = {}, 0
    for name, values in arrays.items():
        places[name] = {"type": values.dtype.str, "shape": list(values.shape), "offset": offset}
        offset += -(-values.nbytes // _ALIGNED) * _ALIGNED
    vector = index.history.vector
    places["history.vector"] = {"type": _FLOATS, "shape": [len(vector), vector.dimension], "offset": offset}
    header = json.dumps(
        {
            "version": VERSION,
            "solvers": index.history.solvers,
            "values": {name: list(values) for name, values in index.corpus.values.items()},
            "arrays": places,
        }
    ).encode()
    header += b" " * (-(8 + len(header)) % _ALIGNED)
    with path.open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        for values in arrays.values():
            data = np.ascontiguousarray(values)
            file.write(data.data)
            file.write(b"\0" * (-data.nbytes % _ALIGNED))
        for piece in vector.pieces():  # the largest by far, and last: in memory a piece at a time
            file.write(np.ascontiguousarray(piece, np.dtype(_FLOATS)).data)


def read(path: Path) -> Index:
    """Map the file that `write` wrote.

    Raises:
        ValueError: it is of another version.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    if header["version"] != VERSION:
        raise ValueError(f"an index file of version {header['version']!r}; this engine reads {VERSION}")
    mapped = np.memmap(path, np.uint8, "r", offset=0)

    def array(name: str) -> NDArray[Any]:
        place = header["arrays"][name]
        kind = np.dtype(place["type"])
        first = 8 + length + place["offset"]
        size = int(np.prod(place["shape"])) * kind.itemsize
        values: NDArray[Any] = np.asarray(mapped[first : first + size]).view(kind).reshape(place["shape"])
        return values

    solvers = tuple(header["solvers"])
    values = {name: tuple(given) for name, given in header["values"].items()}
    fields = {name: array(f"field.{name}") for name in values}
    history = History(
        **{name: array(f"history.{name}") for name in _OF_HISTORY},
        vector=Vectors(array("history.vector")),
        solvers=solvers,
        fields=fields,
        values={name: {value: place for place, value in enumerate(given)} for name, given in values.items()},
    )
    corpus = Corpus(
        **{name: array(f"corpus.{name}") for name in _OF_CORPUS},
        vector=history.vector,
        solvers=solvers,
        fields=fields,
        values=values,
    )
    return Index(corpus, history, Papers(array("papers.text"), array("papers.starts"), array("papers.solved")))
