// Morning reports: what was unusual in the stores, and what to do.

import { get, post } from "../api.js";
import { back, card, chip, doing, drawing, empty, facts, head, money, table } from "../desk/pieces.js";
import { fill, h, s } from "../elements.js";
import { keepLooking } from "../live.js";
import { link } from "../router.js";
import { count, percent, titled } from "../words.js";

export const page = { path: "/reports", title: "Reports", nav: { label: "Reports", order: 60 }, render };
export const one = { path: "/reports/:date", title: "Report", nav: null, under: "/reports", render: renderOne };

function render(root) {
  const list = h("div", { class: "stack" });
  const date = h("input", { id: "date", type: "date", required: true });
  const form = h("form", { class: "inline" }, h("label", { for: "date" }, "Another date"), date, h("button", { type: "submit" }, "Open"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (date.value) location.hash = link("/reports/:date", { date: date.value });
  });
  fill(root, head("Daily reports", "Each morning: what the stores sold, what was unusual, and what to do about it.", form), list);
  const draw = drawing(list, ({ reports }) => (reports.length
    ? table("Reports", [
      ["Day", "", (row) => h("a", { href: link("/reports/:date", { date: row.date }), "data-key": row.date }, dayOf(row.date))],
      ["Net sales", "number", (row) => money(row.netCents)],
      ["Version", "number", (row) => (row.version > 1 ? `${row.version}, corrected` : "1")],
      ["Mailed", "", (row) => (row.sent ? chip("Mailed", "ok") : chip("Not mailed", "stopped"))],
    ], reports)
    : empty("There is no report yet", "One is made every morning once stores have sent their sales to ", h("code", {}, "POST /uploads"), ". Choose a date above to have one made now.")));
  const looking = keepLooking(async (signal) => draw(await get("reports", { signal })), { fastest: 3000 });
  return looking.stop;
}

function renderOne(root, { date }) {
  const whole = h("div", { class: "stack" });
  fill(root, back("#/reports", "All reports"), whole);
  const place = `reports/${encodeURIComponent(date)}`;
  let frame = null, version = null;
  const draw = drawing(whole, (report, problem) => (problem ? missing(date, problem, () => looking.now()) : [
    head(`Report of ${dayOf(date)}`, report.version > 1 ? `Version ${report.version}: figures came later and it was corrected` : null,
      h("a", { class: "button main pdf", href: report.links.pdf, target: "_blank", rel: "noopener" }, "Open the PDF"),
      again("Make it again", place, () => looking.now())),
    card(null, h("p", { class: "verdict" }, report.verdict), figures(report)),
    findings(report),
    card("Net sales, day by day", chart(report)),
    changes(report),
    pageOf(report),
  ]));
  function pageOf(report) {
    frame ??= h("iframe", { src: report.links.html, title: "The whole report", sandbox: "" });
    return card("The whole report", frame);
  }
  const looking = keepLooking(async (signal) => {
    try {
      const report = await get(place, { signal });
      if (report.version === version) {
        whole.querySelector("a.pdf").href = report.links.pdf; // links end; this one is fresh
        return false;
      }
      version = report.version;
      frame = null;
      return draw(report, null);
    } catch (problem) {
      if (problem.status !== 404 && problem.status !== 422) throw problem;
      version = null;
      return draw(null, { message: problem.message, may: problem.status === 404, said: problem.errors.map((one) => one.message) });
    }
  }, { fastest: 3000 });
  return looking.stop;
}

function missing(date, problem, look) {
  return [head(`Report of ${dayOf(date)}`),
    empty(problem.may ? "This day has no report" : "This day cannot have a report", problem.may
      ? again("Make it now", `reports/${encodeURIComponent(date)}`, look)
      : problem.said.join("; ") || problem.message)];
}

function again(words, place, look) {
  return doing(words, { key: "again", act: () => post(place, {}), done: () => look() });
}

function figures({ company, currency }) {
  const { day, against } = company;
  const change = (one) => (one?.change === null || one?.change === undefined ? null : `${one.change > 0 ? "+" : ""}${percent(one.change)}`);
  return facts([
    ["Net sales", money(day.netCents, currency)],
    ["Against the day before", change(against?.yesterday)],
    ["Against the same weekday", change(against?.sameWeekday)],
    ["Sales", day.tickets === null ? null : count(day.tickets)],
    ["Pieces", count(day.units ?? 0)],
    ["Goods taken back", money(day.returnsCents, currency) + (day.returnsShare === null ? "" : ` (${percent(day.returnsShare)})`)],
    ["Margin", day.marginShare === null ? null : percent(day.marginShare)],
  ]);
}

function findings({ items, notShown, explained, unavailable, company, currency }) {
  const known = explained.length
    ? h("p", { class: "muted" }, `${count(explained.length)} ${explained.length === 1 ? "is" : "are"} explained by known events or answers.`) : null;
  if (!items.length) return card("What was unusual", h("p", {}, nothing(unavailable, company)), known);
  return h("section", { class: "stack" }, h("h2", {}, "What was unusual"), h("ol", { class: "findings" }, items.map((item) =>
    h("li", { class: "card" }, h("div", { class: "card-head" }, h("h3", {}, titled(item.kind)), item.kind === "sales_high" ? null : chip(`${money(item.money_cents, currency)} at stake`, "waiting")),
      h("p", {}, item.text),
      item.action ? h("p", {}, h("strong", {}, "To do: "), item.action, item.owner ? h("span", { class: "muted" }, ` (${item.owner})`) : null) : null))),
  notShown ? h("p", { class: "muted" }, notShown === 1 ? "One smaller one is not shown." : `${count(notShown)} smaller ones are not shown.`) : null,
  known);
}

/** Why there is no finding: nobody could look, there is nothing to compare with, or all is as usual. */
function nothing(unavailable, company) {
  if (unavailable.includes("anomalies")) return "It could not be computed.";
  return company.expected ? "Nothing needs action." : "Too few days are known to say.";
}

function changes({ changes: list, currency }) {
  if (!list.length) return null;
  return card("What the correction changed", h("ul", {}, list.map((one) => h("li", {}, `${titled(one.what)}: ${changed(one, currency)}`))));
}

/** Money, a number of stores, or a finding that has come or gone. */
function changed({ what, before, after }, currency) {
  if (typeof before !== "number") return after || before;
  const shown = what === "stores reported" ? count : (value) => money(value, currency);
  return `${shown(before)}, now ${shown(after)}`;
}

/** A bar a day; the range expected of the reported day is shaded behind its bar. */
function chart({ company, currency, date }) {
  const history = company.history ?? [];
  const expected = company.expected ?? {};
  const most = Math.max(1, ...history.map((one) => one.netCents ?? 0), expected.high ?? 0);
  const width = 8, gap = 2, height = 140;
  const tall = (cents) => (Math.max(0, cents) / most) * height;
  const all = history.length * (width + gap);
  const drawn = history.map((one, i) => {
    const reported = one.day === date;
    const x = i * (width + gap);
    return [
      reported && expected.high ? s("rect", { x, width, y: height - tall(expected.high), height: Math.max(2, tall(expected.high) - tall(expected.low)), class: "expected" }) : null,
      s("rect", { x: reported ? x + 2 : x, width: reported ? width - 4 : width, y: height - tall(one.netCents ?? 0), height: tall(one.netCents ?? 0), class: reported ? "reported" : "day" },
        s("title", {}, `${dayOf(one.day)}: ${one.netCents === null ? "no figures" : money(one.netCents, currency)}`)),
    ];
  });
  const label = `Net sales of ${history.length} days; ${dayOf(date)} had ${money(company.day.netCents, currency)}`
    + (expected.high ? `, expected were ${money(expected.low, currency)} to ${money(expected.high, currency)}` : "");
  return [s("svg", { class: "days", viewBox: `0 0 ${all} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": label }, drawn),
    h("p", { class: "muted" }, `${history.length ? `${dayOf(history[0].day)} to ${dayOf(date)}. ` : ""}${expected.high ? `Shaded: what was expected of the day, ${money(expected.low, currency)} to ${money(expected.high, currency)}.` : ""}`)];
}

function dayOf(iso) {
  const day = new Date(`${iso}T12:00:00Z`);
  return Number.isNaN(day.getTime()) ? iso : day.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}
