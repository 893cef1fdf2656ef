"""Charts as drawings of plain shapes: bars with their numbers written out, and connect rates by hour and zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color, linearlyInterpolatedColor, toColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from chalicelib.campaigns.adapters.pdf_report.style import BLUE, BLUE_PALE, GREY, INK, LINE, PAPER, QUIET
from chalicelib.campaigns.domain.figures import NO_ZONE, SEVERAL_ZONES, HourFigures
from chalicelib.core.pdf.text import BOLD, REGULAR

ROW = 15.0
BAR = 8.0
LABEL_SIZE = 7.5
MOST_ZONES = 14
FEWEST_CALLS_COLOURED = 10
"""Fewer calls tell more of chance than of the hour: their rate is written, not coloured."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    label: str
    value: int
    note: str = ""
    """Written after the value, such as a share."""
    color: Color = BLUE


def bars(rows: Sequence[Bar], width: float) -> Drawing:
    """Return horizontal bars, one a row, each with its number; zero has a number and no bar."""
    height = ROW * len(rows)
    drawing = Drawing(width, height)
    texts = [f"{row.value:,}" + (f"  {row.note}" if row.note else "") for row in rows]
    label_width = max((stringWidth(row.label, REGULAR, LABEL_SIZE) for row in rows), default=0) + 8
    text_width = max((stringWidth(text, REGULAR, LABEL_SIZE) for text in texts), default=0) + 6
    room = max(width - label_width - text_width, 20.0)
    most = max((row.value for row in rows), default=0) or 1
    drawing.add(Line(label_width, 0, label_width, height, strokeColor=LINE, strokeWidth=0.6))
    for i, (row, text) in enumerate(zip(rows, texts, strict=True)):
        middle = height - ROW * (i + 0.5)
        length = max(room * row.value / most, 1.0) if row.value > 0 else 0.0
        drawing.add(_text(label_width - 6, middle, row.label, anchor="end"))
        if length:
            drawing.add(
                Rect(label_width, middle - BAR / 2, length, BAR, fillColor=row.color, strokeColor=None, rx=1, ry=1)
            )
        drawing.add(_text(label_width + length + 4, middle, text, color=INK if row.value else QUIET))
    return drawing


def hour_map(hours: Sequence[HourFigures], width: float) -> Drawing:
    """Return connect rates: the busiest zones down, the others as one row, hours of their wall clocks across."""
    rows = _zone_rows(hours)
    first, last = min(h.hour for h in hours), max(h.hour for h in hours)
    columns = range(first, last + 1)
    label_width = max(stringWidth(zone_name(zone), REGULAR, LABEL_SIZE) for zone, _ in rows) + 8
    cell_width = min((width - label_width) / len(columns), 56.0)
    cell_height, head = 21.0, 14.0
    height = head + cell_height * len(rows)
    drawing = Drawing(width, height)
    telling = [live / calls for _, row in rows for calls, live in row.values() if calls >= FEWEST_CALLS_COLOURED]
    best = max(telling, default=0.0) or 1.0
    for i, hour in enumerate(columns):
        drawing.add(
            _text(label_width + cell_width * (i + 0.5), height - 6, f"{hour:02}", anchor="middle", color=QUIET)
        )
    for j, (zone, row) in enumerate(rows):
        bottom = height - head - cell_height * (j + 1)
        drawing.add(_text(label_width - 6, bottom + cell_height / 2, zone_name(zone), anchor="end"))
        for i, hour in enumerate(columns):
            calls, live = row.get(hour, (0, 0))
            _cell(drawing, label_width + cell_width * i, bottom, cell_width, cell_height, calls, live, best)
    return drawing


def _cell(
    drawing: Drawing, x: float, y: float, width: float, height: float, calls: int, live: int, best: float
) -> None:
    rate = live / calls if calls else 0.0
    depth = rate / best if calls >= FEWEST_CALLS_COLOURED else 0.0
    fill = linearlyInterpolatedColor(BLUE_PALE, BLUE, 0, 1, depth) if calls >= FEWEST_CALLS_COLOURED else PAPER
    drawing.add(
        Rect(x + 0.75, y + 0.75, width - 1.5, height - 1.5, fillColor=fill, strokeColor=None, rx=1.5, ry=1.5)
    )
    if calls:
        ink = "#FFFFFF" if depth > 0.75 else INK
        centre = x + width / 2
        drawing.add(_text(centre, y + height * 0.64, f"{rate:.0%}", anchor="middle", color=ink, size=7, font=BOLD))
        drawing.add(_text(centre, y + height * 0.27, short(calls), anchor="middle", color=ink, size=5.2))
    else:
        drawing.add(_text(x + width / 2, y + height / 2, "·", anchor="middle", color=GREY))


def _zone_rows(hours: Sequence[HourFigures]) -> list[tuple[str, dict[int, tuple[int, int]]]]:
    """Return (zone, {hour: (calls, live)}), most calls first; zones beyond `MOST_ZONES` added up in a last row."""
    by_zone: dict[str, dict[int, tuple[int, int]]] = {}
    for h in hours:
        by_zone.setdefault(h.zone, {})[h.hour] = (h.calls, h.live)
    ranked = sorted(by_zone.items(), key=lambda row: (-sum(calls for calls, _ in row[1].values()), row[0]))
    if len(ranked) <= MOST_ZONES:
        return ranked
    shown, others = ranked[: MOST_ZONES - 1], ranked[MOST_ZONES - 1 :]
    added: dict[int, tuple[int, int]] = {}
    for _, row in others:
        for hour, (calls, live) in row.items():
            before = added.get(hour, (0, 0))
            added[hour] = (before[0] + calls, before[1] + live)
    return [*shown, (f"{len(others)} other zones", added)]


def zone_name(zone: str) -> str:
    """Return a zone's name as a report shows it."""
    return {SEVERAL_ZONES: "several zones", NO_ZONE: "unknown zone"}.get(zone, zone)


def short(number: int) -> str:
    """Return a count in at most five signs, cut and never rounded up.

    >>> short(9_999), short(12_345), short(99_999_999)
    ('9,999', '12k', '99M')
    """
    for size, unit in ((1_000_000_000, "bn"), (1_000_000, "M"), (10_000, "k")):
        if number >= size:
            return f"{number // (1_000 if unit == 'k' else size)}{unit}"
    return f"{number:,}"


def _text(
    x: float,
    middle: float,
    text: str,
    *,
    anchor: str = "start",
    color: Color | str = INK,
    size: float = LABEL_SIZE,
    font: str = REGULAR,
) -> String:
    return String(
        x, middle - size * 0.36, text, fontName=font, fontSize=size, fillColor=toColor(color), textAnchor=anchor
    )
