from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.stepfunctions.paths import InvalidPathError, PathNotFoundError, parse_path, parse_reference
from localcloud.stepfunctions.paths.reference import ReferenceMismatchError

STORE = {
    "books": [
        {"title": "A", "price": 8, "tags": ["x", "y"]},
        {"title": "B", "price": 22, "isbn": "1"},
        {"title": "C", "price": 9, "isbn": "2", "tags": []},
    ],
    "unit price": 3,
    "limit": 10,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", STORE),
        ("$.limit", 10),
        ("$['unit price']", 3),
        ('$["limit"]', 10),
        ("$.books[0].title", "A"),
        ("$.books[-1].title", "C"),
        ("$.books[*].title", ["A", "B", "C"]),
        ("$.books[0,2].title", ["A", "C"]),
        ("$.books[0:2].title", ["A", "B"]),
        ("$.books[:1].title", ["A"]),
        ("$.books[-2:].title", ["B", "C"]),
        ("$..isbn", ["1", "2"]),
        ("$.books..tags[*]", ["x", "y"]),
        ("$.books[?(@.price < 10)].title", ["A", "C"]),
        ("$.books[?(@.price < $.limit && @.isbn)].title", ["C"]),
        ("$.books[?(@.title == 'B' || @.price == 8)].title", ["A", "B"]),
        ("$.books[?(@.price<10)].title", ["A", "C"]),
        ("$.books[?(@.price>=$.limit||@.title=='A')].title", ["A", "B"]),
        ("$.books[?(@.title=~/[ab]/i&&@.price!=8)].title", ["B"]),
        ("$.books[0].tags[?(@ == 'x')]", []),
        ("$.books[?(!@.isbn)].title", ["A"]),
        ("$.books[?(@.title in ['A', 'C'])].price", [8, 9]),
        ("$.books[?(@.title =~ /[ab]/i)].title", ["A", "B"]),
        ("$.books[0]['title','price']", {"title": "A", "price": 8}),
        ("$.books.[?(@.price == 22)].title", ["B"]),
        ("$.none[*]", []),
        ("$.books[?(@.price > 100)]", []),
    ],
)
def test_reading(path: str, value: Any) -> None:
    assert parse_path(path).read(STORE) == value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("$.none", "No results for path: $['none']"),
        ("$.none.deeper", "Missing property in path $['none']"),
        ("$.books[7]", "No results for path: $['books'][7]"),
        ("$.limit.more", "No results for path: $['limit']['more']"),
        ("$.books.length()", "No results for path: $['books']['length()']"),
    ],
)
def test_a_definite_path_that_leads_nowhere(path: str, message: str) -> None:
    with pytest.raises(PathNotFoundError) as caught:
        parse_path(path).read(STORE)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "path", ["", "a", "$.", "$.a[", "$.a[]", "$['a", "$.a b", "$[?(@.a ==)]", "$[::0]", "$.a[?(b)]"]
)
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(InvalidPathError):
        parse_path(path)


@pytest.mark.parametrize("path", ["$.a[*]", "$..a", "$.a[0,1]", "$.a[-1]", "$.a[?(@.b)]"])
def test_what_is_no_reference_path(path: str) -> None:
    with pytest.raises(InvalidPathError):
        parse_reference(path)


@pytest.mark.parametrize(
    ("path", "document", "written"),
    [
        ("$", {"a": 1}, 9),
        ("$.a", {"a": 1, "b": 2}, {"a": 9, "b": 2}),
        ("$.x.y", {"b": 2}, {"b": 2, "x": {"y": 9}}),
        ("$.l[1]", {"l": [1, 2]}, {"l": [1, 9]}),
        ("$.l[0].k", {"l": [{}]}, {"l": [{"k": 9}]}),
    ],
)
def test_writing(path: str, document: Any, written: Any) -> None:
    assert parse_reference(path).write(document, 9) == written


@pytest.mark.parametrize(("path", "document"), [("$.a.b", {"a": 1}), ("$.a", [1]), ("$.l[3]", {"l": []})])
def test_writing_where_something_is_in_the_way(path: str, document: Any) -> None:
    with pytest.raises(ReferenceMismatchError):
        parse_reference(path).write(document, 9)


NAMES = st.text(alphabet="abc_é ", min_size=1, max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.lists(NAMES, min_size=1, max_size=4), VALUES)
def test_what_was_written_is_read_and_the_document_stays_as_it_was(
    document: dict[str, Any], keys: list[str], value: Any
) -> None:
    path = "$" + "".join(f"['{key}']" for key in keys)
    before = copy.deepcopy(document)
    try:
        written = parse_reference(path).write(document, value)
    except ReferenceMismatchError:
        assert document == before
        return
    assert parse_path(path).read(written) == value
    assert document == before
    assert {key: document[key] for key in document if key != keys[0]} == {
        key: written[key] for key in written if key != keys[0]
    }
