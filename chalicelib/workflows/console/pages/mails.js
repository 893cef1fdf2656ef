// The laptop's mails: what was given to be delivered.

import { get } from "../api.js";
import { drawing, empty, head } from "../desk/pieces.js";
import { keepTicking, moment } from "../desk/moments.js";
import { laptopTabs } from "../desk/laptop.js";
import { fill, h } from "../elements.js";
import { keepLooking } from "../live.js";
import { titled } from "../words.js";

export const page = { path: "/laptop/mails", title: "Mails", nav: null, under: "/laptop", render };

function render(root) {
  const list = h("div", { class: "stack" });
  fill(root, head("This laptop", "Mails and texts that would leave the house on AWS. None is sent from here."), laptopTabs("/laptop/mails"), list);
  const draw = drawing(list, ({ mails }) => (mails.length
    ? h("ul", { class: "mails card" }, mails.map(mail))
    : empty("No mail was sent yet", "Campaigns, reports, approvals and emergencies send theirs as they run. ", h("a", { href: "#/" }, "Start a workflow"), ".")));
  const looking = keepLooking(async (signal) => draw(await get("_localcloud/mails", { signal })), { fastest: 2000 });
  const still = keepTicking(list);
  return () => { looking.stop(); still(); };
}

function mail({ number, at, topic, subject, body, attributes }) {
  const data = parsed(body);
  const attached = Object.entries(attributes);
  return h("li", {}, h("details", { "data-key": `mail ${number}` }, h("summary", { "data-key": `open ${number}` },
    h("span", { class: "subject" }, subject || firstLine(data, body)),
    h("span", { class: "muted" }, titled(topic.replace(/^signalbox-[a-z]+-/, "")), ", ", moment(at))),
  h("pre", {}, data ? JSON.stringify(data, null, 2) : body),
  attached.length ? h("p", { class: "muted" }, attached.map(([name, value]) => `${name}: ${value}`).join(", ")) : null));
}

/** A line for a message without a subject: what programs read begins with its event, else its first words. */
function firstLine(data, body) {
  const named = data?.subject ?? data?.title ?? data?.event ?? data?.type;
  return typeof named === "string" ? named : `${body.split("\n")[0].slice(0, 90)}`;
}

function parsed(text) {
  try {
    const data = JSON.parse(text);
    return data && typeof data === "object" ? data : null;
  } catch {
    return null;
  }
}
