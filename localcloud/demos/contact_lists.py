"""Contact lists for demonstrations and tests: made up, seeded, and with the mistakes real lists have.

Numbers are those set aside for fiction: 555-0100 to 555-0199 in North America, 020 7946 0000 to 0999 in London.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

_AREAS = {
    "212": "New York",
    "312": "Chicago",
    "303": "Denver",
    "415": "San Francisco",
    "602": "Phoenix",
    "206": "Seattle",
}
_JOBS = ("admin.", "technician", "services", "management", "retired", "student")
_BROKEN = ("+1 555", "not a number", "+1 212 555 01", "00000000", "+44 20")
_FIRST_LINE_OF_ROWS = 2


@dataclass(frozen=True, slots=True)
class ContactList:
    """A list and what is in it."""

    csv: str
    rows: int
    """Without the header."""
    valid: int
    """Rows that become contacts."""
    invalid_lines: tuple[int, ...]
    duplicate_lines: tuple[int, ...]
    phones: tuple[str, ...]
    """E.164, of the valid rows."""


def contact_list(count: int = 500, *, seed: int = 1, invalid: int = 12, duplicates: int = 8) -> ContactList:
    """Return ``count`` rows, ``invalid`` of them broken and ``duplicates`` repeating an earlier number.

    At most 1,500 numbers are set aside for fiction, so ``count`` must stay below that.
    """
    draw = random.Random(seed)
    pool = [f"+1{area}55501{number:02d}" for area in _AREAS for number in range(100)]
    pool += [f"+442079460{number:03d}" for number in range(900)]
    valid = count - invalid - duplicates
    american = draw.sample(pool[:600], min(600, round(valid * 0.8)))
    phones = american + draw.sample(pool[600:], valid - len(american))
    draw.shuffle(phones)
    rows = [(phone, "valid") for phone in phones]
    for number in range(invalid):
        rows.insert(draw.randrange(len(rows)), (_BROKEN[number % len(_BROKEN)], "invalid"))
    rows += [(phone, "duplicate") for phone in draw.sample(phones, duplicates)]
    lines = ["phone,name,age,job"]
    for number, (phone, _) in enumerate(rows):
        lines.append(f"{phone},Person {number},{draw.randint(19, 82)},{draw.choice(_JOBS)}")
    kinds = [kind for _, kind in rows]
    return ContactList(
        csv="\n".join(lines) + "\n",
        rows=len(rows),
        valid=valid,
        invalid_lines=_lines_of(kinds, "invalid"),
        duplicate_lines=_lines_of(kinds, "duplicate"),
        phones=tuple(phones),
    )


def _lines_of(kinds: list[str], wanted: str) -> tuple[int, ...]:
    return tuple(i + _FIRST_LINE_OF_ROWS for i, kind in enumerate(kinds) if kind == wanted)
