// Asks for a token and tries it before it is kept.

import { ask } from "../api.js";
import { sentence } from "../dialog.js";
import { fill, h, onceAtATime } from "../elements.js";

/** Show the form; `accepted` gets a token that the API knows. */
export function renderSignIn(root, reason, accepted) {
  const field = h("input", { id: "token", name: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true, "aria-describedby": "token-help token-fault" });
  const fault = h("p", { id: "token-fault", class: "fault", role: "alert" }, sentence(reason));
  const button = h("button", { type: "submit", class: "main" }, "Sign in");
  const form = h("form", { class: "sign-in card", novalidate: true },
    h("h1", { tabindex: "-1" }, "Sign in"),
    h("label", { for: "token" }, "Access token"),
    field,
    fault,
    button,
    h("p", { id: "token-help", class: "muted" }, "A token begins with ", h("code", {}, "sbx_"),
      ". Locally, ", h("code", {}, "make run"), " prints a link that brings it along; on AWS, ask whoever runs Signalbox."));
  form.addEventListener("submit", onceAtATime(async () => {
    const given = field.value.trim().replace(/^Bearer\s+/i, "");
    if (!given) return complain(fault, field, "Paste a token first.");
    try {
      await ask("GET", "workflows", { as: given });
      accepted(given);
    } catch (problem) {
      complain(fault, field, problem.status === 401 ? `This token does not open the door: ${problem.message}.` : sentence(problem.message));
    }
    return undefined;
  }, button));
  fill(root, form);
  field.focus();
  return () => {};
}

function complain(fault, field, text) {
  fault.textContent = text;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}
