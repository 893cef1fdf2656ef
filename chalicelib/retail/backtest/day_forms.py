"""How a file writes its days: one way for all of it, or 1/2 would be January here and February there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime

FORMS = {
    "%Y-%m-%d": "year-month-day",
    "%Y/%m/%d": "year/month/day",
    "%Y%m%d": "yearmonthday",
    "%m/%d/%Y": "month/day/year",
    "%d/%m/%Y": "day/month/year",
    "%m/%d/%y": "month/day/year",
    "%d/%m/%y": "day/month/year",
    "%d.%m.%Y": "day.month.year",
    "%d.%m.%y": "day.month.year",
    "%d-%m-%Y": "day-month-year",
    "%m-%d-%Y": "month-day-year",
    "%d-%m-%y": "day-month-year",
    "%m-%d-%y": "month-day-year",
    "%d-%b-%Y": "day-month-year",
    "%d-%b-%y": "day-month-year",
    "%d %b %Y": "day month year",
    "%d %B %Y": "day month year",
    "%b %d, %Y": "month day, year",
    "%B %d, %Y": "month day, year",
}
"""What `strptime` reads -> its name; of two that read a file equally well and in equally good order, the first."""
_TIME = re.compile(r"(?<=\d)[ T](?=\d)")
_TRIED = 1_000
"""Days of a file by which it is seen which forms read it at all; a file may have a million that none does."""


def day_part(written: str) -> str:
    """Return a day without the time behind it.

    >>> day_part("12/1/2010 8:26"), day_part("2010-12-01T08:26:00Z"), day_part("Jan 5, 2024 10:15")
    ('12/1/2010', '2010-12-01', 'Jan 5, 2024')
    """
    return _TIME.split(written.strip(), maxsplit=1)[0]


def read_days(written: Collection[str]) -> tuple[str, Mapping[str, date]]:
    """Return the name of the form that reads most of ``written``, and the days that it reads.

    Args:
        written: day parts in the order of the file, each once. Of two forms that read as many, the one in which
            fewer days are before the one above counts: sales are mostly written down as they come.
    """
    best: tuple[int, int, str, dict[str, date]] = (0, 0, "", {})
    some = list(itertools.islice(written, _TRIED))
    for form, name in FORMS.items():
        if all(_read(text, form) is None for text in some):
            continue
        read = {text: day for text in written if (day := _read(text, form)) is not None}
        days = list(read.values())
        back = sum(later < earlier for earlier, later in itertools.pairwise(days))
        if (len(read), -back) > best[:2]:
            best = (len(read), -back, name, read)
    return best[2], best[3]


def _read(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC).date()
    except ValueError:
        return None
