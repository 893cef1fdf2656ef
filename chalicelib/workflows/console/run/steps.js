// All steps of a run as a list, the way to every one of them without the graph; long runs a part at a time.

import { fill, h } from "../elements.js";
import { count, duration, spoken } from "../words.js";

const SHOWN = 60;
const WORDS = { running: "running", succeeded: "done", caught: "failed, went on another way", failed: "failed", stopped: "stopped" };

export function stepList(root, choose) {
  let shown = SHOWN, last = null;
  const list = h("ol", { class: "steps" });
  const earlier = h("button", { type: "button", class: "small", hidden: true, onclick: () => { shown += 500; draw(...last); } });
  fill(root, h("h2", {}, "All steps"), earlier, list);

  function draw(visits, chosen) {
    last = [visits, chosen];
    const part = visits.slice(-shown);
    const focused = document.activeElement?.dataset?.visit;
    earlier.hidden = part.length === visits.length;
    earlier.textContent = `Show earlier steps (${count(visits.length - part.length)})`;
    fill(list, part.length ? part.map((visit) => row(visit, visit.id === chosen, choose)) : h("li", { class: "muted" }, "Nothing has happened yet."));
    if (focused) list.querySelector(`[data-visit="${focused}"]`)?.focus();
  }

  return { draw };
}

function row(visit, chosen, choose) {
  const took = visit.exitedAt ? duration((Date.parse(visit.exitedAt) - Date.parse(visit.enteredAt)) / 1000) : "";
  return h("li", {}, h("button", { type: "button", class: `step-row ${visit.status}`, "data-visit": visit.id, "aria-current": chosen ? "step" : null, onclick: () => choose(visit.id) },
    h("span", { class: "step-lamp", "aria-hidden": "true" }),
    h("span", { class: "step-name" }, spoken(visit.state), visit.iteration !== null && h("span", { class: "muted" }, ` · item ${visit.iteration + 1}`)),
    h("span", { class: "muted step-took" }, visit.status === "succeeded" ? took : `${WORDS[visit.status]}${took ? ` · ${took}` : ""}`)));
}
