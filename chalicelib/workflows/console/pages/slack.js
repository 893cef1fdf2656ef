// The laptop's Slack: what was said, by channel, and to be one of the people in it.

import { get, post } from "../api.js";
import { drawing, empty, head } from "../desk/pieces.js";
import { announce, openDialog } from "../dialog.js";
import { keepTicking, moment } from "../desk/moments.js";
import { laptopTabs } from "../desk/laptop.js";
import { fill, h, onceAtATime } from "../elements.js";
import { keepLooking } from "../live.js";
import { blocksOf, fieldsOf, words } from "../slack/blocks.js";
import { plain } from "../slack/text.js";

export const page = { path: "/laptop/slack", title: "Slack", nav: null, under: "/laptop", render };

const ME = "signalbox.slack-person";

function render(root) {
  let person = sessionStorage.getItem(ME) ?? "U0PERSON";
  const people = h("select", { id: "person" });
  const command = h("input", { id: "command", autocomplete: "off", spellcheck: "false", placeholder: "/workflow list" });
  const said = h("p", { class: "fault", role: "alert" });
  const form = h("form", { class: "command" },
    h("div", {}, h("label", { for: "person" }, "You are"), people),
    h("div", { class: "grows" }, h("label", { for: "command" }, "Type a command"), command),
    h("button", { type: "submit", class: "main" }, "Send"));
  const messages = h("div", { class: "stack", "aria-live": "polite" });
  fill(root, head("This laptop", "What goes to Slack stays here. Its buttons work; be anybody."), laptopTabs("/laptop/slack"),
    h("div", { class: "card" }, form, said), messages);

  async function act(deed, what) {
    said.textContent = "";
    try {
      const answer = await post(`_localcloud/slack/${deed}`, { as: person, ...what });
      if (answer.status >= 400) said.textContent = `Signalbox refused it: ${answer.body || answer.status}`;
      const errors = answer.body ? parsed(answer.body)?.errors : null;
      looking.now();
      return errors ?? null;
    } catch (problem) {
      said.textContent = problem.message;
      return { "": problem.message };
    }
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = command.value.trim();
    if (!text.startsWith("/")) return fill(said, "A command begins with a slash, such as /workflow list.");
    if (!(await act("command", { text }))) command.value = "";
    return undefined;
  });
  people.addEventListener("change", () => {
    person = people.value;
    sessionStorage.setItem(ME, person);
    looking.now();
  });

  const draw = drawing(messages, (seen) => {
    if (!people.options.length) {
      people.append(...Object.entries(seen.people).map(([id, name]) => h("option", { value: id }, name)));
      people.value = person;
    }
    if (!seen.messages.length) {
      return empty("Nobody has said anything yet", "Type ", h("code", {}, "/workflow list"), " above, or start a workflow that asks people, such as a contract of 75 vehicles.");
    }
    return Object.entries(byChannel(seen)).map(([name, list]) => h("section", { class: "card channel" }, h("h2", {}, name.startsWith("@") ? name : `# ${name}`),
      h("ol", { class: "messages" }, list.map((message) => messageOf(message, seen.people)))));
  });
  function messageOf(message, names) {
    const press = (action_id, value, control) => onceAtATime(async () => {
      await act("press", { ts: message.ts, action_id, ...(value === null ? {} : { value }) });
      announce("Pressed");
    }, control)();
    return h("li", { class: message.thread_ts ? "message reply" : "message" },
      h("p", { class: "by" }, h("strong", {}, "Signalbox"), h("span", { class: "muted" }, moment(Number(message.ts)), message.edited ? ", changed since" : "",
        message.ephemeral_for ? `, seen by ${names[message.ephemeral_for] ?? "one person"} alone` : "")),
      h("div", { class: "blocks" }, blocksOf(message, names, press)));
  }
  const modals = showsModals(act);
  const looking = keepLooking(async (signal) => {
    const { views, ...seen } = await get("_localcloud/slack", { signal });
    modals(views, seen.people);
    return draw(seen);
  }, { fastest: 1000, slowest: 4000 });
  const still = keepTicking(messages);
  return () => { looking.stop(); still(); modals([], {}); };
}

/** Channel's name -> its messages, the latest first; answers in a thread stand below what they answer. */
function byChannel({ messages, channels }) {
  const found = Object.create(null); // a channel's name may be any
  for (const message of [...messages].reverse()) {
    if (message.thread_ts && messages.some((one) => one.ts === message.thread_ts)) continue;
    const name = channels[message.channel] ?? message.channel;
    const thread = messages.filter((one) => one.thread_ts === message.ts);
    (found[name] ??= []).push(message, ...thread);
  }
  return found;
}

/** Shows the modals that are open in Slack, one at a time. */
function showsModals(act) {
  let shown = null;
  const over = new Set(); // an answer that was on its way when one was closed still has it
  const gone = (id) => {
    over.add(id);
    if (shown?.id === id) shown = null;
  };
  return (views, people) => {
    const view = views.findLast((one) => !over.has(one.id));
    if (shown && !views.some((one) => one.id === shown.id)) {
      shown.dialog.close();
      shown = null;
    }
    if (view && !shown) shown = { id: view.id, dialog: modal(view, people, act, () => gone(view.id)) };
  };
}

function modal(view, people, act, gone) {
  const fields = fieldsOf(view, people);
  const fault = h("p", { class: "fault", role: "alert" });
  const form = h("form", { novalidate: true }, fields.map((one) => one.element), fault,
    h("div", { class: "actions" }, h("button", { type: "button", onclick: () => act("close", { view_id: view.id }).then(() => dialog.close()) }, words(view.close, people) ?? "Cancel"),
      view.submit ? h("button", { type: "submit", class: "main" }, words(view.submit, people)) : null));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const inputs = Object.fromEntries(fields.filter((one) => one.block_id && one.value()).map((one) => [one.block_id, one.value()]));
    const lacking = fields.find((one) => one.block_id && !one.optional && !one.value());
    if (lacking) {
      fault.textContent = "Please fill this in.";
      return lacking.input.focus();
    }
    const errors = await act("submit", { view_id: view.id, inputs });
    if (!errors) return dialog.close();
    fault.textContent = Object.values(errors).join("; ");
    return fields.find((one) => one.block_id in errors)?.input.focus();
  });
  const dialog = openDialog(plain(view.title?.text ?? ""), form);
  dialog.addEventListener("cancel", () => act("close", { view_id: view.id }));
  dialog.addEventListener("close", gone);
  fields.find((one) => one.input)?.input.focus();
  return dialog;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
