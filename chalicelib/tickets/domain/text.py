"""The text of a ticket: what its author says, without mark-up, quotes, signatures and secrets.

    >>> text = of_ticket("Login fails", "<p>Token xoxb-12-abcdef</p>\\n> old mail\\n-- \\nAna", product="Cloud")
    >>> text.whole
    'Login fails\\nToken [secret]\\nproduct: Cloud'

Everything that leaves the desk (an index, a Slack message, a log, a text model) is made of this and never of the
raw ticket. Every rule takes time linear in the text.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.tickets.domain.markup import plain
from chalicelib.tickets.domain.quotes import own_words
from chalicelib.tickets.domain.secrets import without_secrets

LONGEST_SUBJECT = 300
"""Characters of a subject that are read."""
LONGEST_DESCRIPTION = 64_000
"""Characters of a description that are read; what follows them is a log or a dump in every ticket seen."""
MOST_TERMS = 400
"""Different words of a ticket that are indexed, the first ones said."""
_LONGEST_WORD = 40
"""Characters; longer runs are keys, hashes and base64."""


@dataclass(frozen=True, slots=True)
class TicketText:
    """A ticket's text, safe to index and to show."""

    subject: str
    """One line."""
    description: str
    product: str = ""
    tags: tuple[str, ...] = ()
    shortened: bool = False
    """Whether the ticket had more text than is read."""

    @property
    def whole(self) -> str:
        """The text that is indexed and embedded."""
        parts = [self.subject, self.description]
        if self.product:
            parts.append(f"product: {self.product}")
        if self.tags:
            parts.append(f"tags: {', '.join(self.tags)}")
        return "\n".join(part for part in parts if part)


def of_ticket(subject: str, description: str, *, product: str = "", tags: Iterable[str] = ()) -> TicketText:
    """Return the text of a ticket as its channel delivered it: plain, HTML or a mail with its history."""
    body = plain(description[:LONGEST_DESCRIPTION])
    return TicketText(
        subject=_one_line(without_secrets(plain(subject[:LONGEST_SUBJECT]))),
        description=without_secrets(own_words(body)).strip(),
        product=_one_line(without_secrets(product[:LONGEST_SUBJECT])),
        tags=tuple(tag for tag in (_one_line(without_secrets(raw[:100])) for raw in tags) if tag)[:50],
        shortened=len(subject) > LONGEST_SUBJECT or len(description) > LONGEST_DESCRIPTION,
    )


def term_counts(text: str) -> dict[str, int]:
    """Return how often each word of the text is said: the first `MOST_TERMS` different ones, in that order."""
    counts: Counter[str] = Counter()
    for word in words(text):
        if word in counts or len(counts) < MOST_TERMS:
            counts[word] += 1
    return dict(counts)


def words(text: str) -> Iterator[str]:
    """Yield the words of a text, in any language, folded to one case.

    A name in code is yielded whole and in its parts: ``syncProducerConfig`` is ``syncproducerconfig``, ``sync``,
    ``producer``, ``config``. Writing without spaces (Chinese, Japanese, Thai) is yielded in pairs of characters.
    """
    for run in _runs(unicodedata.normalize("NFKC", text)):
        if _is_unspaced(run[0]):
            yield from (run[start : start + 2] for start in range(max(1, len(run) - 1)))
        elif len(run) <= _LONGEST_WORD:
            yield run.casefold()
            parts = _parts(run)
            if len(parts) > 1:
                yield from (part.casefold() for part in parts if len(part) > 1)


def _runs(text: str) -> Iterator[str]:
    """Yield runs of letters and digits, a new one where spaced writing meets unspaced."""
    start = -1
    for place, character in enumerate(text):
        inside = character.isalnum() or (start >= 0 and unicodedata.combining(character) != 0)
        if start >= 0 and (not inside or _is_unspaced(character) != _is_unspaced(text[start])):
            yield text[start:place]
            start = -1
        if inside and start < 0:
            start = place
    if start >= 0:
        yield text[start:]


def _is_unspaced(character: str) -> bool:
    code = ord(character)
    return 0x0E00 <= code <= 0x0EFF or 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or code >= 0x20000


def _parts(run: str) -> list[str]:
    """Return the parts of a name in code: ``HTTPServer2`` is HTTP, Server2."""
    starts = [0]
    for place in range(1, len(run)):
        here, before = run[place], run[place - 1]
        after_is_small = place + 1 < len(run) and run[place + 1].islower()
        if here.isupper() and (before.islower() or (before.isupper() and after_is_small)):
            starts.append(place)
    return [run[start:end] for start, end in zip(starts, [*starts[1:], len(run)], strict=True)]


def _one_line(text: str) -> str:
    return " ".join(text.split())
