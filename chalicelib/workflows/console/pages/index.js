// The pages. Each module exports `page`:
//   path    "/runs/:id"; what stands for :id comes as params.id
//   title   of the window, until the page sets a better one
//   nav     its place in the menu, or null: { label, order, needs: a local door without which it is not shown }
//   under   the path of the menu's entry it belongs to, where it has none itself
//   render  (root, params, query) => clean-up or nothing

import { one as approval, page as approvals } from "./approvals.js";
import { one as campaign, page as campaigns } from "./campaigns.js";
import { one as contract, page as contracts } from "./contracts.js";
import { page as faults } from "./faults.js";
import { one as incident, page as incidents } from "./incidents.js";
import { page as laptop } from "./laptop.js";
import { page as mails } from "./mails.js";
import { one as report, page as reports } from "./reports.js";
import { page as run } from "./run.js";
import { page as runs } from "./runs.js";
import { page as slack } from "./slack.js";
import { page as workflow } from "./workflow.js";
import { page as workflows } from "./workflows.js";

export const pages = [
  workflows, workflow, runs, run, approvals, approval, incidents, incident, contracts, contract, campaigns, campaign,
  reports, report, laptop, slack, mails, faults,
];
