"""The report as A4 pages."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from chalicelib.core.pdf.text import BOLD, REGULAR, load_fonts, markup
from chalicelib.retail.adapters.report_pages import figures
from chalicelib.retail.domain.wording import not_shown_words, nothing_words, stake_words, weekday
from chalicelib.retail.service.reporting.mail import changed_lines, notes

_MARGIN = 17 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_INK, _QUIET, _LINE = HexColor("#17212B"), HexColor("#5B6B7A"), HexColor("#DDE3E8")
_BLUE, _BAR = HexColor("#1F5F99"), HexColor("#9FC0DE")
_AMBER, _AMBER_PALE = HexColor("#9A5B00"), HexColor("#FDF3E0")
_CHART_HEIGHT = 90.0
_TILES_A_ROW = 4


def _style(name: str, size: float, leading: float, color: Color = _INK, font: str = REGULAR) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=leading, textColor=color, splitLongWords=1, alignment=0
    )


_KICKER = _style("kicker", 8, 12, _BLUE, BOLD)
_VERDICT = _style("verdict", 13, 18.5, _INK, BOLD)
_HEADING = _style("heading", 10, 15, _INK, BOLD)
_BODY = _style("body", 8.5, 12.5)
_ITEM = _style("item", 8.8, 13, _INK, BOLD)
_HINT = _style("hint", 7.2, 10, _QUIET)
_WARNING = _style("warning", 8.2, 12, _AMBER)
_CELL = _style("cell", 7.6, 10)
_FIGURE = ParagraphStyle("figure", parent=_CELL, alignment=2)
_HEAD = ParagraphStyle("head", parent=_CELL, textColor=_QUIET)
_HEAD_RIGHT = ParagraphStyle("head right", parent=_HEAD, alignment=2)
_TILE = _style("tile", 13, 17, _INK, BOLD)


def printed(report: dict[str, Any]) -> bytes:
    """Return the PDF's bytes."""
    load_fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN - 6,  # a frame has 6 points of padding of its own
        rightMargin=_MARGIN - 6,
        topMargin=_MARGIN - 6,
        bottomMargin=_MARGIN,
        title=f"Sales of {report['date']}",
        author="Signalbox",
        lang="en",
        invariant=1,
    )

    def footer(canvas: Canvas, page: Any) -> None:
        canvas.setFont(REGULAR, 7)
        canvas.setFillColor(_QUIET)
        canvas.drawString(_MARGIN, _MARGIN - 16, f"Sales of {report['date']}, version {report['version']}")
        canvas.drawRightString(A4[0] - _MARGIN, _MARGIN - 16, f"page {page.page}")

    document.build(list(_story(report)), onFirstPage=footer, onLaterPages=footer)
    return out.getvalue()


def _story(report: dict[str, Any]) -> Iterator[Flowable]:
    day = report["date"]
    restated = f"  ·  VERSION {report['version']}, RESTATED" if report["version"] > 1 else ""
    yield Paragraph(markup(f"SALES OF {weekday(day).upper()}, {day}{restated}", BOLD), _KICKER)
    yield Spacer(1, 4)
    yield Paragraph(markup(report["verdict"], BOLD), _VERDICT)
    yield Spacer(1, 10)
    yield _tiles(figures.tiles(report))
    if changed := changed_lines(report):
        yield _box(
            [
                Paragraph(markup(line), _WARNING)
                for line in [f"Changed since version {report['version'] - 1}:", *changed]
            ]
        )
        yield Spacer(1, 8)
    yield from _items(report)
    yield from _chart(report)
    for sheet in figures.sheets(report):
        yield Spacer(1, 10)
        yield KeepTogether([Paragraph(markup(sheet.title, BOLD), _HEADING), _table(sheet)])
    if report["trends"]:
        yield Spacer(1, 10)
        lines = [
            Paragraph(
                markup(f"{one['text']} {one['action']} ({one['owner']})" if one["action"] else one["text"]), _BODY
            )
            for one in report["trends"]
        ]
        yield KeepTogether([Paragraph("Trends", _HEADING), *lines])
    if said := notes(report):
        yield Spacer(1, 10)
        yield KeepTogether(
            [Paragraph("About the data", _HEADING), *(Paragraph(markup(line), _BODY) for line in said)]
        )


def _items(report: dict[str, Any]) -> Iterator[Flowable]:
    yield Paragraph("To look at", _HEADING)
    if not report["items"]:
        yield Paragraph(f"{nothing_words(report['company'], report['unavailable']).capitalize()}.", _BODY)
    for number, item in enumerate(report["items"], 1):
        parts: list[Flowable] = [Paragraph(markup(f"{number}. {item['text']}", BOLD), _ITEM)]
        if item["action"]:
            parts.append(Paragraph(markup(f"{item['owner'].capitalize()}: {item['action']}"), _BODY))
        if at_stake := stake_words(item, report["currency"]):
            parts.append(Paragraph(markup(at_stake), _HINT))
        parts.append(Spacer(1, 5))
        yield KeepTogether(parts)
    if report["notShown"]:
        yield Paragraph(not_shown_words(report["notShown"]), _HINT)
    yield Spacer(1, 8)


def _tiles(tiles: Sequence[figures.Tile]) -> Table:
    cells: list[list[Any]] = []
    for start in range(0, len(tiles), _TILES_A_ROW):
        row: list[Any] = [
            [
                Paragraph(markup(tile.label), _HINT),
                Paragraph(markup(tile.value, BOLD), _TILE),
                Paragraph(markup(tile.hint), _HINT),
            ]
            for tile in tiles[start : start + _TILES_A_ROW]
        ]
        cells.append(row + [""] * (_TILES_A_ROW - len(row)))
    table = Table(cells, colWidths=[_WIDTH / _TILES_A_ROW] * _TILES_A_ROW)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
            ]
        )
    )
    return table


def _chart(report: dict[str, Any]) -> Iterator[Flowable]:
    bars = figures.bars(report)
    most = max((value or 0 for _, value in bars), default=0)
    if most <= 0:
        return
    drawing = Drawing(_WIDTH, _CHART_HEIGHT + 14)
    step = _WIDTH / len(bars)
    for place, (_, value) in enumerate(bars):
        height = max(1.0, _CHART_HEIGHT * max(0, value or 0) / most)
        color = _BLUE if place == len(bars) - 1 else _BAR
        drawing.add(Rect(place * step + 1, 14, step - 2, height, fillColor=color, strokeColor=None, rx=1, ry=1))
    for x, anchor, text in ((0.0, "start", bars[0][0]), (_WIDTH, "end", bars[-1][0])):
        drawing.add(String(x, 3, text, fontName=REGULAR, fontSize=7, fillColor=_QUIET, textAnchor=anchor))
    title = f"Net sales, last {len(bars)} days"
    hint = figures.bounds(report)
    yield KeepTogether(
        [Paragraph(markup(title, BOLD), _HEADING), Paragraph(markup(hint), _HINT), Spacer(1, 4), drawing]
    )


def _table(sheet: figures.Sheet) -> Table:
    first = 0.34 * _WIDTH
    others = (_WIDTH - first) / (len(sheet.heads) - 1)
    rows = [[Paragraph(markup(text), _HEAD if i == 0 else _HEAD_RIGHT) for i, text in enumerate(sheet.heads)]]
    rows += [
        [Paragraph(markup(text), _CELL if i == 0 else _FIGURE) for i, text in enumerate(row)] for row in sheet.rows
    ]
    table = Table(rows, colWidths=[first, *([others] * (len(sheet.heads) - 1))], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    return table


def _box(content: Sequence[Flowable]) -> Table:
    table = Table([[part] for part in content], colWidths=[_WIDTH])
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), _AMBER_PALE),
                ("LINEBEFORE", (0, 0), (0, -1), 3, _AMBER),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table
