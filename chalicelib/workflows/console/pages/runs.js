// Runs, the latest first, of one workflow or of all.

import { get } from "../api.js";
import { keepTicking } from "../desk/moments.js";
import { doing } from "../desk/pieces.js";
import { fill, h, refill } from "../elements.js";
import { keepLooking } from "../live.js";
import { paged } from "../paging.js";
import { noteInAddress } from "../router.js";
import { runTable } from "../run/table.js";
import { count, statusWords, titled } from "../words.js";

const PAGE = 100;
const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];

export const page = { path: "/runs", title: "Runs", nav: { label: "Runs", order: 2 }, render };

function render(root, _params, query) {
  const chosen = { workflow: query.workflow ?? "", status: query.status ?? "" };
  let pages = null, looking = null, shown = "";
  const list = h("div", { "aria-busy": "true" }, h("p", { class: "muted" }, "Loading…"));
  const summary = h("p", { class: "muted", role: "status" });
  const more = doing("Show more", { act: () => showMore(pages) });
  const workflow = h("select", { id: "workflow" }, h("option", { value: "" }, "All"), chosen.workflow && option(chosen.workflow));
  const status = h("select", { id: "status" }, h("option", { value: "" }, "Any"), STATUSES.map((one) => h("option", { value: one }, statusWords(one)[0])));
  workflow.value = chosen.workflow;
  status.value = chosen.status;
  fill(root,
    h("div", { class: "page-head" }, h("div", {}, h("h1", { tabindex: "-1" }, "Runs"), summary),
      h("form", { class: "filters" }, h("div", {}, h("label", { for: "workflow" }, "Workflow"), workflow), h("div", {}, h("label", { for: "status" }, "Status"), status))),
    h("div", { class: "card table-card" }, list), h("p", { class: "more" }, more));
  for (const field of [workflow, status]) {
    field.addEventListener("change", () => {
      chosen.workflow = workflow.value;
      chosen.status = status.value;
      noteInAddress(chosen);
      begin();
    });
  }

  let named = false;
  async function nameWorkflows(signal) {
    if (named) return;
    const { workflows } = await get("workflows", { signal });
    named = true;
    workflow.append(...workflows.filter((one) => one.name !== chosen.workflow).map((one) => option(one.name)));
  }

  /** Of what is chosen now; an answer that comes late is one of the pages that are not shown any more. */
  function begin() {
    looking?.stop();
    const search = new URLSearchParams({ limit: String(PAGE) });
    for (const [name, value] of Object.entries(chosen)) if (value) search.set(name, value);
    const mine = paged(async (place, signal) => {
      const told = await get(`executions?${search}${place ? `&after=${encodeURIComponent(place)}` : ""}`, { signal });
      return { entries: told.executions, next: told.next };
    }, "id");
    pages = mine;
    shown = "";
    more.hidden = true;
    looking = keepLooking(async (signal) => {
      await mine.look(signal);
      const changed = show();
      await nameWorkflows(signal);
      return changed;
    }, { fastest: 2000, slowest: 12_000 });
  }

  async function showMore(mine) {
    await mine.more();
    if (mine === pages) show();
  }

  function show() {
    const runs = pages.entries.sort((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt));
    const text = JSON.stringify(runs);
    const { next } = pages;
    if (!next && document.activeElement === more) root.querySelector("h1").focus({ preventScroll: true });
    more.hidden = !next;
    const running = runs.some((run) => run.status === "RUNNING");
    if (text === shown) return running;
    shown = text;
    list.removeAttribute("aria-busy");
    summary.textContent = runs.length ? `${count(runs.length)} shown, the latest first${next ? "; there are more" : ""}` : "";
    refill(list, runs.length ? runTable(runs, !chosen.workflow) : h("div", { class: "empty" }, h("strong", {}, "No run to show"), chosen.status || chosen.workflow ? "None fits what is chosen above." : "Start one from a workflow's page."));
    return running;
  }

  begin();
  const still = keepTicking(list);
  return () => { looking.stop(); still(); };
}

function option(name) {
  return h("option", { value: name }, titled(name));
}
