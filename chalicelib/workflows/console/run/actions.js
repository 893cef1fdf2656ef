// What can be done about a run: stop, redrive, start one like it, keep it as a test; locally run on from a state.

import { get, localDoors, post, segment } from "../api.js";
import { doing } from "../desk/pieces.js";
import { announce } from "../dialog.js";
import { h } from "../elements.js";
import { link } from "../router.js";
import { spoken, titled } from "../words.js";
import { ask } from "./asking.js";

const OVER = ["FAILED", "TIMED_OUT", "ABORTED"];

/** Buttons of a run; `lookAgain` is called after a change. */
export function runActions(execution, visits, lookAgain) {
  const path = `executions/${segment(execution.id)}`;
  const button = (label, act, kind = "") => doing(label, { kind, act });
  return [
    execution.status === "RUNNING" && button("Stop", () => ask({
      title: "Stop this run?", about: "What it is doing is broken off; what it has done stays done. It can be redriven later.", button: "Stop the run", danger: true,
    }, async ({ reason }) => {
      await post(`${path}/stop`, { reason });
      announce("The run is stopped");
      lookAgain();
    }), "danger"),
    OVER.includes(execution.status) && button("Redrive", () => ask({
      title: "Redrive this run?", about: "It goes on from the state where it ended, with the same input. What succeeded before is not done again.", button: "Redrive",
    }, async ({ reason }) => {
      await post(`${path}/redrive`, { reason });
      announce("The run goes on");
      lookAgain();
    }), "main"),
    button("Start one like this", async () => {
      const { input } = await get(path);
      ask({
        title: `Start ${titled(execution.workflow)} again`, about: "A new run, with this run's input or what you make of it.", button: "Start", reason: false, input: input ?? {},
      }, async (given) => {
        const run = await post(`workflows/${segment(execution.workflow)}/executions`, { input: given.input });
        location.hash = link("/runs/:id", { id: run.id });
      });
    }),
    execution.status !== "RUNNING" && button("Save as test", async () => {
      const { files } = await get(`${path}/test`);
      for (const file of files) download(file);
      announce(`${files.length} files are downloaded`);
    }),
  ];
}

/** What can be done at one state: locally, run on from there. Filled when it is known where we are. */
export function stepActions(execution, told) {
  const place = h("div", { class: "actions" });
  localDoors().then((doors) => {
    if (!doors.includes("runs") || told.parent !== null || told.input === undefined) return;
    place.append(h("button", { type: "button", class: "small", onclick: () => ask({
      title: `Run from “${spoken(told.state)}”`, about: "A new run that begins at this state, on this laptop only, with its input or what you make of it.", button: "Run from here", reason: false, input: told.input,
    }, async ({ input }) => {
      const run = await post("_localcloud/runs/from", { workflow: execution.workflow, state: told.state, input });
      location.hash = link("/runs/:id", { id: run.id });
    }) }, "Run from here"));
  });
  return place;
}

function download({ name, content }) {
  const address = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
  const anchor = h("a", { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
