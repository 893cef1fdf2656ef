// One run: its states as a graph and over time, one of them in detail, and what can be done about it.

import { get, segment } from "../api.js";
import { announce } from "../dialog.js";
import { fill, h, refill } from "../elements.js";
import { readDefinition, statesOf } from "../graph/definition.js";
import { drawGraph } from "../graph/drawing.js";
import { layOut } from "../graph/layout.js";
import { movable } from "../graph/moving.js";
import { keepLooking } from "../live.js";
import { link, noteInAddress } from "../router.js";
import { runActions, stepActions } from "../run/actions.js";
import { makeProgress } from "../run/progress.js";
import { saidBy, showStep } from "../run/step.js";
import { stepList } from "../run/steps.js";
import { timeline } from "../run/timeline.js";
import { ago, now, refreshTimes } from "../time.js";
import { count, duration, spoken, statusWords, titled } from "../words.js";

export const page = { path: "/runs/:id", title: "Run", nav: null, under: "/runs", render };

function render(root, { id }, query) {
  const [workflow, ...rest] = id.split(":");
  const name = rest.join(":");
  document.title = `${name} · Signalbox`;
  const parts = {
    status: h("span", { class: "chip" }, "Loading"),
    facts: h("p", { class: "muted run-facts" }),
    actions: h("div", { class: "actions" }),
    error: h("div", {}),
    graph: h("section", { class: "card graph-card", "aria-label": "Graph" }, h("h2", {}, "States")),
    time: h("section", { class: "card", "aria-label": "Over time" }),
    step: h("section", { class: "card step", "aria-labelledby": "step-title" }, h("h2", { id: "step-title" }, "A state in detail"), h("p", { class: "muted" }, "Choose a state in the graph, over time or in the list.")),
    list: h("section", { class: "card", "aria-label": "All steps" }),
  };
  fill(root,
    h("div", { class: "page-head" },
      h("div", {},
        h("p", { class: "crumbs" }, h("a", { href: "#/" }, "Workflows"), " › ", h("a", { href: link("/workflows/:name", { name: workflow }) }, titled(workflow))),
        h("h1", { tabindex: "-1", class: "run-name" }, name),
        h("p", { class: "run-line" }, parts.status, parts.facts)),
      parts.actions),
    parts.error,
    h("div", { class: "two run" }, h("div", { class: "stack" }, parts.graph, parts.list), h("div", { class: "stack" }, parts.time, parts.step)));

  const progress = makeProgress();
  const bars = h("div", {});
  const chart = timeline(bars, choose);
  fill(parts.time, h("h2", {}, "Over time"), bars);
  const steps = stepList(parts.list, choose);
  let graph = null, moving = null, states = new Map(), chosen = null, awaited = null, leaveStep = () => {}, lastStatus = null, defined = false;

  async function readDefinitionOnce(signal) {
    if (defined) return;
    try {
      const { definition } = await get(`workflows/${segment(workflow)}`, { signal });
      defined = true;
      states = statesOf(definition);
      graph = drawGraph(layOut(readDefinition(definition)), (state) => chooseState(state));
      moving = movable(graph);
      fill(parts.graph, h("div", { class: "card-head" }, h("h2", {}, "States"), moving.buttons), moving.view);
      moving.start();
    } catch (problem) {
      if (problem.status !== 404) throw problem; // asked for again
      defined = true;
      fill(parts.graph, h("h2", {}, "States"), h("p", { class: "muted" }, `The definition cannot be shown: ${problem.message}.`));
    }
  }

  const looking = keepLooking(async (signal) => {
    let answer;
    try {
      [answer] = await Promise.all([get(`executions/${segment(id)}/states?${progress.query}`, { signal }), readDefinitionOnce(signal)]);
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      fill(root, h("h1", { tabindex: "-1" }, "No such run"), h("p", {}, `${problem.message}. `, h("a", { href: "#/runs" }, "See all runs")));
      return "end";
    }
    const fresh = progress.take(answer);
    if (fresh) show();
    else tick();
    return fresh ? true : progress.execution?.status === "RUNNING" ? false : "end";
  });

  function show() {
    const execution = progress.execution;
    if (!execution) return;
    const visits = progress.visits;
    if (execution.status !== lastStatus) {
      if (lastStatus) announce(`The run: ${statusWords(execution.status)[0]}`);
      lastStatus = execution.status;
      refill(parts.actions, runActions(execution, visits, looking.now));
    }
    tick();
    refill(parts.error, execution.explanation && errorOf(execution, visits, choose));
    graph?.colour(progress.tellings());
    steps.draw(visits, chosen);
    if (awaited !== null && progress.visitsOf(awaited).length) chooseState(awaited);
    else if (chosen === null && visits.length) first(visits, execution);
    else if (chosen !== null) again();
  }

  function tick() {
    const execution = progress.execution;
    if (!execution) return;
    const [words, tone] = statusWords(execution.status);
    parts.status.className = `chip ${tone}`;
    parts.status.textContent = words;
    const end = execution.stoppedAt ? Date.parse(execution.stoppedAt) : now();
    fill(parts.facts, "began ", ago(execution.startedAt), ` · took ${duration((end - Date.parse(execution.startedAt)) / 1000)}${execution.stoppedAt ? "" : " so far"} · ${count(progress.visits.length)} steps`, execution.redrives > 0 && ` · redriven ${execution.redrives === 1 ? "once" : `${execution.redrives} times`}`);
    refreshTimes(root);
    chart.draw(progress.visits, chosen, end);
  }

  /** What to show unasked: the state named in the address, the one that failed, the one that runs. */
  function first(visits, execution) {
    const asked = visits.findLast((visit) => String(visit.id) === query.step);
    const failed = visits.findLast((visit) => visit.status === "failed" && visit.type !== "Parallel" && visit.type !== "Map");
    const running = visits.findLast((visit) => visit.status === "running");
    const best = asked ?? (["FAILED", "TIMED_OUT"].includes(execution.status) ? failed : null) ?? running;
    if (best) choose(best.id, false);
  }

  function chooseState(state) {
    const visits = progress.visitsOf(state);
    const best = visits.findLast((visit) => visit.status === "failed") ?? visits.at(-1);
    if (best) return choose(best.id);
    leaveStep();
    chosen = -1;
    awaited = state; // shown as soon as it is reached
    graph.mark(state);
    fill(parts.step, h("div", { class: "card-head" }, h("h2", { id: "step-title" }, spoken(state)), h("span", { class: "chip" }, "Not reached")), h("p", { class: "muted" }, states.get(state)?.Comment ?? ""));
    return announce(`${spoken(state)}: not reached`);
  }

  let told = "";
  function choose(visitId, byHand = true) {
    const visit = progress.visit(visitId);
    if (!visit) return;
    chosen = visitId;
    awaited = null;
    told = JSON.stringify(visit);
    leaveStep();
    leaveStep = showStep(parts.step, id, visit, {
      visits: progress.visitsOf(visit.state), definition: states.get(visit.state), choose,
      actions: (detail) => stepActions(progress.execution, detail),
    });
    graph?.mark(visit.state);
    moving?.reveal(visit.state);
    steps.draw(progress.visits, chosen);
    chart.draw(progress.visits, chosen, progress.execution?.stoppedAt ? Date.parse(progress.execution.stoppedAt) : now());
    if (!byHand) return;
    noteInAddress({ step: String(visitId) });
    announce(`${spoken(visit.state)} is shown in detail`);
    if (matchMedia("(max-width: 1000px)").matches) parts.step.scrollIntoView({ block: "start" });
  }

  /** What is shown in detail has gone on. */
  function again() {
    const visit = progress.visit(chosen);
    if (visit && JSON.stringify(visit) !== told) choose(chosen, false);
  }

  return () => {
    looking.stop();
    leaveStep();
    chart.stop();
  };
}

function errorOf(execution, visits, choose) {
  const { what, said, advice } = execution.explanation;
  const at = visits.findLast((visit) => visit.status === "failed" && visit.type !== "Parallel" && visit.type !== "Map");
  const stopped = execution.status === "ABORTED";
  return h("div", { class: `notice ${stopped ? "" : "bad"} run-error` },
    h("p", {}, h("strong", {}, stopped ? "It was stopped." : at ? `It failed at “${spoken(at.state)}”. ${what}` : what)),
    said && saidBy(stopped ? `Reason: ${said}` : said),
    !stopped && advice && h("p", {}, advice),
    h("p", { class: "error-name" }, execution.error && ["Error name: ", h("code", {}, execution.error)], at && !stopped && [" ", h("button", { type: "button", class: "small", "data-key": "show this state", onclick: () => choose(at.id) }, "Show this state")]));
}
