// The pages. Each module exports `page`:
//   path    "/runs/:id"; what stands for :id comes as params.id
//   title   of the window, until the page sets a better one
//   nav     its place in the menu, or null: { label, order, needs: a local door without which it is not shown }
//   under   the path of the menu's entry it belongs to, where it has none itself
//   render  (root, params, query) => clean-up or nothing

import { page as run } from "./run.js";
import { page as runs } from "./runs.js";
import { page as workflow } from "./workflow.js";
import { page as workflows } from "./workflows.js";

export const pages = [workflows, workflow, runs, run];
