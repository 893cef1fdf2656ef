// One workflow: how it does, what it looks like, its latest runs; and a way to start it.

import { get, post, segment } from "../api.js";
import { following } from "../desk/following.js";
import { fill, h, refill } from "../elements.js";
import { readDefinition, statesOf } from "../graph/definition.js";
import { drawGraph } from "../graph/drawing.js";
import { layOut } from "../graph/layout.js";
import { movable } from "../graph/moving.js";
import { link } from "../router.js";
import { ask } from "../run/asking.js";
import { runTable } from "../run/table.js";
import { dollars, duration, percent, spoken, titled } from "../words.js";

export const page = { path: "/workflows/:name", title: "Workflow", nav: null, under: "/", render };

function render(root, { name }) {
  document.title = `${titled(name)} · Signalbox`;
  const figures = h("section", { class: "card", "aria-label": "Figures" }, h("p", { class: "muted" }, "Loading…"));
  const graph = h("section", { class: "card graph-card", "aria-label": "States" }, h("h2", {}, "What it does"));
  const runs = h("section", { class: "card", "aria-label": "Latest runs" });
  const about = h("p", { class: "muted" });
  const start = h("button", { type: "button", class: "main" }, "Start a run");
  fill(root,
    h("div", { class: "page-head" },
      h("div", {}, h("p", { class: "crumbs" }, h("a", { href: "#/" }, "Workflows")), h("h1", { tabindex: "-1" }, titled(name)), about),
      h("div", { class: "actions" }, h("a", { class: "button", href: link("/runs", {}, { workflow: name }) }, "All runs"), start)),
    h("div", { class: "two" }, graph, h("div", { class: "stack" }, figures, runs)));
  let drawn = false, shown = "";
  let latest = null;
  start.addEventListener("click", () => ask({
    title: `Start ${titled(name)}`, about: "The workflow checks its input; what is wrong with it is said in the run.", button: "Start", reason: false,
    input: latest ?? {},
  }, async ({ input }) => {
    const run = await post(`workflows/${segment(name)}/executions`, { input });
    location.hash = link("/runs/:id", { id: run.id });
  }));
  const looking = following(root, "workflow", async (signal) => {
    if (!drawn) {
      const { definition } = await get(`workflows/${segment(name)}`, { signal });
      about.textContent = definition.Comment ?? "";
      draw(graph, definition);
      drawn = true;
    }
    const told = await get(`workflows/${segment(name)}/figures`, { signal });
    const text = JSON.stringify(told);
    if (text === shown) return told.running > 0;
    shown = text;
    fill(figures, factsOf(told));
    refill(runs, h("h2", {}, "Latest runs"), told.lastRuns.length ? runTable(told.lastRuns) : h("p", { class: "muted" }, "It has not run yet."));
    if (latest === null && told.lastRuns.length) latest = (await get(`executions/${segment(told.lastRuns[0].id)}`, { signal })).input;
    return told.running > 0;
  }, { fastest: 1500, slowest: 15_000 });
  return looking.stop;
}

function draw(card, definition) {
  const states = statesOf(definition);
  const said = h("p", { class: "muted state-comment", "aria-live": "polite" }, "Choose a state to read what it is for.");
  const graph = drawGraph(layOut(readDefinition(definition)), (name) => {
    graph.mark(name);
    fill(said, h("strong", {}, spoken(name)), ` ${states.get(name)?.Comment ?? ""}`);
  });
  const moving = movable(graph);
  fill(card, h("div", { class: "card-head" }, h("h2", {}, "What it does"), moving.buttons), moving.view, said);
  moving.start();
}

function factsOf(figures) {
  const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
  return h("dl", { class: "facts" },
    fact("Runs looked at", figures.more ? `latest ${figures.runs}` : figures.runs),
    fact("Running", figures.running),
    fact("Succeeded", percent(figures.successRate)),
    fact("Usual time", duration(figures.p50Seconds)),
    fact("95 of 100 within", duration(figures.p95Seconds)),
    fact("Cost a run", dollars(figures.costDollars)),
    figures.transitions !== null && fact("Steps a run", figures.transitions));
}
