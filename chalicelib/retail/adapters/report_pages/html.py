"""The report as one HTML page: tables for layout and inline styles, as mail clients need.

It has a dark scheme for clients that take one. Everything shown is escaped; nothing is loaded from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from chalicelib.retail.adapters.report_pages import figures
from chalicelib.retail.domain.wording import money, not_shown_words, nothing_words, stake_words, weekday
from chalicelib.retail.service.reporting.mail import changed_lines, notes

_STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #f2f4f7; color: #17212b;
  font: 15px/1.5 -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; -webkit-text-size-adjust: 100%; }
.sheet { max-width: 760px; margin: 0 auto; padding: 24px 16px 40px; overflow-wrap: anywhere; }
.card { background: #ffffff; border: 1px solid #dde3e8; border-radius: 8px; padding: 18px 20px; margin: 0 0 16px; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 6px; } h2 { font-size: 15px; margin: 0 0 10px; }
.quiet { color: #5b6b7a; font-size: 13px; font-weight: 400; } .note { margin: 0 0 4px; }
.tile { display: inline-block; width: 160px; margin: 0 10px 12px 0; vertical-align: top; }
.tile b { display: block; font-size: 19px; line-height: 1.3; white-space: nowrap; }
.item { margin: 0 0 14px; } .item:last-child { margin: 0; }
.action { margin: 2px 0 0; } .owner { display: inline-block; padding: 0 7px; border-radius: 9px; font-size: 12px;
  background: #e3edf6; color: #174a78; white-space: nowrap; }
.wide { overflow-x: auto; }
table.data { border-collapse: collapse; width: 100%; font-size: 13px; }
table.data th, table.data td { text-align: right; padding: 5px 0 5px 14px; border-bottom: 1px solid #e8ecf0;
  white-space: nowrap; }
table.data th { font-weight: 600; color: #5b6b7a; }
table.data th:first-child, table.data td:first-child { text-align: left; padding-left: 0; white-space: normal;
  min-width: 110px; }
.chart { width: 100%; border-collapse: collapse; table-layout: fixed; }
.chart td { vertical-align: bottom; padding: 0 1px; height: 92px; }
.bar { background: #9fc0de; border-radius: 2px 2px 0 0; }
.bar.last { background: #1f5f99; }
.chart .labels td { height: auto; font-size: 11px; color: #5b6b7a; padding-top: 4px; }
.stake { white-space: nowrap; }
.warn { border-left: 4px solid #c77700; }
@media (max-width: 480px) {
  .tile { width: 47%; margin-right: 2%; } .tile b { font-size: 17px; white-space: normal; }
  table.data { font-size: 12px; } table.data th, table.data td { padding-left: 5px; }
  table.data th:first-child, table.data td:first-child { min-width: 58px; }
  table.data th:nth-child(5), table.data td:nth-child(5) { display: none; }
}
@media (prefers-color-scheme: dark) {
  body { background: #12171c; color: #e6ebf0; } .card { background: #1b2229; border-color: #303a44; }
  .quiet, table.data th, .chart .labels td { color: #9aa8b5; }
  table.data th, table.data td { border-color: #303a44; }
  .owner { background: #1d3a54; color: #bcd8f0; } .bar { background: #3d5f7e; } .bar.last { background: #6fb1ea; }
}
"""


def page(report: dict[str, Any]) -> str:
    """Return the page."""
    day = report["date"]
    title = f"Sales of {weekday(day)}, {day}"
    version = f" · version {report['version']}, restated" if report["version"] > 1 else ""
    cards = [
        _card(
            f'<p class="quiet">{escape(title + version)}</p><h1>{escape(report["verdict"])}</h1>' + _tiles(report)
        ),
        _changes(report),
        _items(report),
        _chart(report),
        *(_table(sheet) for sheet in figures.sheets(report)),
        _trends(report),
        _notes(report),
    ]
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><div class="sheet">{"".join(cards)}</div></body></html>'
    )


def _card(inner: str, extra: str = "") -> str:
    return f'<div class="card{extra}">{inner}</div>' if inner else ""


def _tiles(report: dict[str, Any]) -> str:
    return '<div style="margin-top:16px">' + "".join(
        f'<div class="tile"><span class="quiet">{escape(tile.label)}</span><b>{escape(tile.value)}</b>'
        f'<span class="quiet">{escape(tile.hint)}</span></div>'
        for tile in figures.tiles(report)
    ) + "</div>"  # fmt: skip


def _changes(report: dict[str, Any]) -> str:
    lines = _paragraphs(changed_lines(report))
    return _card(f"<h2>Changed since version {report['version'] - 1}</h2>{lines}", " warn") if lines else ""


def _items(report: dict[str, Any]) -> str:
    if not report["items"]:
        why = nothing_words(report["company"], report["unavailable"])
        return _card(f'<h2>To look at</h2><p class="quiet note">{escape(why.capitalize())}.</p>')
    rows = []
    for number, item in enumerate(report["items"], 1):
        action = (
            f'<p class="action"><span class="owner">{escape(item["owner"])}</span> {escape(item["action"])}</p>'
            if item["action"]
            else ""
        )
        rows.append(
            f'<div class="item"><b>{number}. {escape(item["text"])}</b> '
            f'<span class="quiet stake">{escape(stake_words(item, report["currency"]))}</span>'
            f"{action}</div>"
        )
    more = f'<p class="quiet note">{not_shown_words(report["notShown"])}</p>' if report["notShown"] else ""
    return _card(f"<h2>To look at</h2>{''.join(rows)}{more}")


def _chart(report: dict[str, Any]) -> str:
    bars = figures.bars(report)
    most = max((value or 0 for _, value in bars), default=0)
    if most <= 0:
        return ""
    cells = "".join(
        f'<td title="{day}: {escape(money(value, report["currency"]))}">'
        f'<div class="bar{" last" if place == len(bars) - 1 else ""}" '
        f'style="height:{max(1, round(88 * max(0, value or 0) / most))}px"></div></td>'
        for place, (day, value) in enumerate(bars)
    )
    half = len(bars) // 2
    labels = (
        f'<tr class="labels"><td colspan="{half}" style="text-align:left">{bars[0][0]}</td>'
        f'<td colspan="{len(bars) - half}" style="text-align:right">{bars[-1][0]}</td></tr>'
    )
    hint = escape(figures.bounds(report))
    return _card(
        f'<h2>Net sales, last {len(bars)} days <span class="quiet">{hint}</span></h2>'
        f'<table class="chart" role="presentation"><tr>{cells}</tr>{labels}</table>'
    )


def _table(sheet: figures.Sheet) -> str:
    heads = "".join(f"<th>{escape(head)}</th>" for head in sheet.heads)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in sheet.rows)
    return _card(
        f'<h2>{escape(sheet.title)}</h2><div class="wide"><table class="data"><tr>{heads}</tr>{rows}</table></div>'
    )


def _trends(report: dict[str, Any]) -> str:
    lines = _paragraphs(
        f"{one['text']} {one['action']} ({one['owner']})" if one["action"] else one["text"]
        for one in report["trends"]
    )
    return _card(f"<h2>Trends</h2>{lines}") if lines else ""


def _notes(report: dict[str, Any]) -> str:
    lines = _paragraphs(notes(report))
    return _card(f"<h2>About the data</h2>{lines}") if lines else ""


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f'<p class="note">{escape(line)}</p>' for line in lines)
