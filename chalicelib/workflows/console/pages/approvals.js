// Questions that wait for a person, and those that were answered.

import { get, post } from "../api.js";
import { fill, h } from "../elements.js";
import { card, chip, drawing, empty, facts, head, back, ask, money, runLink, tabs, doing } from "../desk/pieces.js";
import { announce } from "../dialog.js";
import { deadline, moment } from "../desk/moments.js";
import { following } from "../desk/following.js";
import { listing } from "../desk/listing.js";
import { link } from "../router.js";
import { titled } from "../words.js";

export const page = { path: "/approvals", title: "Approvals", nav: { label: "Approvals", order: 20 }, render };
export const one = { path: "/approvals/:id", title: "Approval", nav: null, under: "/approvals", render: renderOne };

const STATES = [["pending", "Waiting"], ["decided", "Decided"], ["expired", "Nobody decided"]];
const NOTHING = {
  pending: ["Nothing waits for a decision", "When a workflow needs a person's yes or no, the question stands here, in Slack, and with its deadline."],
  decided: ["Nothing was decided yet", "What people decide is kept here with their reasons."],
  expired: ["No question was left unanswered", "Those whose time passed without a decision would stand here."],
};
const TRAIL = {
  requested: "asked", decided: "decided", refused: "was not allowed to decide", reissued: "asked again for the same question",
  first_reminder: "reminded", last_reminder: "reminded for the last time", escalation: "asked the next in line", expiry: "closed it: the time was over",
  delivered: "told the workflow", closed: "found that the workflow had gone on", token_lost: "could not reach the workflow any more",
};

function render(root, _params, query) {
  const state = STATES.some(([name]) => name === query.state) ? query.state : "pending";
  const list = h("div", { class: "stack" });
  fill(root, head("Approvals", "Questions that workflows ask of people. A decision is taken once and kept with its reason."),
    tabs("Which approvals", STATES.map(([name, words]) => [words, link("/approvals", {}, { state: name === "pending" ? "" : name }), name === state])), list);
  const draw = (approvals) => (approvals.length ? approvals.map((approval) => summary(approval, () => looking.now())) : empty(...NOTHING[state]));
  const looking = listing(list, "approval", { path: `approvals?state=${state}`, of: "approvals", id: "id", draw });
  return looking.stop;
}

function summary(approval, again) {
  return h("article", { class: "card approval" },
    h("div", { class: "card-head" },
      h("h2", {}, h("a", { href: link("/approvals/:id", { id: approval.id }), "data-key": `open ${approval.id}` }, approval.subject)),
      standing(approval)),
    figures(approval), clockOf(approval), decisionOf(approval), choices(approval, again));
}

function renderOne(root, { id }) {
  const whole = h("div", { class: "stack" });
  fill(root, back("#/approvals", "All approvals"), whole);
  const draw = drawing(whole, (approval) => [
    head(approval.subject, `${titled(approval.kind)}, asked for by ${who(approval.requester)}`, standing(approval)),
    card(null, clockOf(approval), decisionOf(approval), figures(approval), choices(approval, () => looking.now()),
      approval.executionArn ? h("p", { class: "after" }, runLink(approval.executionArn, approval.state === "pending" ? "Open the run that waits for this" : "Open the run that asked")) : null),
    card("What happened", h("ol", { class: "trail" }, (approval.trail ?? []).map(step))),
  ]);
  const looking = following(whole, "approval", async (signal) => draw(await get(`approvals/${encodeURIComponent(id)}`, { signal })));
  return looking.stop;
}

function figures(approval) {
  return facts([
    ["Amount", amountOf(approval)],
    ...Object.entries(approval.facts),
    ["Asked by", who(approval.requester)],
    ["May decide", approval.approvers.join(", ")],
    ["Next in line", approval.state === "pending" ? approval.nextApprovers.join(", ") : null],
  ]);
}

/** The amount, unless one of the facts says it already. */
function amountOf({ amountCents, currency, facts: said }) {
  if (amountCents === null) return null;
  return Object.values(said).some((value) => String(value).includes(money(amountCents))) ? null : money(amountCents, currency);
}

function standing(approval) {
  if (approval.state === "pending") return chip("Waiting", "waiting");
  if (approval.state === "expired") return chip("Nobody decided", "bad");
  const { decision } = approval.decision;
  return chip(titled(decision), decision === "rejected" ? "bad" : "ok");
}

function clockOf(approval) {
  return approval.state === "pending" ? deadline(approval.requestedAt, approval.expiresAt) : null;
}

function decisionOf({ decision, options }) {
  if (!decision) return null;
  const chosen = (options ?? []).find((option) => option.value === decision.choice);
  const behalf = decision.onBehalfOf ? ` for ${decision.onBehalfOf}` : "";
  return h("p", {}, `${titled(decision.decision)}${chosen ? `: ${chosen.label}` : ""} by ${decision.decidedBy}${behalf}, `,
    moment(decision.decidedAt, { dated: true }), decision.reason ? h("span", { class: "quote" }, `“${decision.reason}”`) : null);
}

function choices(approval, again) {
  if (approval.state !== "pending") return null;
  const options = approval.options ?? [];
  const decide = (words, kind, decision, required) => doing(words, {
    kind,
    key: `${words} ${approval.id}`,
    act: () => ask({
      title: `${words}?`, about: approval.subject, button: words, kind: kind || "main", required,
      label: required ? "Reason, for the people who asked" : "Reason",
      send: (reason) => post(`approvals/${approval.id}/decision`, { ...decision, reason }),
    }),
    done: () => { announce(`${approval.subject}: ${words.toLowerCase()}`); again(); },
  });
  return [
    options.length ? h("ul", { class: "options" }, options.map((option) => h("li", {},
      h("div", {}, h("strong", {}, option.label), option.evidence ? h("p", { class: "muted" }, evidence(option.evidence)) : null),
      decide(`Choose ${option.label}`, "", { decision: "chosen", choice: option.value }, false)))) : null,
    h("div", { class: "actions" },
      options.length ? null : decide("Approve", "main", { decision: "approved" }, false),
      decide("Reject", "danger", { decision: "rejected" }, true)),
  ];
}

function evidence(given) {
  return typeof given === "string" ? given : Object.entries(given).map(([name, value]) => `${name}: ${value}`).join(", ");
}

function step(entry) {
  const { details = {} } = entry;
  const asked = details.asked ? `: ${details.asked}` : "";
  return h("li", {}, h("span", {}, h("strong", {}, who(entry.who)), ` ${TRAIL[entry.what] ?? titled(entry.what).toLowerCase()}${asked}`),
    details.reason ? h("span", { class: "quote" }, `“${details.reason}”`) : null,
    h("span", { class: "muted" }, moment(entry.at, { dated: true })));
}

/** People by their address, programs by what they do: "system:sme-matching" -> "SME matching". */
function who(name) {
  if (name === "system:approvals") return "Signalbox";
  return name.startsWith("system:") ? titled(name.slice(7)) : name;
}
