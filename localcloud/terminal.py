"""What people see in the terminal: aligned lines, a progress line that stays in place, no noise."""

from __future__ import annotations

import shutil
import sys
import textwrap
import time
from collections.abc import Sequence
from typing import TextIO

_QUIET_SECONDS = 5.0
"""Between progress lines where they cannot replace each other (a log, a pipe)."""


def table(rows: Sequence[Sequence[str]], *, header: Sequence[str] | None = None, indent: str = "  ") -> str:
    """Return rows with aligned columns; the last column is never padded.

    >>> print(table([("a", "1"), ("long", "2")]))
      a     1
      long  2
    """
    shown = [list(header), *rows] if header else list(rows)
    if not shown:
        return ""
    widths = [max(len(row[i]) for row in shown) for i in range(len(shown[0]))]
    lines = [
        indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in shown
    ]
    return "\n".join(line.rstrip() for line in lines)


def labelled(label: str, text: str, width: int = 100) -> str:
    """Return ``text`` beside its label, wrapped between words; the later lines stand below the first.

    >>> print(labelled("path", "Validate > Check > Report", 29))
        path   Validate > Check >
               Report
    """
    first = f"    {label:<6} "
    return textwrap.fill(
        text,
        width,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )


def bar(fraction: float, width: int = 24) -> str:
    """Return a bar filled to ``fraction``.

    >>> bar(0.5, 4)
    '##--'
    """
    full = round(max(0.0, min(1.0, fraction)) * width)
    return "#" * full + "-" * (width - full)


def seconds_text(seconds: float) -> str:
    """Return a duration as people say it.

    >>> seconds_text(0.84), seconds_text(75), seconds_text(3 * 86400 + 4 * 3600)
    ('0.8 s', '1 min 15 s', '3 d 4 h')
    """
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    for unit, size, smaller, smaller_size in (
        ("d", 86_400, "h", 3600),
        ("h", 3600, "min", 60),
        ("min", 60, "s", 1),
    ):
        if seconds >= size:
            rest = int(seconds % size) // smaller_size
            return f"{int(seconds // size)} {unit}" + (f" {rest} {smaller}" if rest else "")
    raise AssertionError("a minute or more has a unit")  # pragma: no cover


class ProgressLine:
    """One line that is replaced in a terminal, and repeated now and then elsewhere."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._live = self._out.isatty()
        self._shown = 0
        self._last = float("-inf")

    def show(self, text: str) -> None:
        """Show the current state."""
        if self._live:
            text = text[: shutil.get_terminal_size().columns - 1]  # a line that wraps cannot be replaced
            self._out.write("\r" + text.ljust(self._shown))
            self._shown = len(text)
            self._out.flush()
        elif time.monotonic() - self._last >= _QUIET_SECONDS:
            self._last = time.monotonic()
            print(text, file=self._out, flush=True)

    def clear(self) -> None:
        """Take the line away before something else is printed."""
        if self._live and self._shown:
            self._out.write("\r" + " " * self._shown + "\r")
            self._out.flush()
            self._shown = 0
