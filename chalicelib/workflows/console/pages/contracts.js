// Fleet contracts: what was agreed, what was paid, which vehicles are on.

import { get } from "../api.js";
import { back, card, chip, drawing, empty, facts, head, table } from "../desk/pieces.js";
import { moment } from "../desk/moments.js";
import { following } from "../desk/following.js";
import { listing } from "../desk/listing.js";
import { fill, h } from "../elements.js";
import { link } from "../router.js";
import { count, spoken, titled } from "../words.js";

export const page = { path: "/contracts", title: "Contracts", nav: { label: "Contracts", order: 40 }, render };
export const one = { path: "/contracts/:id", title: "Contract", nav: null, under: "/contracts", render: renderOne };

const STATUS = {
  requested: ["Being checked", "running"],
  pending: ["Not paid yet", "waiting"],
  paid: ["Paid, being switched on", "running"],
  active: ["Active", "ok"],
  closing: ["Being undone", "waiting"],
  void: ["Undone", "stopped"],
};
const PAYMENT = {
  none: "Nothing was asked for", open: "Prepared, no money has moved", processing: "The bank has not answered", taken: "Paid",
  declined: "The card was declined", cancelled: "Cancelled, can never be taken", refunded: "Given back",
  refund_failed: "Given back, but it came back: owed to the customer",
};

function render(root) {
  const list = h("div", { class: "stack" });
  fill(root, head("Contracts", "Made after the check of the customer and, for larger ones, a person's approval."), list);
  const draw = (contracts) => (contracts.length
    ? table("Contracts", [
      ["Contract", "", (row) => h("a", { href: link("/contracts/:id", { id: row.contract_id }), "data-key": row.contract_id }, row.contract_id)],
      ["Customer", "", (row) => row.company_name ?? row.customer_id],
      ["Made", "", (row) => moment(row.created_at, { dated: true })],
      ["Vehicles on", "number", (row) => `${count(row.vehicles_activated)} of ${count(row.number_of_vehicles)}`],
      ["Value", "number", (row) => row.amount],
      ["State", "", standing],
    ], contracts)
    : empty("There is no contract yet", "One is asked for by ", h("code", {}, "POST /contracts"), " or in Slack with ", h("code", {}, "/contract"), ". Those that wait for a person's yes stand under ", h("a", { href: "#/approvals" }, "Approvals"), "."));
  return listing(list, "contract", { path: "contracts", of: "contracts", id: "contract_id", draw }).stop;
}

function renderOne(root, { id }) {
  const whole = h("div", { class: "stack" });
  fill(root, back("#/contracts", "All contracts"), whole);
  const draw = drawing(whole, (contract) => [
    head(contract.contract_id ?? `Request ${contract.request_id}`, contract.company_name ?? contract.customer_id, standing(contract)),
    contract.contract_id ? details(contract) : card(null, h("p", {}, "The request is still on its way; there is no contract yet.")),
  ]);
  const looking = following(whole, "contract", async (signal) => draw(await get(`contracts/${encodeURIComponent(id)}`, { signal })));
  return looking.stop;
}

function details(contract) {
  const refused = Object.entries(contract.refused ?? {});
  return [
    card(null, facts([
      ["Value", contract.amount],
      ["Payment", PAYMENT[contract.payment_state] ?? contract.payment_state],
      ["Vehicles on", `${count(contract.vehicles_activated)} of ${count(contract.number_of_vehicles)}`],
      ["Kind", titled(contract.contract_type)],
      ["Approved", contract.approval_type === "automatic" ? "By rule" : `By ${contract.approved_by ?? "a person"}`],
      ["Made", moment(contract.created_at, { dated: true })],
      ["Last change", moment(contract.updated_at, { dated: true })],
      ["Customer", contract.customer_id],
      ["Mail", contract.email],
      ["Payment's id", contract.payment_id ? h("code", {}, contract.payment_id) : null],
      ["Run", h("a", { href: link("/runs/:id", { id: `business-workflow:${contract.request_id}` }) }, "Open its run")],
    ]), contract.reason ? h("p", { class: "notice after" }, `Why it was undone: ${spoken(contract.reason)}`) : null),
    refused.length ? card("Vehicles that were refused", h("ul", {}, refused.map(([number, why]) =>
      h("li", {}, `${contract.plates[number - 1] ?? `Number ${number}`}: ${why}`)))) : null,
  ];
}

function standing(contract) {
  return chip(...(STATUS[contract.status] ?? [titled(contract.status), "stopped"]));
}
