// Emergencies: who was told, whether somebody took charge, and a record that shows when it was changed.

import { get, post } from "../api.js";
import { ask, back, card, chip, doing, drawing, empty, facts, head, runLink, table, tabs } from "../desk/pieces.js";
import { announce } from "../dialog.js";
import { moment } from "../desk/moments.js";
import { following } from "../desk/following.js";
import { listing } from "../desk/listing.js";
import { fill, h } from "../elements.js";
import { link } from "../router.js";
import { titled } from "../words.js";

export const page = { path: "/incidents", title: "Incidents", nav: { label: "Incidents", order: 30 }, render };
export const one = { path: "/incidents/:id", title: "Incident", nav: null, under: "/incidents", render: renderOne };

const WHO = "signalbox.name";
const STATUS = {
  received: ["Just received", "running"],
  recorded: ["Being handled", "running"],
  notified: ["Nobody has taken charge", "waiting"],
  acknowledged: ["In good hands", "ok"],
  needs_review: ["Needs a look", "bad"],
};

function render(root, _params, query) {
  const drills = query.drills === "true";
  const list = h("div", { class: "stack" });
  const kind = drills ? "Drills" : "Emergencies";
  fill(root, head("Incidents", drills ? "Rehearsals: the authorities were not told." : "Emergencies of vehicles, and whether somebody takes care of them."),
    tabs("Which incidents", [["Emergencies", "#/incidents", !drills], ["Drills", "#/incidents?drills=true", drills]]), list);
  const draw = (incidents) => {
    if (!incidents.length) {
      return drills
        ? empty("There was no drill yet", "A report with ", h("code", {}, '"drill": true'), " rehearses an emergency without telling the authorities.")
        : empty("No emergency was reported", "Vehicles report by themselves; other systems send theirs to ", h("code", {}, "POST /incidents"), ".");
    }
    const open = incidents.filter((one) => one.status !== "acknowledged");
    const closed = incidents.filter((one) => one.status === "acknowledged");
    return [
      open.length ? [h("h2", {}, "Waiting for somebody"), listed(`${kind} that wait`, open)] : h("p", { class: "notice" }, "Somebody takes care of each of these."),
      closed.length ? [h("h2", {}, "In good hands"), listed(`${kind} somebody takes care of`, closed)] : null,
    ];
  };
  const listed = (caption, rows) => table(caption, [
    ["Vehicle", "", (row) => h("a", { href: link("/incidents/:id", { id: row.incidentId }), "data-key": row.incidentId }, row.vehicleId ?? "Unknown vehicle")],
    ["What", "", (row) => titled(row.type ?? "not said")],
    ["Reported", "", (row) => moment(row.recordedAt, { dated: true })],
    ["State", "", (row) => standing(row)],
    ["", "", (row) => (row.status === "acknowledged" ? "" : takeCharge(row, () => looking.now()))],
  ], rows);
  const looking = listing(list, "incident", { path: `incidents?limit=100${drills ? "&drills=true" : ""}`, of: "incidents", id: "incidentId", draw });
  return looking.stop;
}

function renderOne(root, { id }) {
  const whole = h("div", { class: "stack" });
  fill(root, back("#/incidents", "All incidents"), whole);
  const place = `incidents/${encodeURIComponent(id)}`;
  let known = null, timeline = null;
  const draw = drawing(whole, (incident, exported) => details(incident, exported, () => looking.now()));
  const looking = following(whole, "incident", async (signal) => {
    const incident = await get(place, { signal });
    if (known?.timelineEntries !== incident.timelineEntries || known?.status !== incident.status) timeline = await get(`${place}/timeline`, { signal });
    known = incident;
    return draw(incident, timeline);
  });
  return looking.stop;
}

function details(incident, exported, again) {
  const event = incident.event ?? {};
  const { acknowledgement } = incident;
  return [
    head(`${titled(incident.type ?? "Emergency")}, ${incident.vehicleId ?? "unknown vehicle"}`, incident.drill ? "A drill: the authorities were not told." : null, standing(incident)),
    card(null,
      acknowledgement
        ? h("p", {}, h("strong", {}, acknowledgement.by), " took charge ", moment(acknowledgement.at, { dated: true }))
        : h("div", { class: "card-head" }, h("p", {}, "Reported ", moment(incident.recordedAt, { dated: true })), takeCharge(incident, again)),
      facts([
        ["Happened", event.eventTimestamp ? moment(event.eventTimestamp / 1000, { dated: true }) : null],
        ["Severity", event.severity ? titled(event.severity) : null],
        ["Place", event.location ? `${event.location.lat}, ${event.location.lon}` : null],
        ...Object.entries(event.metadata ?? {}).map(([name, value]) => [titled(name), typeof value === "object" ? JSON.stringify(value) : String(value)]),
        ["Run", runLink(incident.executionArn)],
      ]),
      incident.problems.length ? h("div", { class: "notice after" }, h("strong", {}, "The report was not quite as it should be"),
        h("ul", {}, incident.problems.map((one) => h("li", {}, one.message ?? String(one))))) : null),
    h("h2", {}, "Who was told"),
    incident.notifications.length ? table("Who was told", [
      ["Who", "", (one) => titled(one.who)],
      ["By", "", (one) => by(one.channel)],
      ["Sent", "", (one) => (one.sentAt ? moment(one.sentAt, { dated: true }) : chip("Not known to be sent", "waiting"))],
      ["Arrived", "", (one) => (one.deliveredAt ? [moment(one.deliveredAt), one.receipt ? `: ${one.receipt}` : ""] : "no receipt yet")],
    ], incident.notifications) : h("p", { class: "muted" }, "Nobody yet."),
    exported ? card(null, h("div", { class: "card-head" }, h("h2", {}, "Timeline"), verified(exported.verification)),
      exported.verification.ok ? null : h("ul", {}, exported.verification.faults.map((fault) => h("li", {}, fault))),
      h("ol", { class: "trail" }, exported.entries.map(entry))) : null,
  ];
}

/** Besides Slack, every channel is a topic to which mail addresses and phone numbers are subscribed. */
function by(channel) {
  return channel === "slack" ? "Slack" : "mail or text";
}

function verified({ ok }) {
  return ok ? chip("Checked: nothing was changed", "ok") : chip("The record was changed", "bad");
}

function entry({ kind, data, at }) {
  return h("li", {}, h("span", {}, said(kind, data)), h("span", { class: "muted" }, moment(at, { dated: true })));
}

function said(kind, data) {
  const who = data.who ? `${data.who}, by ${by(data.channel)}` : "";
  switch (kind) {
    case "recorded": return "The emergency was written down";
    case "sent": return data.who === data.channel ? `Told the ${data.who}` : `Told the ${who}`;
    case "delivered": return `Arrived: ${data.receipt ?? data.notification}`;
    case "recording": return "The vehicle's camera records";
    case "responded": return data.failed ? `The first response was made; ${data.failed} of its parts failed` : "The first response was made in full";
    case "acknowledged": return `${data.by ?? "Somebody"} took charge`;
    default: return titled(kind) + (who ? `: ${who}` : "");
  }
}

function standing(incident) {
  return chip(...(STATUS[incident.status] ?? [titled(incident.status), "stopped"]));
}

function takeCharge(incident, again) {
  return doing("Take charge", {
    kind: "main",
    key: `take ${incident.incidentId}`,
    act: () => ask({
      title: "Take charge?", about: "From now on nobody else is told of this emergency. It is yours.",
      label: "Your name or address", button: "Take charge", required: true, long: false, value: localStorage.getItem(WHO) ?? "",
      send: (by) => {
        localStorage.setItem(WHO, by);
        return post(`incidents/${encodeURIComponent(incident.incidentId)}/acknowledgement`, { by });
      },
    }),
    done: ({ first, acknowledgedBy }) => {
      announce(first ? "You have taken charge" : `${acknowledgedBy} had taken charge before`);
      again();
    },
  });
}
