// Dialogs that ask before something is done: why, and with which input.

import { openDialog, sentence } from "../dialog.js";
import { h, onceAtATime } from "../elements.js";

/**
 * Ask for a reason (and an input). `act` gets { reason, input } and may throw a Problem, which is shown in the dialog.
 * @param asks { title, about, button, danger, reason: false where none is kept, input: a value to edit }
 */
export function ask(asks, act) {
  const fault = h("p", { class: "fault", role: "alert" });
  const reason = h("input", { id: "reason", name: "reason", maxlength: "1000", autocomplete: "off" });
  const input = h("textarea", { id: "input", rows: "12", spellcheck: "false", value: asks.input === undefined ? "" : JSON.stringify(asks.input, null, 2) });
  const go = h("button", { type: "submit", class: asks.danger ? "danger" : "main" }, asks.button);
  const form = h("form", { novalidate: true },
    h("p", { class: "muted" }, asks.about),
    asks.input !== undefined && h("div", { class: "field" }, h("label", { for: "input" }, "Input (JSON)"), input),
    asks.reason !== false && h("div", { class: "field" }, h("label", { for: "reason" }, "Reason, for those who read about it later"), reason),
    fault,
    h("div", { class: "actions" }, h("button", { type: "button", onclick: () => dialog.close() }, "Not now"), go));
  form.addEventListener("submit", onceAtATime(async () => {
    const given = { reason: reason.value.trim() };
    if (asks.reason !== false && given.reason.length < 3) return complain(fault, reason, "Say why, in three letters or more.");
    if (asks.input !== undefined) {
      try {
        given.input = JSON.parse(input.value);
      } catch (error) {
        return complain(fault, input, `The input is no JSON: ${error.message}.`);
      }
      if (given.input === null || typeof given.input !== "object" || Array.isArray(given.input)) return complain(fault, input, "The input must be an object, such as {}.");
    }
    try {
      await act(given);
      dialog.close();
    } catch (problem) {
      const places = (problem.errors ?? []).map((one) => `${one.path} ${one.message}`).join("; ");
      complain(fault, null, sentence(`${problem.message}${places ? `: ${places}` : ""}`));
    }
    return undefined;
  }, go));
  const dialog = openDialog(asks.title, form);
  if (asks.input === undefined) return reason.focus();
  input.setSelectionRange(0, 0); // at its beginning, not its end
  return input.focus();
}

function complain(fault, field, text) {
  fault.textContent = text;
  field?.setAttribute("aria-invalid", "true");
  field?.focus();
}
