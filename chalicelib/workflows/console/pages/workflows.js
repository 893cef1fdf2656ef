// The workflows: how each has been doing lately.

import { get } from "../api.js";
import { keepTicking } from "../desk/moments.js";
import { fill, h, refill } from "../elements.js";
import { keepLooking } from "../live.js";
import { link } from "../router.js";
import { ago } from "../time.js";
import { count, dollars, duration, percent, statusWords, titled } from "../words.js";

const PURPOSE = {
  "sme-matching": "Names the three experts most likely to solve a support ticket",
  "upload-processor": "Turns a store's upload into clean daily sales",
  "daily-analysis": "Tells every morning what sold, what is unusual, what to do",
  "opportunity-analysis": "Compares a sales opportunity with past ones",
  "funding-analysis": "Finds the funding that fits an opportunity",
  "follow-on-analysis": "Suggests what to sell next to a customer",
  "campaign-execution": "Runs a call campaign to its end",
  "emergency-workflow": "Takes a panic button to authorities and owner",
  "business-workflow": "Checks, approves, bills and activates a fleet contract",
};

export const page = { path: "/", title: "Workflows", nav: { label: "Workflows", order: 1 }, render };

function render(root) {
  const cards = h("div", { class: "workflow-grid", "aria-busy": "true" }, h("p", { class: "muted" }, "Loading…"));
  fill(root, h("div", { class: "page-head" }, h("div", {}, h("h1", { tabindex: "-1" }, "Workflows"), h("p", { class: "muted" }, "How the latest 100 runs of each went"))), cards);
  let before = "";
  const looking = keepLooking(async (signal) => {
    const { workflows } = await get("workflow-figures", { signal });
    const text = JSON.stringify(workflows);
    if (text !== before) {
      refill(cards, workflows.length ? workflows.map(card) : h("div", { class: "empty card" }, h("strong", {}, "No workflow is deployed"), "Deploy the application, or look whether the token is for the right stage."));
      cards.removeAttribute("aria-busy");
    }
    const changed = text !== before;
    before = text;
    return changed && workflows.some((one) => one.running);
  }, { fastest: 2500, slowest: 15_000 });
  const still = keepTicking(cards);
  return () => { looking.stop(); still(); };
}

function card(figures) {
  const fact = (name, value, title) => h("div", { title }, h("dt", {}, name), h("dd", {}, value));
  const address = link("/workflows/:name", { name: figures.name });
  return h("article", { class: "card workflow", "aria-label": titled(figures.name) },
    h("div", { class: "card-head" },
      h("h2", {}, h("a", { href: address }, titled(figures.name))),
      figures.running > 0 && h("span", { class: "chip running" }, `${figures.running} running`)),
    PURPOSE[figures.name] && h("p", { class: "muted purpose" }, PURPOSE[figures.name]),
    figures.runs ? h("dl", { class: "facts" },
      fact("Succeeded", percent(figures.successRate), `${figures.succeeded} of ${figures.succeeded + figures.failed} that ended`),
      fact("Usual time", duration(figures.p50Seconds), "Half of the runs that succeeded were faster"),
      fact("Slow ones", duration(figures.p95Seconds), "95 of 100 runs that succeeded were faster"),
      fact("Cost a run", dollars(figures.costDollars), figures.transitions === null ? "" : `About ${figures.transitions} steps; Step Functions and Lambda at list prices`)) : h("p", { class: "muted" }, "It has not run yet."),
    figures.runs > 0 && lastRuns(figures, address));
}

/** The latest runs as lamps, the newest first, each a link. */
function lastRuns(figures, address) {
  return h("div", { class: "last-runs" },
    h("ul", { class: "lamps", "aria-label": "Latest runs, the newest first" }, figures.lastRuns.map((run) => {
      const [words, tone] = statusWords(run.status);
      return h("li", {}, h("a", { class: `lamp-link ${tone}`, href: link("/runs/:id", { id: run.id }), "aria-label": `${words}, ${run.name}`, title: `${words}: ${run.name}` }));
    })),
    h("span", { class: "muted" }, "", ago(figures.lastRuns[0].startedAt)),
    h("a", { href: link("/runs", {}, { workflow: figures.name }) }, figures.more ? "100+" : `All ${count(figures.runs)}`, h("span", { class: "visually-hidden" }, ` runs of ${titled(figures.name)}`)));
}
