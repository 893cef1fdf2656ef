// Runs in a table that becomes cards where it is narrow.

import { h } from "../elements.js";
import { link } from "../router.js";
import { ago, took } from "../time.js";
import { statusWords, titled } from "../words.js";

/** A table of runs; with their workflow where `withWorkflow`. */
export function runTable(runs, withWorkflow = false) {
  const names = ["Status", "Run", withWorkflow && "Workflow", "Began", "Took"].filter(Boolean);
  return h("table", { class: "folding runs" },
    h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col", class: name === "Took" ? "number" : null }, name)))),
    h("tbody", {}, runs.map((run) => runRow(run, withWorkflow))));
}

export function runRow(run, withWorkflow) {
  const [words, tone] = statusWords(run.status);
  return h("tr", { "data-run": run.id },
    h("td", {}, h("span", { class: `chip ${tone}` }, words), run.redrives > 0 && h("span", { class: "muted redriven" }, `redriven ${run.redrives === 1 ? "once" : `${run.redrives} times`}`)),
    h("td", { "data-label": "Run", class: "name" }, h("a", { href: link("/runs/:id", { id: run.id }) }, run.name)),
    withWorkflow && h("td", { "data-label": "Workflow" }, titled(run.workflow)),
    h("td", { "data-label": "Began" }, ago(run.startedAt)),
    h("td", { "data-label": "Took", class: "number" }, took(run)));
}
