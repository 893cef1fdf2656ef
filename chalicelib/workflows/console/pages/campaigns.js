// Call campaigns: how far they are, and pause, go on, end.

import { get } from "../api.js";
import { back, card, chip, doing, drawing, empty, facts, head, money, runLink, send, sending, table } from "../desk/pieces.js";
import { announce, openDialog } from "../dialog.js";
import { moment } from "../desk/moments.js";
import { following } from "../desk/following.js";
import { listing } from "../desk/listing.js";
import { fill, h } from "../elements.js";
import { link } from "../router.js";
import { count, duration, percent, titled } from "../words.js";

export const page = { path: "/campaigns", title: "Campaigns", nav: { label: "Campaigns", order: 50 }, render };
export const one = { path: "/campaigns/:id", title: "Campaign", nav: null, under: "/campaigns", render: renderOne };

const STATUS = {
  draft: ["Draft", "stopped"], scheduled: ["Scheduled", "waiting"], active: ["Calling", "running"], paused: ["Paused", "waiting"],
  completed: ["Completed", "ok"], failed: ["Failed", "bad"], cancelled: ["Cancelled", "stopped"],
};
const CONTACTS = [
  ["reached", "Reached", "ok"], ["calling", "On the phone", "running"], ["queued", "About to be called", "running"], ["pending", "In line", "waiting"],
  ["exhausted", "Tried often enough", "stopped"], ["suppressed", "Do not want calls", "stopped"], ["invalid", "Number does not exist", "bad"], ["expired", "Time was over", "stopped"],
];
const STEPS = {
  draft: ["start", "cancel"], scheduled: ["start", "pause", "cancel"], active: ["pause", "cancel"], paused: ["resume", "cancel"], failed: ["resume"],
};
const OVER = ["completed", "cancelled"];
const DAYS = { mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday", sat: "Saturday", sun: "Sunday" };

function render(root) {
  const list = h("div", { class: "stack" });
  fill(root, head("Campaigns", "Calls to many people, within the hours they may be called in, nobody twice."), list);
  const draw = (campaigns) => (campaigns.length
    ? table("Campaigns", [
      ["Campaign", "", (row) => h("a", { href: link("/campaigns/:id", { id: row.id }), "data-key": row.id }, row.name)],
      ["State", "", standing],
      ["Starts", "", (row) => (row.startAt ? moment(row.startAt, { dated: true }) : "when it is started")],
      ["Last change", "", (row) => moment(row.updatedAt, { dated: true })],
    ], campaigns)
    : empty("There is no campaign yet", "One is made by ", h("code", {}, "POST /campaigns"), ", and its contacts are added after that."));
  return listing(list, "campaign", { path: "campaigns?limit=100", of: "campaigns", id: "id", draw }).stop;
}

function renderOne(root, { id }) {
  const whole = h("div", { class: "stack" });
  fill(root, back("#/campaigns", "All campaigns"), whole);
  const place = `campaigns/${encodeURIComponent(id)}`;
  const next = h("div", { class: "next-wave", "aria-live": "polite" });
  let report = null, reportedAs = null;
  const draw = drawing(whole, (campaign, links) => [
    head(campaign.name, `Called in the zone of ${campaign.zone}, or of the number where it has its own`, standing(campaign)),
    h("div", { class: "actions" }, (STEPS[campaign.status] ?? []).map((step) => steering(step, place, () => looking.now())), campaign.status in STEPS ? foresight(place, next) : null),
    next,
    progressOf(campaign),
    h("div", { class: "columns" }, people(campaign.progress), outcomes(campaign.progress)),
    links ? reportOf(links) : null,
    rules(campaign),
  ]);
  const looking = following(whole, "campaign", async (signal) => {
    const campaign = await get(place, { signal });
    const expected = report === null && OVER.includes(campaign.status); // it is written a moment after the end
    if (expected || reportedAs !== campaign.updatedAt) {
      report = await get(`${place}/report`, { signal }).catch((problem) => { if (problem.status !== 404) throw problem; return null; });
      reportedAs = campaign.updatedAt;
    }
    return draw(campaign, report);
  });
  return looking.stop;
}

function steering(step, place, again) {
  const done = () => again();
  if (step === "start") return sending("Start now", `${place}/start`, { kind: "main", key: step, done });
  if (step === "pause") return sending("Pause", `${place}/pause`, { key: step, done });
  if (step === "resume") return sending("Go on", `${place}/resume`, { kind: "main", key: step, done });
  return doing("Cancel for good", { kind: "danger", key: step, act: () => certain(place), done });
}

function certain(place) {
  return new Promise((resolve, reject) => {
    let answer;
    const yes = h("button", { type: "button", class: "danger" }, "Cancel the campaign");
    const dialog = openDialog("Cancel this campaign for good?",
      h("p", {}, "Nobody is called any more. Calls that run end by themselves and are still counted. It cannot be started again."),
      h("div", { class: "actions" }, h("button", { type: "button", onclick: () => dialog.close() }, "Keep it"), yes));
    yes.addEventListener("click", () => { answer = send(`${place}/cancel`); dialog.close(); });
    dialog.addEventListener("close", () => (answer ?? Promise.resolve()).then(resolve, reject));
  });
}

function foresight(place, next) {
  return doing("What would happen next?", {
    kind: "quiet", key: "next",
    act: () => send(`${place}/preflight`),
    done: (told) => {
      const problems = told.problems.map((one) => one.message ?? String(one));
      const { size } = told.wave;
      const words = size ? `${count(size)} people would be called now, which takes about ${duration(told.expectedSeconds)}.`
        : told.nextEligibleAt ? ["Nobody may be called now. The next may be called ", moment(told.nextEligibleAt, { dated: true }), "."] : "Nobody is left to be called.";
      fill(next, h("div", { class: "notice" }, h("p", {}, words), problems.length ? h("ul", {}, problems.map((one) => h("li", {}, one))) : null));
      announce("This is what would happen next");
    },
  });
}

function progressOf({ progress, status }) {
  const share = progress.completionPercentage;
  return card(null,
    h("div", { class: "big" }, h("strong", {}, `${Number(share.toFixed(1))} %`), h("span", { class: "muted" }, `${count(progress.completedContacts)} of ${count(progress.totalContacts)} people are done with`)),
    h("progress", { max: "100", value: share, "aria-label": "Progress" }),
    facts([
      ["Calls", count(progress.calls)],
      ["Answered", percent(progress.connectRate)],
      ["Cost", `$${money(progress.costCents)}`],
      ["May be called now", status === "active" ? count(progress.readyNow) : null],
      ["Next call", progress.nextLegalAt ? moment(progress.nextLegalAt, { dated: true }) : null],
    ]));
}

function people(progress) {
  const shown = CONTACTS.filter(([name]) => progress.contacts[name]);
  return card("People", shown.length ? bars(shown.map(([name, words, tone]) => [words, progress.contacts[name], tone]), progress.totalContacts)
    : h("p", { class: "muted" }, "Nobody was added yet."));
}

function outcomes(progress) {
  const shown = Object.entries(progress.dispositions).filter(([, number]) => number).sort((one, other) => other[1] - one[1]);
  return card("How calls ended", shown.length ? bars(shown.map(([name, number]) => [titled(name), number, name === "answered" ? "ok" : "stopped"]), progress.calls)
    : h("p", { class: "muted" }, "Nobody was called yet."));
}

function bars(rows, all) {
  return h("dl", { class: "measures" }, rows.map(([words, number, tone]) => h("div", {}, h("dt", {}, words), h("dd", {},
    h("span", { class: `measure ${tone}`, style: `width: ${all ? Math.max(1, (number / all) * 100).toFixed(1) : 0}%` }), h("span", { class: "number" }, count(number))))));
}

function reportOf(links) {
  return card("Report", h("p", {}, links.report.verdict ?? ""),
    h("div", { class: "actions" }, h("a", { class: "button", href: links.reportUrl, target: "_blank", rel: "noopener" }, "Open the PDF"),
      h("a", { class: "button", href: links.jsonUrl, target: "_blank", rel: "noopener" }, "Its figures (JSON)")));
}

function rules(campaign) {
  return h("details", { class: "card", "data-key": "rules" }, h("summary", { "data-key": "open rules" }, "Its rules"), facts([
    ["Hours", campaign.windows.map((window) => `${daysOf(window.days)} ${window.start} to ${window.end}`).join("; ")],
    ["Shown number", campaign.callerId],
    ["Calls to one person", `at most ${campaign.maxAttemptsPerPerson} in ${campaign.attemptWindowDays} days`],
    ["At the same time", `${count(campaign.maxConcurrentCalls)} calls`],
    ["Made", moment(campaign.createdAt, { dated: true })],
    ["Run", runLink(campaign.activeExecution)],
  ]));
}

function daysOf(days) {
  return days.length === 7 ? "Every day" : days.map((day) => DAYS[day] ?? day).join(", ");
}

function standing(campaign) {
  return chip(...(STATUS[campaign.status] ?? [titled(campaign.status), "stopped"]));
}
