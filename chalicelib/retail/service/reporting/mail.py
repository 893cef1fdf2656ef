"""The report as a mail's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.retail.domain.report import Report
from chalicelib.retail.domain.wording import (
    money,
    not_shown_words,
    nothing_words,
    parts_words,
    percent,
    scope_words,
)

LARGEST_SUBJECT = 100
"""SNS takes no longer one."""
LARGEST_MAIL_BYTES = 24 * 1024


def mail_subject(report: Report) -> str:
    """Return the subject: ASCII, one line, as SNS takes it."""
    count = len(report["items"])
    what = f"{count} to look at" if count else nothing_words(report["company"], report["unavailable"])
    version = f" (version {report['version']})" if report["version"] > 1 else ""
    return f"Sales {report['date']}: {what}{version}"[:LARGEST_SUBJECT]


def mail_text(report: Report, links: Mapping[str, str]) -> str:
    """Return the mail's text: the verdict, the items, the main figures, and where the whole report is."""
    lines = [report["verdict"], ""]
    if changed := changed_lines(report):
        lines += [f"Changed since version {report['version'] - 1}:", *(f"- {line}" for line in changed), ""]
    for number, item in enumerate(report["items"], 1):
        lines += [f"{number}. {item['text']}"]
        if item["action"]:
            lines.append(f"   -> {item['action']} ({item['owner']})")
    if report["notShown"]:
        lines.append(not_shown_words(report["notShown"]))
    lines += ["", *_figures(report)] if report["items"] else _figures(report)
    if more := [*(trend["text"] for trend in report["trends"]), *notes(report)]:
        lines += ["", *more]
    lines += ["", f"Report: {links['html']}", f"PDF:    {links['pdf']}"]
    return "\n".join(lines).encode()[:LARGEST_MAIL_BYTES].decode(errors="ignore")


def _figures(report: Report) -> list[str]:
    currency, day, against = report["currency"], report["company"]["day"], report["company"]["against"]
    return [
        f"Net sales {money(day['netCents'], currency)}"
        f" | day before {percent(against['yesterday']['change'])}"
        f" | same weekday {percent(against['sameWeekday']['change'])}"
        f" | month to date {percent(against['monthToDate']['change'])}",
        f"Units {day['units']:,}"
        + (f" | tickets {day['tickets']:,}" if day["tickets"] is not None else "")
        + (f" | basket {money(day['basketCents'], currency)}" if day["basketCents"] is not None else "")
        + f" | returns {money(day['returnsCents'], currency)}",
    ]


def changed_lines(report: Report) -> list[str]:
    """Return what changed since the version before, a line each."""
    currency = report["currency"]
    lines = []
    for change in report["changes"]:
        what, before, after = change["what"].capitalize(), change["before"], change["after"]
        if change["what"] in ("net sales", "returns"):
            lines.append(f"{what}: {money(before, currency)}, now {money(after, currency)}")
        elif change["what"] == "stores reported":
            lines.append(f"{what}: {before:,}, now {after:,}")
        else:
            lines.append(f"{what}: {after or before}")
    return lines


def notes(report: Report) -> list[str]:
    """Return what a reader must know of the data behind the report, a line each."""
    currency, complete = report["currency"], report["company"]["completeness"]
    lines = []
    if complete["missingStores"]:
        names = _names(complete["missing"])
        lines.append(
            f"{complete['missingStores']:,} of {complete['expectedStores']:,} stores sent nothing: {names}."
        )
    if complete["late"]:
        lines.append(_late(complete))
    if complete["damaged"]:
        whose = f"{_stores(complete['damagedStores'])} sent damaged files, whose figures may be too low"
        lines.append(f"{whose}: {_names(complete['damaged'])}.")
    if complete["refusedRows"]:
        files = ", ".join(f"{one['file']} ({one['rows']:,})" for one in complete["refusedFiles"][:5])
        lines.append(f"{complete['refusedRows']:,} rows of the files behind this day are in quarantine: {files}.")
    lines += [
        f"{one['date']} changed after its report: {money(one['beforeCents'], currency)} then, "
        f"{money(one['afterCents'], currency)} now."
        for one in report["restatedDays"]
    ]
    if report["explained"]:
        named = "; ".join(f"{scope_words(one['scope'])} ({one['explained']})" for one in report["explained"][:5])
        named += "; and more" if len(report["explained"]) > 5 else ""
        lines.append(f"Unusual and explained: {named}.")
    if report["statisticsOnly"]:
        lines.append(f"Statistics only: no language model for {parts_words(report['statisticsOnly'])}.")
    if report["unavailable"]:
        lines.append(f"Could not be computed: {parts_words(report['unavailable'])}.")
    return lines


def _late(complete: Mapping[str, Any]) -> str:
    """Return who was late; nobody reads the names where most were, as of a past that was loaded later."""
    late, reported = complete["lateStores"], complete["reportedStores"]
    if 2 * late > max(2, reported):
        return f"{late:,} of {reported:,} stores sent or corrected after noon."
    return f"{_stores(late)} sent or corrected after noon: {_names(complete['late'])}."


def _stores(count: int) -> str:
    return "One store" if count == 1 else f"{count:,} stores"


def _names(some: Sequence[str]) -> str:
    """Return the first ten names."""
    return ", ".join(some[:10]) + (" and others" if len(some) > 10 else "")
