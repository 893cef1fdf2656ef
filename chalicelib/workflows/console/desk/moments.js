// Times as people read them: how long ago or until then, and the date beside it; they go on by themselves.

import { h } from "../elements.js";
import { ago, now, refreshTimes } from "../time.js";
import { absolute } from "../words.js";

/** A time: "5 min ago". The date is in its title, or beside it where `dated`. */
export function moment(time, { dated = false } = {}) {
  if (!time) return "–";
  const at = asTime(time);
  const element = ago(at.toISOString());
  return dated ? h("span", { class: "dated" }, element, " ", h("span", { class: "muted" }, absolute(at))) : element;
}

/** A deadline with how much of its time has gone: a text and a bar. */
export function deadline(from, until) {
  const bar = h("span", { class: "gone", "data-from": asTime(from).getTime(), "data-until": asTime(until).getTime() }, h("span", {}));
  const said = h("p", { class: "deadline" }, h("span", {}, "Time ends ", moment(until)), h("span", { class: "muted" }, absolute(asTime(until))));
  const both = h("div", { class: "clock" }, said, bar);
  tick(both);
  return both;
}

/** Let every time below `root` go on; returns how to stop. */
export function keepTicking(root) {
  const timer = setInterval(() => { if (!document.hidden) tick(root); }, 1000);
  return () => clearInterval(timer);
}

/** ISO text, or seconds since 1970 as Slack writes them. */
export function asTime(time) {
  return typeof time === "number" ? new Date(time * 1000) : new Date(time);
}

function tick(root) {
  refreshTimes(root);
  for (const bar of root.querySelectorAll(".gone")) {
    const from = Number(bar.dataset.from), until = Number(bar.dataset.until);
    const share = Math.min(1, Math.max(0, (now() - from) / (until - from)));
    bar.firstChild.style.width = `${(share * 100).toFixed(1)}%`;
    bar.classList.toggle("late", share > 0.9);
  }
}
