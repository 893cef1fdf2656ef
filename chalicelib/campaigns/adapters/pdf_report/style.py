"""Colours, sizes and how numbers are written."""

from __future__ import annotations

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from chalicelib.core.pdf.text import BOLD, REGULAR

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 17 * mm
WIDTH = PAGE_WIDTH - 2 * MARGIN
GAP = 7 * mm

INK = HexColor("#17212B")
QUIET = HexColor("#5B6B7A")
LINE = HexColor("#DDE3E8")
PAPER = HexColor("#F5F7F9")
BLUE = HexColor("#1F5F99")
BLUE_PALE = HexColor("#E3EDF6")
GREEN = HexColor("#2A7F62")
AMBER = HexColor("#9A5B00")
AMBER_PALE = HexColor("#FDF3E0")
GREY = HexColor("#9AA8B5")


def _style(name: str, size: float, leading: float, color: Color = INK, font: str = REGULAR) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=leading, textColor=color, alignment=TA_LEFT, splitLongWords=1
    )


KICKER = _style("kicker", 7.5, 10, BLUE, BOLD)
META = _style("meta", 8, 12, QUIET)
VERDICT = _style("verdict", 10.5, 15.5)
WARNING = _style("warning", 8.5, 12.5, AMBER)
HEADING = _style("heading", 9.5, 13, INK, BOLD)
HINT = _style("hint", 7, 9.5, QUIET)
TILE_LABEL = _style("tile label", 7, 9, QUIET)


def title_style(text: str) -> ParagraphStyle:
    """Return the style of a campaign's name: the longer, the smaller."""
    size = 20.0 if len(text) <= 45 else 15.0 if len(text) <= 100 else 11.0
    return _style("title", size, size * 1.25, INK, BOLD)


def tile_style(text: str, width: float) -> ParagraphStyle:
    """Return the style of a tile's number: as large as fits into ``width`` points on one line."""
    size = min(14.0, 0.98 * width / stringWidth(text, BOLD, 1.0))
    return _style("tile", size, 17, INK, BOLD)


def duration(seconds: int) -> str:
    """Return seconds as people say them.

    >>> duration(59), duration(3_725), duration(400_000)
    ('59 s', '1 h 02 min', '111 h 06 min')
    """
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    return f"{seconds // 3600:,} h {seconds % 3600 // 60:02} min"
