"""Plain text out of HTML and out of what terminals and mail programs leave in a text."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

_LOOKS_LIKE_HTML = re.compile(
    r"</?(?:p|br|div|span|html|body|table|tr|td|ul|ol|li|a|b|i|pre|code|h[1-6]|script|img)\b", re.I
)
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
        reader = _TextOfHtml()
        reader.feed(text)
        reader.close()
        text = reader.text()
    text = _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))


class _TextOfHtml(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        if tag == "blockquote":
            self._quoted += 1
        if tag in _BREAKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag in _BREAKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data.replace("\n", "\n> ") if self._quoted else data)

    def text(self) -> str:
        return "".join(self._parts)

    def _break(self) -> None:
        self._parts.append("\n> " if self._quoted else "\n")
