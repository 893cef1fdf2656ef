// What the desks' pages are made of.

import { ask as request } from "../api.js";
import { announce, openDialog, sentence } from "../dialog.js";
import { fill, h, onceAtATime, refill } from "../elements.js";

/** A page's title, a sentence below it, and what can be done at its right. */
export function head(title, lead, ...actions) {
  return h("div", { class: "page-head" },
    h("div", {}, h("h1", { tabindex: "-1" }, title), lead ? h("p", { class: "muted" }, lead) : null),
    actions.length ? h("div", { class: "actions" }, actions) : null);
}

/** The way back to a list. */
export function back(href, words) {
  return h("p", { class: "back" }, h("a", { href }, `← ${words}`));
}

export function chip(words, tone = "stopped") {
  return h("span", { class: `chip ${tone}` }, words);
}

/** [[label, value], ...] as a list of facts; a missing value is left out. */
export function facts(pairs) {
  const present = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "facts roomy" }, present.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
}

/** What a page says where there is nothing to show: what that means, and what to do. */
export function empty(what, ...advice) {
  return h("div", { class: "empty card" }, h("strong", {}, what), h("p", {}, advice));
}

export function card(title, ...content) {
  return h("section", { class: "card" }, title ? h("h2", {}, title) : null, content);
}

/** A table whose rows become cards on a narrow screen. Columns are [label, "number" or "", row => cell]. */
export function table(caption, columns, rows) {
  return h("div", { class: "card table-card desk-table" }, h("table", { class: "folding" },
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", {}, h("tr", {}, columns.map(([label, kind]) => h("th", { scope: "col", class: kind || null }, label || h("span", { class: "visually-hidden" }, "What can be done"))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, columns.map(([label, kind, cell], i) =>
      (i === 0 ? h("th", { scope: "row" }, cell(row)) : h("td", { class: kind || null, "data-label": label || null }, h("span", {}, cell(row))))))))));
}

/** Views of one page: [[words, href, whether it is this one], ...]. */
export function tabs(label, entries) {
  return h("nav", { class: "tabs", "aria-label": label }, h("ul", {}, entries.map(([words, href, current]) =>
    h("li", {}, h("a", { href, "aria-current": current ? "page" : null }, words)))));
}

/** The link to an execution's page, null where there is none. */
export function runLink(arn, words = "Open its run") {
  const parts = (arn ?? "").split(":");
  if (parts.length < 8) return null;
  return h("a", { href: `#/runs/${encodeURIComponent(parts.slice(6).join(":"))}` }, words);
}

/** 1234567 cents of COP -> "COP 12,345.67". */
export function money(cents, currency = "") {
  if (cents === null || cents === undefined) return "–";
  const amount = (cents / 100).toLocaleString("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return currency ? `${currency} ${amount}` : amount;
}

/**
 * Draw again only what has changed since the last time, and put the keyboard's focus back to where it was: elements
 * that can have it carry a `data-key`.
 */
export function drawing(root, draw) {
  let before = null;
  fill(root, h("p", { class: "muted" }, "Loading…"));
  return (data, ...more) => {
    const signature = JSON.stringify([data, more]);
    if (signature === before) return false;
    const first = before === null;
    before = signature;
    refill(root, draw(data, ...more));
    return !first;
  };
}

/** A button that changes something: it waits, says what came of it, and shows why it did not work. */
export function doing(words, { kind = "", key = words, act, done }) {
  return h("button", { type: "button", class: kind || null, "data-key": key, onclick: onceAtATime(async () => {
    try {
      const answer = await act();
      if (answer === undefined) return;
      announce(`${words}: done`);
      done?.(answer);
    } catch (problem) {
      tell("It did not work", problem.message, problem.errors);
    }
  }) }, words);
}

/** Send a change; null is a request without a body. */
export async function send(path, body = null) {
  return (await request("POST", path, body === null ? {} : { body })).body ?? {};
}

/** Send it when the button is pressed. */
export function sending(words, path, { body = null, ...more }) {
  return doing(words, { ...more, act: () => send(path, body) });
}

/** Show a message until it is closed. */
export function tell(title, words, errors = []) {
  const close = h("button", { type: "button", class: "main", onclick: () => dialog.close() }, "Close");
  const dialog = openDialog(title, h("p", {}, sentence(words)),
    errors.length ? h("ul", {}, errors.map((one) => h("li", {}, one.path ? `${one.path}: ${one.message}` : one.message))) : null,
    h("div", { class: "actions" }, close));
  close.focus();
}

/**
 * Ask for one text. `send` gets it and may throw: the reason is shown and the text can be mended.
 * @returns {Promise<any>} what `send` returned; undefined where the person thought better of it.
 */
export function ask({ title, about = "", label, button, kind = "main", required = false, value = "", long = true, send }) {
  return new Promise((resolve) => {
    const field = long ? h("textarea", { rows: "3", class: "prose", value }) : h("input", { value, autocomplete: "name" });
    field.id = "asked";
    const fault = h("p", { class: "fault", role: "alert" });
    const submit = h("button", { type: "submit", class: kind }, button);
    const form = h("form", { novalidate: true },
      about ? h("p", {}, about) : null,
      h("div", { class: "field" }, h("label", { for: "asked" }, label, required ? null : h("span", { class: "muted" }, " (may stay empty)")), field, fault),
      h("div", { class: "actions" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), submit));
    let answer;
    form.addEventListener("submit", onceAtATime(async () => {
      const text = field.value.trim();
      if (required && !text) return refuse("Please write something here.");
      try {
        answer = (await send(text)) ?? {};
        dialog.close();
      } catch (problem) {
        refuse(sentence([problem.message, ...(problem.errors ?? []).map((one) => one.message)].join(": ")));
      }
      return undefined;
    }, submit));
    function refuse(words) {
      fault.textContent = words;
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
    const dialog = openDialog(title, form);
    dialog.addEventListener("close", () => resolve(answer));
    field.focus();
  });
}
