"""What was typed, and what was meant."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Iterable, Sequence


def words_of(text: str) -> tuple[str, ...]:
    """Split what follows a command as a shell would; a quote that is not closed is a letter like others.

    Slack's clients write typographic quotes; they count as plain ones.

    >>> words_of('stop 17 “wrong list”')
    ('stop', '17', 'wrong list')
    """
    plain = text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})
    try:
        return tuple(shlex.split(plain))
    except ValueError:
        return tuple(plain.split())


def meant(word: str, usage: Sequence[str]) -> str | None:
    """Return what is wrong with a command's first word, in words for the person; None when nothing is.

    ``usage`` has a line a form: those that begin in lower case begin with a word to type, others with something to
    put in its place ("TICKET"), which any word may be.
    """
    firsts = [line.split()[0] for line in usage]
    known = {first for first in firsts if first.islower()}
    if word in known or any(not first.islower() for first in firsts):
        return None
    if close := difflib.get_close_matches(word, sorted(known), n=1):
        return f"There is no `{word}`. Did you mean `{close[0]}`?"
    return f"There is no `{word}`; there are {listed(known)}."


def help_text(name: str, usage: Sequence[str]) -> str:
    """Return a command's help: a line a form, as `usage` has them (``form - meaning``)."""
    lines = []
    for line in usage:
        form, _, meaning = line.partition(" - ")
        lines.append(f"• `{name} {form}` {meaning}".rstrip())
    return "\n".join([f"*{name}*", *lines, f"• `{name} help` this"])


def listed(words: Iterable[str]) -> str:
    """Return words as a person lists them.

    >>> listed({"b", "a", "c"})
    '`a`, `b` and `c`'
    """
    *first, last = [f"`{word}`" for word in sorted(words)]
    return f"{', '.join(first)} and {last}" if first else last
