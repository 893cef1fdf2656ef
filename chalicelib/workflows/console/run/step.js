// One state of a run: what went in, what was sent, what came back, what went on; its tries, its log, its error.

import { get, segment } from "../api.js";
import { fill, h, refill } from "../elements.js";
import { absolute, count, duration, spoken } from "../words.js";
import { ago, now } from "../time.js";
import { differing, plainLines } from "./differences.js";

const FEW_LINES = 120;
const STATUS = { running: ["Running", "running"], succeeded: ["Done", "ok"], caught: ["Failed, went on another way", "waiting"], failed: ["Failed", "bad"], stopped: ["Stopped", "stopped"] };
const KIND = { Task: "does work", Choice: "decides which way to go", Wait: "waits", Pass: "puts data into shape", Parallel: "does several things side by side", Map: "does the same for each item", Succeed: "ends the run well", Fail: "ends the run as failed" };

/** Shows a visit in `root`. `visits` are those of the same state, `actions(visit)` the buttons of what can be done here. */
export function showStep(root, runId, visit, { visits, definition, choose, actions }) {
  const body = h("div", { class: "stack" }, h("p", { class: "muted" }, "Loading…"));
  const [words, tone] = STATUS[visit.status];
  refill(root,
    h("div", { class: "card-head" },
      h("div", {}, h("h2", { id: "step-title", tabindex: "-1" }, spoken(visit.state)), h("p", { class: "muted step-kind" }, h("code", {}, visit.state), ` ${KIND[visit.type] ?? ""}`)),
      h("span", { class: `chip ${tone}` }, words)),
    definition?.Comment && h("p", { class: "muted" }, definition.Comment),
    others(visit, visits, choose),
    body);
  const stopper = new AbortController();
  load(body, runId, visit, stopper.signal, actions);
  return () => stopper.abort();
}

async function load(body, runId, visit, signal, actions) {
  try {
    const told = await get(`executions/${segment(runId)}/states/${visit.id}`, { signal });
    fill(body,
      told.explanation && errorOf(told),
      facts(told),
      actions(told),
      stages(told),
      told.tries.length > 1 && tries(told),
      logOf(runId, told, signal));
  } catch (problem) {
    if (problem.name !== "AbortError") fill(body, h("p", { class: "notice bad" }, `${problem.message}.`));
  }
}

function others(visit, visits, choose) {
  if (visits.length < 2) return null;
  const place = visits.findIndex((one) => one.id === visit.id);
  const button = (label, to) => h("button", { type: "button", class: "small", "data-key": label, "aria-disabled": visits[to] ? null : "true", onclick: () => visits[to] && choose(visits[to].id) }, label);
  return h("div", { class: "which" }, button("Earlier", place - 1), h("span", {}, `Time ${place + 1} of ${visits.length}`, visit.iteration !== null && ` · item ${visit.iteration + 1}`), button("Later", place + 1));
}

function errorOf(told) {
  const { what, said, advice } = told.explanation;
  return h("div", { class: "notice bad" },
    h("p", {}, h("strong", {}, what)),
    said && saidBy(said),
    advice && h("p", {}, advice),
    h("p", { class: "error-name" }, "Error name: ", h("code", {}, told.error)),
    told.cause && told.cause !== said && h("details", {}, h("summary", {}, "All that was reported"), h("pre", {}, pretty(told.cause))));
}

/** What the code or a service said, whole; a long text scrolls, by keys too. */
export function saidBy(text) {
  return h("p", { class: "said", tabindex: text.length > 500 ? "0" : null }, text);
}

function facts(told) {
  const end = told.exitedAt ? Date.parse(told.exitedAt) : now();
  const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
  return h("dl", { class: "facts" },
    fact("Began", ago(told.enteredAt)),
    fact("Took", `${duration((end - Date.parse(told.enteredAt)) / 1000)}${told.exitedAt ? "" : " so far"}`),
    told.tries.length > 0 && fact("Tries", told.tries.length),
    told.tries.at(-1)?.function && fact("Function", functionOf(told.tries.at(-1).function)));
}

/** Its name without what all of a stage's functions share. */
function functionOf(arn) {
  const name = arn.split(":function:").at(-1);
  return h("span", { title: name }, name.replace(/^signalbox-[a-z0-9]+-/, ""));
}

function stages(told) {
  const merged = told.input !== undefined && told.output !== undefined;
  const difference = merged ? differing(told.input, told.output) : null;
  const changes = difference ? changed(difference) : null;
  return h("div", { class: "stages" },
    stage("Input", "what it was given", told.input !== undefined && plainLines(told.input)),
    "arguments" in told && stage("Sent", "what it asked for", plainLines(told.arguments)),
    "result" in told && stage("Came back", "the answer, whole", plainLines(told.result)),
    stage("Output", changes ?? "what it hands on", difference ? difference.lines : "output" in told && plainLines(told.output), { open: true, ended: Boolean(told.exitedAt) || told.status !== "running" }));
}

function changed({ added, removed, changed: other }) {
  const parts = [[added, "added"], [removed, "removed"], [other, "changed"]].filter(([count]) => count).map(([count, word]) => `${count} ${word}`);
  return parts.length ? `what it hands on; against the input ${parts.join(", ")}` : "what it hands on; the same as the input";
}

function stage(title, about, lines, { open = false, ended = false } = {}) {
  if (!lines) return h("div", { class: "stage none" }, h("h3", {}, title), h("p", { class: "muted" }, ended ? "None." : "Nothing yet."));
  const code = h("pre", { class: "json", tabindex: "0", role: "region", "aria-label": title });
  const show = (count) => fill(code, lines.slice(0, count).map(lineOf));
  show(FEW_LINES);
  const rest = lines.length > FEW_LINES && h("button", { type: "button", class: "small", onclick: (event) => { show(lines.length); event.target.remove(); } }, `Show all ${lines.length} lines`);
  return h("details", { class: "stage", open: open || lines.length < 14 }, h("summary", {}, h("h3", {}, title), h("span", { class: "muted" }, about)), code, rest);
}

function lineOf({ depth, text, mark }) {
  const sign = { added: "+ ", removed: "− ", "": "  " }[mark];
  const hidden = mark && h("span", { class: "visually-hidden" }, mark === "added" ? "new: " : "gone: ");
  return h("span", { class: `line ${mark}` }, h("span", { "aria-hidden": "true" }, sign), hidden, `${"  ".repeat(depth)}${text}\n`);
}

function tries(told) {
  const rows = told.tries.map((one) => h("tr", {},
    h("td", { "data-label": "Try" }, one.number),
    h("td", { "data-label": "Began" }, h("span", { title: absolute(one.scheduledAt) }, duration((Date.parse(one.scheduledAt) - Date.parse(told.enteredAt)) / 1000), " in")),
    h("td", { "data-label": "Took" }, one.endedAt ? duration((Date.parse(one.endedAt) - Date.parse(one.startedAt ?? one.scheduledAt)) / 1000) : "running"),
    h("td", { "data-label": "Ended" }, one.error ?? (one.endedAt ? "well" : ""))));
  return h("section", {}, h("h3", {}, "Tries"), h("table", { class: "folding" },
    h("thead", {}, h("tr", {}, ["Try", "Began", "Took", "Ended"].map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, rows)));
}

function logOf(runId, told, signal) {
  const worked = told.tries.filter((one) => one.function);
  if (!worked.length) return null;
  const lines = h("div", { class: "log" });
  const which = h("select", { "aria-label": "Log of which try" }, worked.map((one) => h("option", { value: String(one.number) }, `Try ${one.number}`)));
  which.value = String(worked.at(-1).number);
  const load = async () => {
    fill(lines, h("p", { class: "muted" }, "Loading…"));
    try {
      const found = await get(`executions/${segment(runId)}/states/${told.id}/logs?attempt=${which.value}`, { signal });
      const before = found.omitted > 0 && h("p", { class: "muted" }, `The last ${count(found.lines.length)} lines; the ${count(found.omitted)} before them are in CloudWatch Logs.`);
      fill(lines, found.lines.length ? [before, h("ol", { tabindex: "0", "aria-label": "Log" }, found.lines.map(logLine))] : h("p", { class: "muted" }, found.requestId ? "It logged nothing, or the log has been deleted." : "It has not ended, or ended without saying which call it was: there is no log to show."));
    } catch (problem) {
      if (problem.name !== "AbortError") fill(lines, h("p", { class: "notice bad" }, `${problem.message}.`));
    }
  };
  which.addEventListener("change", load);
  const box = h("details", { class: "stage", open: told.status === "failed" }, h("summary", {}, h("h3", {}, "Log"), h("span", { class: "muted" }, "what the function wrote")), worked.length > 1 && which, lines);
  let loaded = false;
  const open = () => {
    if (!box.open || loaded) return;
    loaded = true;
    load();
  };
  box.addEventListener("toggle", open);
  open();
  return box;
}

/** Structured lines show their message first; the rest of them is a click away. */
function logLine({ text }) {
  let told = null;
  try {
    told = JSON.parse(text);
  } catch { /* a plain line */ }
  if (told === null || typeof told !== "object" || typeof told.message !== "string") {
    return h("li", { class: /^(START|END|REPORT) /.test(text) ? "frame" : "" }, h("code", {}, text));
  }
  const { level = "", message, timestamp, location, service, ...rest } = told;
  const exception = rest.exception_name && `${rest.exception_name}: `;
  return h("li", { class: /ERROR|CRITICAL/.test(level) ? "error" : /WARN/.test(level) ? "warning" : "" },
    h("details", {}, h("summary", {}, h("span", { class: "level" }, level.toLowerCase()), " ", h("code", {}, exception || "", message, rest.error && !exception ? ` ${rest.error}` : "")),
      h("pre", {}, JSON.stringify({ timestamp, location, service, ...rest }, null, 2).replaceAll("\\n", "\n"))));
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
