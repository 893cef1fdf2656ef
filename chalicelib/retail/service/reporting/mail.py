"""The report as a mail's text."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.retail.domain.report import Report
from chalicelib.retail.domain.wording import money, percent

LARGEST_SUBJECT = 100
"""SNS takes no longer one."""
LARGEST_MAIL_BYTES = 24 * 1024


def mail_subject(report: Report) -> str:
    """Return the subject: ASCII, one line, as SNS takes it."""
    count = len(report["items"])
    what = "nothing needs action" if not count else f"{count} to look at"
    version = f" (version {report['version']})" if report["version"] > 1 else ""
    return f"Sales {report['date']}: {what}{version}"[:LARGEST_SUBJECT]


def mail_text(report: Report, links: Mapping[str, str]) -> str:
    """Return the mail's text: the verdict, the items, the main figures, and where the whole report is."""
    lines = [report["verdict"], ""]
    for change in changed_lines(report):
        lines.append(f"Changed since version {report['version'] - 1}: {change}")
    for number, item in enumerate(report["items"], 1):
        lines += [f"{number}. {item['text']}"]
        if item["action"]:
            lines.append(f"   -> {item['action']} ({item['owner']})")
    if report["notShown"]:
        lines.append(f"{report['notShown']} smaller ones are not shown.")
    lines += ["", *_figures(report), ""]
    lines += [trend["text"] for trend in report["trends"]]
    lines += notes(report)
    lines += ["", f"Report: {links['html']}", f"PDF:    {links['pdf']}"]
    return "\n".join(lines).encode()[:LARGEST_MAIL_BYTES].decode(errors="ignore")


def _figures(report: Report) -> list[str]:
    currency, day, against = report["currency"], report["company"]["day"], report["company"]["against"]
    return [
        f"Net sales {money(day['netCents'], currency)}"
        f" | yesterday {percent(against['yesterday']['change'])}"
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
        before, after = change["before"], change["after"]
        if change["what"] in ("net sales", "returns"):
            lines.append(f"{change['what']} {money(before, currency)} -> {money(after, currency)}")
        elif change["what"] == "stores reported":
            lines.append(f"{change['what']} {before} -> {after}")
        else:
            lines.append(f"{change['what']}: {after or before}")
    return lines


def notes(report: Report) -> list[str]:
    """Return what a reader must know of the data behind the report, a line each."""
    currency, complete = report["currency"], report["company"]["completeness"]
    lines = []
    if complete["missingStores"]:
        names = ", ".join(complete["missing"][:10])
        more = " and more" if complete["missingStores"] > 10 else ""
        lines.append(
            f"{complete['missingStores']:,} of {complete['expectedStores']:,} stores sent nothing: {names}{more}."
        )
    if complete["late"]:
        lines.append(f"Late files: {', '.join(complete['late'][:10])}.")
    if complete["damaged"]:
        lines.append(f"Damaged files, figures may be too low: {', '.join(complete['damaged'][:10])}.")
    if complete["refusedRows"]:
        files = ", ".join(f"{one['file']} ({one['rows']:,})" for one in complete["refusedFiles"][:5])
        lines.append(f"{complete['refusedRows']:,} rows of the files behind this day are in quarantine: {files}.")
    lines += [
        f"{one['date']} changed after its report: {money(one['beforeCents'], currency)} -> "
        f"{money(one['afterCents'], currency)}."
        for one in report["restatedDays"]
    ]
    if report["explained"]:
        named = "; ".join(f"{one['scope']} ({one['explained']})" for one in report["explained"][:5])
        lines.append(f"Unusual and explained: {named}.")
    if report["statisticsOnly"]:
        lines.append(f"Statistics only: no language model for {', '.join(report['statisticsOnly'])}.")
    if report["unavailable"]:
        lines.append(f"Could not be computed: {', '.join(report['unavailable'])}.")
    return lines
