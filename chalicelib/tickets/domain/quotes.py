"""A mail's own words: quoted history and the signature cut.

A cut that would leave nothing is not made: a ticket that is all quote is better read whole than lost.
"""

from __future__ import annotations

import re

_HISTORY_STARTS = re.compile(
    r"-{2,} ?(?:original message|mensaje original|forwarded message|mensaje reenviado) ?-{2,}\s*"
    r"|_{10,}\s*"
    r"|(?:on|el|le|am) .{4,120}(?:wrote|escribió|a écrit|schrieb) ?:\s*"
    r"|##- please type your reply above this line -##\s*",
    re.IGNORECASE,
)
_SIGNATURE_STARTS = re.compile(
    r"-- ?"
    r"|sent from my .{1,40}"
    r"|enviado desde mi .{1,40}"
    r"|(?:best|kind|warm) regards[,.!]?|regards[,.!]?|sincerely[,.!]?|cheers[,.!]?"
    r"|(?:saludos(?: cordiales)?|atentamente|cordialmente)[,.!]?"
    r"|mit freundlichen grüßen[,.!]?|cordialement[,.!]?",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 12
"""Lines; a closing phrase further up stands in the middle of a text."""


def own_words(text: str) -> str:
    """Return the text without quoted lines, the mails below it, and the signature."""
    lines = text.split("\n")
    kept = _without_signature(_without_history(lines))
    cut = "\n".join(kept).strip()
    return cut or text.strip()


def _without_history(lines: list[str]) -> list[str]:
    for place, line in enumerate(lines):
        if place and _HISTORY_STARTS.fullmatch(line.strip()[:200]):
            lines = lines[:place]
            break
    return [line for line in lines if not line.lstrip().startswith(">")]


def _without_signature(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    for place in range(max(1, len(lines) - _LONGEST_SIGNATURE), len(lines)):
        if _SIGNATURE_STARTS.fullmatch(lines[place].strip()[:100]) or lines[place] == "-- ":
            return lines[:place]
    return lines
