"""The guard's first wall: the text itself, before any parser reads it.

A parser may read a text otherwise than Athena does. So what two readers could disagree about is refused here, by
one pass over the text that knows only literals, quoted names, words and signs: comments, backticks, dollar quotes,
``U&''`` and ``E''`` strings, templates, backslashes outside of literals, letters beyond ASCII outside of literals.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator

from chalicelib.opportunities.adapters.sqlglot_guard.rules import (
    DEEPEST_NESTING,
    FIRST_WORDS,
    LONGEST_QUERY,
)
from chalicelib.opportunities.errors import UnsafeQueryError

_PART = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<prefixed>(?:[Uu]&|[A-Za-z])['"])
    | (?P<text>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z0-9_.]))
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<parameter>:[a-z_][a-z0-9_]*)
    | (?P<comment>--|/\*|\*/|\#|//)
    | (?P<template>\{[{%\#])
    | (?P<sign><>|!=|<=|>=|\|\||->|::|[-+*/%<>=(),.\[\]])
    | (?P<end>;\s*\Z)
    """,
    re.VERBOSE,
)
_QUOTED_NAME = re.compile(r"(?!.*--)[A-Za-z_0-9À-ÖØ-öø-ÿ][A-Za-z0-9_À-ÖØ-öø-ÿ %()/.,:&+-]*\Z")
"""Also the letters of Western European languages: a column may be called "Año"."""
_LOOK_ALIKES = frozenset("\uff07\uff1b\uff02\u02bc\u2032\uff0d\u037e")
"""Letters that some systems turn into a quote, a semicolon or a hyphen."""
_REASONS = {
    "comment": ("comment", "has a comment; a query carries none"),
    "template": ("template", "has a template's brackets; values are written as :name"),
    "prefixed": ("text_prefix", "has a text with a prefix (U&'', X'', E'' ...); only plain texts are taken"),
}
_STRANGE_SIGNS = {
    ";": ("several_statements", "has a semicolon inside; one statement at a time"),
    "`": ("backtick", "has a backtick; names are quoted with double quotes"),
    "?": ("parameter", "has an unnamed parameter; values are written as :name"),
    "@": ("parameter", "has a variable; values are written as :name"),
    "$": ("dollar", "has a dollar sign outside of a text: hidden columns and dollar quotes are not taken"),
    "\\": ("backslash", "has a backslash outside of a text"),
    "{": ("template", "has a brace outside of a text"),
    "}": ("template", "has a brace outside of a text"),
    "'": ("open_text", "has a text that does not end"),
    '"': ("open_text", "has a quoted name that does not end"),
}


def read(sql: str) -> list[tuple[str, str]]:
    """Return the parts of a text, as (kind, spelling), spaces left out.

    Raises:
        UnsafeQueryError: the text has what no query needs.
    """
    if len(sql) > LONGEST_QUERY:
        raise UnsafeQueryError("too_long", f"has {len(sql)} characters; at most {LONGEST_QUERY} are taken")
    parts = list(_parts(sql))
    first = next((spelling.lower() for kind, spelling in parts if spelling != "("), "")
    if first not in FIRST_WORDS:
        raise UnsafeQueryError("no_query", f"begins with {first[:40]!r}; a query begins with SELECT or WITH")
    _check_nesting(parts)
    return parts


def called_words(parts: list[tuple[str, str]]) -> set[str]:
    """Return the words, in lower case, that a parenthesis follows: functions and some keywords."""
    return {
        spelling.strip('"').lower()
        for (kind, spelling), (_, after) in itertools.pairwise(parts)
        if after == "(" and kind in ("word", "quoted")
    }


def bound(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return a text with ``?`` for each ``:name``, and the names in their order.

    Raises:
        UnsafeQueryError: the text has what no query needs.
    """
    names: list[str] = []
    pieces: list[str] = []
    for kind, spelling in _parts(sql, spaces=True):
        if kind == "parameter":
            names.append(spelling[1:])
        pieces.append("?" if kind == "parameter" else spelling)
    return "".join(pieces), tuple(names)


def _parts(sql: str, *, spaces: bool = False) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(sql):
        match = _PART.match(sql, place)
        if match is None:
            raise _stranger(sql, place)
        kind, spelling = str(match.lastgroup), match.group()
        if kind in _REASONS:
            raise UnsafeQueryError(*_REASONS[kind])
        if kind == "text":
            _check_text(spelling)
        elif kind == "quoted" and not _QUOTED_NAME.match(spelling[1:-1]):
            raise UnsafeQueryError("name", f"has the quoted name {spelling[:60]}; it has a letter no name needs")
        if kind not in ("space", "end") or (spaces and kind == "space"):
            yield kind, spelling
        place = match.end()


def _check_text(spelling: str) -> None:
    for letter in spelling:
        if letter in _LOOK_ALIKES or (
            not letter.isascii() and unicodedata.category(letter) in ("Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp")
        ):
            name = unicodedata.name(letter, f"U+{ord(letter):04X}")
            raise UnsafeQueryError("look_alike", f"has a text with the letter {name}, which hides what it is")
        if letter < " " and letter not in "\t\n\r":
            raise UnsafeQueryError("control", f"has a text with the control character {ord(letter)}")


def _stranger(sql: str, place: int) -> UnsafeQueryError:
    sign = sql[place]
    if sign in _STRANGE_SIGNS:
        return UnsafeQueryError(*_STRANGE_SIGNS[sign])
    if not sign.isascii():
        name = unicodedata.name(sign, f"U+{ord(sign):04X}")
        return UnsafeQueryError(
            "look_alike", f"has the letter {name} outside of a text; only ASCII is taken there"
        )
    return UnsafeQueryError("sign", f"has {sql[place : place + 10]!r}, which no query needs")


def _check_nesting(parts: list[tuple[str, str]]) -> None:
    depth = 0
    for _, spelling in parts:
        depth += (spelling in ("(", "[")) - (spelling in (")", "]"))
        if depth > DEEPEST_NESTING:
            raise UnsafeQueryError("too_deep", f"is nested deeper than {DEEPEST_NESTING} parentheses")
        if depth < 0:
            raise UnsafeQueryError("unbalanced", "closes a parenthesis that was not opened")
    if depth:
        raise UnsafeQueryError("unbalanced", "leaves a parenthesis open")
