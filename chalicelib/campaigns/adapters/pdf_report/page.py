"""The pages: header, verdict, tiles, sections, and every hour's figures at the end."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from chalicelib.campaigns.adapters.pdf_report import style
from chalicelib.campaigns.adapters.pdf_report.charts import FEWEST_CALLS_COLOURED, Bar, bars, hour_map, zone_name
from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import ContactStatus, Disposition
from chalicelib.campaigns.domain.figures import Figures, HourFigures
from chalicelib.campaigns.ports.reports import Report
from chalicelib.campaigns.wording import money, percent
from chalicelib.core.pdf.text import BOLD, REGULAR, load_fonts, markup

_STAGES = {"rows": "Rows uploaded", "contacts": "Contacts", "called": "Called", "reached": "Reached"}
_GOOD = {ContactStatus.REACHED.value, Disposition.ANSWERED.value}
TABLE_SIZE = 6.8
_HALF = (style.WIDTH - style.GAP) / 2


def printed(report: Report) -> bytes:
    """Return the PDF's bytes."""
    load_fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=(style.PAGE_WIDTH, style.PAGE_HEIGHT),
        leftMargin=style.MARGIN - 6,  # a frame has 6 points of padding of its own
        rightMargin=style.MARGIN - 6,
        topMargin=style.MARGIN - 6,
        bottomMargin=style.MARGIN,
        title=f"Campaign report: {report.campaign.name}",
        subject=f"campaign {report.campaign.id}",
        author="Signalbox",
        lang="en",
    )
    document.build(list(_story(report)), canvasmaker=_numbered(report))
    return out.getvalue()


def _story(report: Report) -> Iterator[Flowable]:
    campaign, found = report.campaign, report.figures
    yield Paragraph("CAMPAIGN REPORT", style.KICKER)
    yield Paragraph(markup(campaign.name, BOLD), style.title_style(campaign.name))
    yield Spacer(1, 3)
    yield Paragraph(markup(_facts(report)), style.META)
    yield Spacer(1, 8)
    yield _box([Paragraph(markup(report.verdict), style.VERDICT)], style.BLUE_PALE, style.BLUE)
    if report.warnings:
        yield Spacer(1, 6)
        yield _box(
            [Paragraph(markup(text), style.WARNING) for text in report.warnings], style.AMBER_PALE, style.AMBER
        )
    yield Spacer(1, 10)
    yield _tiles(found)
    yield Spacer(1, 14)
    yield _beside(
        _section("From upload to conversation", "each step a part of the one before", _funnel(found)),
        _section("Where the contacts are", "every contact is in exactly one place", _statuses(found)),
    )
    yield Spacer(1, 14)
    yield _beside(
        _section("How calls ended", "shares of all calls", _dispositions(found)),
        [
            *_section("Calls by attempt", "first, second, ... call to the same contact", _attempts(found)),
            Spacer(1, 12),
            *_section("Why contacts waited", "counted each time one was turned away", _holds(found)),
        ],
    )
    yield Spacer(1, 14)
    yield KeepTogether(
        _section(
            "Connect rate by hour and zone",
            "live answers of calls by the clock of whoever was called, the darker the better; below it the calls; "
            f"uncoloured: fewer than {FEWEST_CALLS_COLOURED}",
            hour_map(found.hours, style.WIDTH) if found.hours else _nothing("No call was placed."),
        )
    )
    if found.hours:
        yield Spacer(1, 14)
        yield CondPageBreak(90)  # the heading and some rows, or a new page
        yield from _section("Every hour in figures", "live: a person picked up", None)
        yield _hour_table(found.hours)
    yield Spacer(1, 10)
    yield Paragraph(_NOTES, style.HINT)


_NOTES = (
    "A live answer is a call that a person picked up: answered, opted out or abandoned. The connect rate "
    "is live answers divided by calls. A hold is counted each time a contact was looked at and turned "
    "away. A contact whose number may be in several zones is called only when all of them allow it. Every "
    "figure is one of the campaign's counters or a sum of them; the same figures are in the report's JSON "
    "file."
)


def _facts(report: Report) -> str:
    campaign = report.campaign
    parts = [f"Status {campaign.status.value}", f"campaign {campaign.id}", f"calls from {campaign.caller_id}"]
    if campaign.created_at:
        parts.append(f"created {_time(campaign.created_at, campaign)}")
    parts.append(f"figures as of {_time(report.generated_at, campaign)}")
    return "  ·  ".join(parts)


def _time(at: datetime, campaign: Campaign) -> str:
    return f"{at.astimezone(ZoneInfo(campaign.zone or 'UTC')):%Y-%m-%d %H:%M %Z}"


def _tiles(found: Figures) -> Table:
    funnel = dict(found.funnel)
    reached = found.statuses[ContactStatus.REACHED.value]
    pairs = [
        ("Contacts", f"{funnel['contacts']:,}"),
        ("Reached", f"{reached:,}"),
        ("Calls", f"{found.calls:,}"),
        ("Connect rate", percent(found.live, found.calls)),
        ("Talk time", style.duration(found.talk_seconds)),
        ("Cost", money(found.cost_cents)),
        ("Cost per reached", money(found.cost_cents_per_reached) if reached else "none reached"),
    ]
    width = style.WIDTH / len(pairs)
    cells = [
        [Paragraph(value, style.tile_style(value, width - 10)), Paragraph(label, style.TILE_LABEL)]
        for label, value in pairs
    ]
    table = Table([cells], colWidths=[width] * len(cells))
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), style.PAPER),
                ("LINEAFTER", (0, 0), (-2, -1), 2.5, "white"),
                ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ("LEFTPADDING", (0, 0), (-1, -1), 6),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    return table


def _funnel(found: Figures) -> Flowable:
    rows, before = [], 0
    for stage, count in found.funnel:
        note = f"({percent(count, before)})" if before else ""
        color = style.GREEN if stage == "reached" else style.BLUE
        rows.append(Bar(_STAGES.get(stage, stage), count, note, color))
        before = count
    return bars(rows, _HALF)


def _statuses(found: Figures) -> Flowable:
    total = sum(found.statuses.values())
    rows = [
        Bar(_words(name), count, f"({percent(count, total)})", style.GREEN if name in _GOOD else style.BLUE)
        for name, count in found.statuses.items()
    ]
    return bars(rows, _HALF)


def _dispositions(found: Figures) -> Flowable:
    rows = [
        Bar(_words(name), count, f"({percent(count, found.calls)})", style.GREEN if name in _GOOD else style.BLUE)
        for name, count in sorted(found.dispositions.items(), key=lambda item: -item[1])
    ]
    return bars(rows, _HALF)


def _attempts(found: Figures) -> Flowable:
    rows = [Bar(str(n), count, f"({percent(count, found.calls)})") for n, count in found.attempts.items()]
    return bars(rows, _HALF) if rows else _nothing("No call was placed.")


def _holds(found: Figures) -> Flowable:
    rows = [Bar(_words(reason), count) for reason, count in sorted(found.held.items(), key=lambda item: -item[1])]
    return bars(rows, _HALF) if rows else _nothing("Nobody was turned away.")


def _hour_table(hours: Sequence[HourFigures]) -> Table:
    """Return zone, hour, calls, live answers and rate of every hour, two of them side by side."""
    head = ["Zone", "Hour", "Calls", "Live", "Rate"]
    lines = [
        [zone_name(h.zone), f"{h.hour:02}", f"{h.calls:,}", f"{h.live:,}", percent(h.live, h.calls)] for h in hours
    ]
    half = (len(lines) + 1) // 2
    blank = [""] * len(head)
    right = [*lines[half:], blank] if len(lines) % 2 else lines[half:]
    rows = [[*head, "", *head], *([*one, "", *other] for one, other in zip(lines[:half], right, strict=True))]
    numbers = [6 + max(stringWidth(line[i], REGULAR, TABLE_SIZE) for line in [head, *lines]) for i in range(1, 5)]
    widths = [max(_HALF - sum(numbers), 40.0), *numbers]
    table = Table(rows, colWidths=[*widths, style.GAP, *widths], repeatRows=1, rowHeights=11.5)
    quiet = [("TEXTCOLOR", (0, 0), (-1, 0), style.QUIET), ("FONT", (0, 0), (-1, -1), REGULAR, TABLE_SIZE)]
    lines_below = [("LINEBELOW", (left, 0), (left + 4, -1), 0.4, style.LINE) for left in (0, 6)]
    right_aligned = [("ALIGN", (left + 1, 0), (left + 4, -1), "RIGHT") for left in (0, 6)]
    padding: list[Any] = [(f"{side}PADDING", (0, 0), (-1, -1), 1) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    table.setStyle(
        TableStyle([*quiet, *lines_below, *right_aligned, *padding, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    )
    return table


def _section(heading: str, hint: str, content: Flowable | None) -> list[Flowable]:
    parts: list[Flowable] = [Paragraph(heading, style.HEADING), Paragraph(hint, style.HINT), Spacer(1, 4)]
    return [*parts, content] if content is not None else parts


def _nothing(text: str) -> Paragraph:
    return Paragraph(text, style.META)


def _beside(left: Sequence[Flowable], right: Sequence[Flowable]) -> Table:
    table = Table([[list(left), "", list(right)]], colWidths=[_HALF, style.GAP, _HALF])
    table.setStyle(
        TableStyle(
            [("VALIGN", (0, 0), (-1, -1), "TOP")]
            + [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
        )
    )
    return table


def _box(content: Sequence[Flowable], fill: Any, edge: Any) -> Table:
    table = Table([[part] for part in content], colWidths=[style.WIDTH])
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), fill),
                ("LINEBEFORE", (0, 0), (0, -1), 3, edge),
                ("LEFTPADDING", (0, 0), (-1, -1), 11),
                ("RIGHTPADDING", (0, 0), (-1, -1), 10),
                ("TOPPADDING", (0, 0), (-1, 0), 7),
                ("BOTTOMPADDING", (0, -1), (-1, -1), 9),
            ]
        )
    )
    return table


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _numbered(report: Report) -> Callable[..., Canvas]:
    """Return a canvas that knows at the end how many pages there are, and writes the footers then."""

    class NumberedCanvas(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  (reportlab's name)
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                _footer(self, f"campaign {report.campaign.id}", f"page {number} of {len(self._pages)}")
                super().showPage()
            super().save()

    return NumberedCanvas


def _footer(canvas: Canvas, left: str, right: str) -> None:
    canvas.setStrokeColor(style.LINE)
    canvas.setLineWidth(0.6)
    bottom = style.MARGIN - 16
    canvas.line(style.MARGIN, bottom + 11, style.PAGE_WIDTH - style.MARGIN, bottom + 11)
    canvas.setFillColor(style.QUIET)
    canvas.setFont(REGULAR, 6.8)
    canvas.drawString(style.MARGIN, bottom, left)
    canvas.drawRightString(style.PAGE_WIDTH - style.MARGIN, bottom, right)
