// Block Kit as elements, with buttons and choosers that work: https://docs.slack.dev/reference/block-kit/blocks

import { h } from "../elements.js";
import { marked, plain } from "./text.js";

/** The blocks of a message, or its text where it has none. `press(actionId, value)` is called by what is pressed. */
export function blocksOf(message, people, press) {
  if (!message.blocks?.length) return [h("p", {}, marked(message.text ?? "", people))];
  return message.blocks.map((block) => drawn(block, people, (element) => control(element, message.ts, people, press)));
}

/** A modal's fields, each `{ element, block_id, value() }`. */
export function fieldsOf(view, people) {
  return view.blocks.map((block) => (block.type === "input" ? field(block, view.id, people)
    : { element: drawn(block, people, () => null), block_id: null }));
}

export function words(text, people) {
  if (!text) return null;
  return text.type === "mrkdwn" ? marked(text.text, people) : plain(text.text ?? text);
}

function drawn(block, people, draw) {
  switch (block.type) {
    case "header": return h("h3", {}, words(block.text, people));
    case "divider": return h("hr", {});
    case "context": return h("p", { class: "muted context" }, block.elements.map((one) => words(one, people)));
    case "actions": return h("div", { class: "actions" }, block.elements.map(draw));
    case "section": return h("div", { class: "section" },
      h("div", {}, block.text ? h("p", {}, words(block.text, people)) : null,
        block.fields ? h("div", { class: "slack-fields" }, block.fields.map((one) => h("p", {}, words(one, people)))) : null),
      block.accessory ? draw(block.accessory) : null);
    default: return h("p", { class: "muted" }, `(a part of kind ${block.type})`);
  }
}

function control(element, ts, people, press) {
  const key = `${ts} ${element.action_id} ${element.value ?? ""}`;
  if (element.type === "button") {
    const kind = { primary: "main", danger: "danger" }[element.style] ?? "";
    return h("button", { type: "button", class: `small ${kind}`, "data-key": key, onclick: (event) => confirmed(element, () => press(element.action_id, element.value ?? null, event.currentTarget)) }, words(element.text, people));
  }
  const options = element.options ?? Object.entries(people).map(([value, name]) => ({ value, text: name }));
  const label = words(element.placeholder, people) ?? "Choose";
  const chooser = h("select", { "aria-label": label, "data-key": key }, h("option", { value: "" }, label), options.map((one) => h("option", { value: one.value }, words(one.text, people))));
  chooser.addEventListener("change", () => { if (chooser.value) press(element.action_id, chooser.value, chooser); });
  return chooser;
}

function confirmed(element, go) {
  if (!element.confirm || window.confirm(`${plain(element.confirm.title.text)}\n${plain(element.confirm.text.text)}`)) go();
}

function field(block, viewId, people) {
  const { element, block_id } = block;
  const id = `${viewId}-${block_id}`;
  const options = element.options ?? Object.entries(people).map(([value, name]) => ({ value, text: name }));
  const initial = element.initial_value ?? element.initial_option?.value ?? "";
  const input = element.type === "plain_text_input"
    ? h(element.multiline ? "textarea" : "input", { id, value: initial, maxlength: element.max_length ?? null, rows: element.multiline ? "3" : null, class: "prose" })
    : h("select", { id, value: initial }, options.map((one) => h("option", { value: one.value }, words(one.text, people))));
  if (initial) input.value = initial;
  return {
    block_id,
    optional: block.optional === true,
    input,
    value: () => input.value,
    element: h("div", { class: "field" }, h("label", { for: id }, words(block.label, people), block.optional ? h("span", { class: "muted" }, " (may stay empty)") : null), input,
      block.hint ? h("p", { class: "muted" }, words(block.hint, people)) : null),
  };
}
