// The server's clock, which locally may be days ahead of ours; and times on the page that stay true while it is open.

import { h } from "./elements.js";
import { absoluteWithZone, duration, relative } from "./words.js";

let ahead = 0;

/** Learn the server's time from an answer's Date, which has whole seconds: the middle of it is meant. */
export function noteDate(text) {
  const told = Date.parse(text ?? "");
  if (!Number.isNaN(told) && Math.abs(told + 500 - now()) > 1000) ahead = told + 500 - Date.now();
}

/** Milliseconds, by the server's clock. */
export function now() {
  return Date.now() + ahead;
}

/** An element such as "5 min ago", with the whole time in its title. */
export function ago(time) {
  if (!time) return h("span", {}, "–");
  return h("time", { datetime: time, title: absoluteWithZone(time), "data-ago": true }, relative(time, now()));
}

/** How long something took, or has taken so far. */
export function took({ startedAt, stoppedAt }) {
  const seconds = ((stoppedAt ? Date.parse(stoppedAt) : now()) - Date.parse(startedAt)) / 1000;
  return h("span", { "data-since": stoppedAt ? null : startedAt }, duration(seconds));
}

/** Bring all of them up to date. */
export function refreshTimes(root) {
  for (const element of root.querySelectorAll("[data-since]")) element.textContent = duration((now() - Date.parse(element.dataset.since)) / 1000);
  for (const element of root.querySelectorAll("time[data-ago]")) {
    const text = relative(element.dateTime, now());
    if (element.textContent !== text) element.textContent = text;
  }
}
