// The laptop's faults: let a step fail on purpose, once.

import { get, post } from "../api.js";
import { card, drawing, head, runLink, sending } from "../desk/pieces.js";
import { announce } from "../dialog.js";
import { laptopTabs } from "../desk/laptop.js";
import { fill, h } from "../elements.js";
import { keepLooking } from "../live.js";
import { spoken, titled } from "../words.js";

export const page = { path: "/laptop/faults", title: "Faults", nav: null, under: "/laptop", render };

const PATH = "_localcloud/faults";
const NAMED = ["fails", "loses-answer"];

function render(root) {
  let seen = null;
  const machine = h("select", { id: "machine" });
  const state = h("select", { id: "state" });
  const kind = h("select", { id: "kind" });
  const error = h("input", { id: "error", autocomplete: "off", spellcheck: "false", placeholder: "Lambda.Unknown" });
  const seconds = h("input", { id: "seconds", type: "number", min: "1", max: "86400", value: "60" });
  const fault = h("p", { class: "fault", role: "alert" });
  const field = (label, input) => h("div", {}, h("label", { for: input.id }, label), input);
  const errorField = field("Name of the error", error), secondsField = field("Seconds late", seconds);
  const form = h("form", { class: "wish" }, field("Workflow", machine), field("Step", state), field("Its next attempt", kind), errorField, secondsField,
    h("button", { type: "submit", class: "main" }, "Plan it"), fault);
  const plans = h("div", { class: "stack" });
  fill(root, head("This laptop", "Let the next attempt of a step go wrong, and see what becomes of the run."), laptopTabs("/laptop/faults"),
    h("div", { class: "card" }, form), plans);

  function states() {
    const chosen = seen.machines.find((one) => one.name === machine.value);
    fill(state, (chosen?.states ?? []).map((name) => h("option", { value: name }, spoken(name))));
  }
  function more() {
    errorField.hidden = !NAMED.includes(kind.value);
    secondsField.hidden = kind.value !== "slow";
  }
  machine.addEventListener("change", states);
  kind.addEventListener("change", more);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.textContent = "";
    const wish = { machine: machine.value, state: state.value, kind: kind.value };
    if (NAMED.includes(wish.kind) && error.value.trim()) wish.error = error.value.trim();
    if (wish.kind === "slow") wish.seconds = Number(seconds.value);
    try {
      draw(await post(PATH, wish));
      looking.now();
      announce("Planned");
    } catch (problem) {
      fault.textContent = problem.message;
    }
  });

  const draw = drawing(plans, ({ planned, happened }) => [
    card("Still to come", planned.length ? [h("ul", { class: "plain" }, planned.map((one) => h("li", {}, sentence(one)))),
      h("div", { class: "actions after" }, sending("Take them all back", `${PATH}/clear`, { key: "clear", body: {}, done: (told) => { draw(told); looking.now(); } }))]
      : h("p", { class: "muted" }, "Nothing is planned: every step does its work. Choose one above.")),
    happened.length ? card("Has happened", h("ul", { class: "plain" }, happened.map((one) => h("li", {}, sentence(one), " ", runLink(one.executionArn))))) : null,
  ]);
  const looking = keepLooking(async (signal) => {
    seen = await get(PATH, { signal });
    if (!machine.options.length) {
      fill(machine, seen.machines.filter((one) => one.states.length).map((one) => h("option", { value: one.name }, titled(one.name))));
      fill(kind, seen.kinds.map((one) => h("option", { value: one.kind }, one.words)));
      states();
      more();
    }
    return draw({ planned: seen.planned, happened: seen.happened });
  }, { fastest: 2000 });
  return looking.stop;
}

function sentence(one) {
  return [h("strong", {}, spoken(one.state)), ` of ${titled(one.machine).toLowerCase()} ${one.words}`];
}
