"""Plain text out of HTML and out of what terminals and mail programs leave in a text.

HTML is read by hand and not by `html.parser`: that takes half a minute for 64,000 characters of ``<a <a <a``, and
fails at a character reference of 5,000 digits. Here the time is linear in the text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

_LOOKS_LIKE_HTML = re.compile(
    r"</?(?:p|br|div|span|html|body|table|tr|td|ul|ol|li|a|b|i|pre|code|h[1-6]|script|img)\b", re.I
)
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-z][a-z0-9:-]{0,30})(?:"[^"<]*"|'[^'<]*'|[^<>])*+>|<[!?][^<>]*+>""", re.IGNORECASE
)
"""No part of it goes beyond the next "<", and none is given back: what is never closed is not looked at again."""
_LONG_REFERENCE = re.compile(r"&#x?[0-9a-f]{8,};?", re.I)
"""Of no character."""
_SILENT = {"script", "style", "head", "title", "template"}
_BREAKS = {
    "p",
    "br",
    "div",
    "tr",
    "li",
    "ul",
    "ol",
    "table",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
}
_ESCAPES = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")


def plain(text: str) -> str:
    """Return the text without mark-up and control characters; quoted mail in HTML becomes lines with ``> ``."""
    if _LOOKS_LIKE_HTML.search(text):
        text = "".join(_shown(_without_comments(text)))
    text = _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))


def _shown(text: str) -> Iterator[str]:
    """Yield what a browser would show, with a new line where it begins one."""
    place, quoted, silent = 0, 0, ""
    for tag in _TAG.finditer(text):
        if not silent:
            yield _unescaped(text[place : tag.start()], quoted)
        place = tag.end()
        name, is_end = (tag["name"] or "").lower(), bool(tag["end"])
        if silent:
            if (is_end and name == silent) or (silent == "head" and name == "body"):
                silent = ""
            continue
        if name in _SILENT and not is_end:
            silent = name
        if name == "blockquote":
            quoted = max(0, quoted + (-1 if is_end else 1))
        if name in _BREAKS:
            yield "\n> " if quoted else "\n"
    if not silent:
        yield _unescaped(text[place:], quoted)


def _unescaped(text: str, quoted: int) -> str:
    said = html.unescape(_LONG_REFERENCE.sub("\ufffd", text))
    return said.replace("\n", "\n> ") if quoted else said


def _without_comments(text: str) -> str:
    """Return the text without comments; one that is not closed hides what follows it."""
    first, *others = text.split("<!--")
    return first + "".join(one.partition("-->")[2] for one in others)
