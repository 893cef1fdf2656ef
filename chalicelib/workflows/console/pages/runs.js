// Runs, the latest first, of one workflow or of all.

import { get } from "../api.js";
import { fill, h } from "../elements.js";
import { keepLooking } from "../live.js";
import { noteInAddress } from "../router.js";
import { runTable } from "../run/table.js";
import { refreshTimes } from "../time.js";
import { count, statusWords, titled } from "../words.js";

const PAGE = 100;
const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];

export const page = { path: "/runs", title: "Runs", nav: { label: "Runs", order: 2 }, render };

function render(root, _params, query) {
  const chosen = { workflow: query.workflow ?? "", status: query.status ?? "" };
  let later = []; // the pages behind the first
  let first = { executions: [], next: null };
  let looking = null, shown = "";
  const list = h("div", { "aria-busy": "true" }, h("p", { class: "muted" }, "Loading…"));
  const summary = h("p", { class: "muted", role: "status" });
  const more = h("button", { type: "button", hidden: true }, "Show more");
  const workflow = h("select", { id: "workflow" }, h("option", { value: "" }, "All"));
  const status = h("select", { id: "status" }, h("option", { value: "" }, "Any"), STATUSES.map((one) => h("option", { value: one }, statusWords(one)[0])));
  status.value = chosen.status;
  fill(root,
    h("div", { class: "page-head" }, h("div", {}, h("h1", { tabindex: "-1" }, "Runs"), summary),
      h("form", { class: "filters" }, h("div", {}, h("label", { for: "workflow" }, "Workflow"), workflow), h("div", {}, h("label", { for: "status" }, "Status"), status))),
    h("div", { class: "card table-card" }, list), h("p", { class: "more" }, more));
  get("workflows").then(({ workflows }) => {
    workflow.append(...workflows.map((one) => h("option", { value: one.name }, titled(one.name))));
    workflow.value = chosen.workflow;
  }).catch(() => {}); // the list itself says what is wrong
  for (const field of [workflow, status]) {
    field.addEventListener("change", () => {
      chosen.workflow = workflow.value;
      chosen.status = status.value;
      noteInAddress(chosen);
      begin();
    });
  }
  more.addEventListener("click", async () => {
    more.disabled = true;
    try {
      const page = await get(address(later.length ? later.at(-1).next : first.next));
      later.push(page);
      show();
    } catch (problem) {
      fill(summary, `${problem.message}.`);
    } finally {
      more.disabled = false;
    }
  });

  function address(after) {
    const search = new URLSearchParams({ limit: String(PAGE) });
    for (const [name, value] of Object.entries({ ...chosen, after: after ?? "" })) if (value) search.set(name, value);
    return `executions?${search}`;
  }

  function begin() {
    looking?.stop();
    later = [];
    shown = "";
    looking = keepLooking(async (signal) => {
      const told = await get(address(null), { signal });
      // Behind new runs, the pages that were loaded before begin elsewhere: what both have is shown once.
      first = later.length ? { executions: told.executions, next: first.next } : told;
      return show();
    }, { fastest: 2000, slowest: 12_000 });
  }

  function show() {
    const runs = [...new Map([...later.flatMap((page) => page.executions), ...first.executions].map((run) => [run.id, run])).values()];
    runs.sort((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt));
    const text = JSON.stringify(runs);
    const next = later.length ? later.at(-1).next : first.next;
    more.hidden = !next;
    if (text === shown) {
      refreshTimes(list);
      return false;
    }
    shown = text;
    list.removeAttribute("aria-busy");
    summary.textContent = runs.length ? `${count(runs.length)} shown, the latest first${next ? "; there are more" : ""}` : "";
    const focused = document.activeElement?.closest?.("tr[data-run]")?.dataset.run;
    fill(list, runs.length ? runTable(runs, !chosen.workflow) : h("div", { class: "empty" }, h("strong", {}, "No run to show"), chosen.status || chosen.workflow ? "None fits what is chosen above." : "Start one from a workflow's page."));
    if (focused) list.querySelector(`tr[data-run="${CSS.escape(focused)}"] a`)?.focus();
    return runs.some((run) => run.status === "RUNNING");
  }

  begin();
  return () => looking.stop();
}
