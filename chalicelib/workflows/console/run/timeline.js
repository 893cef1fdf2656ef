// The run over time: a row a state, a bar a visit, gaps folded.

import { fill, h, refill, s } from "../elements.js";
import { duration, spoken } from "../words.js";
import { foldedScale } from "./folding.js";

const ROW = 26, BAR = 14, AXIS = 22, LEAST_BAR = 3;

/** Redraws into `root`; `choose` gets a visit's id. */
export function timeline(root, choose) {
  const names = h("ol", { class: "lanes" });
  const picture = h("div", { class: "bars" });
  let last = null;
  fill(root, h("div", { class: "timeline" }, names, picture));
  const resized = new ResizeObserver(() => last && draw(...last));
  resized.observe(picture);

  function draw(visits, chosen, now) {
    last = [visits, chosen, now];
    const rows = rowsOf(visits);
    refill(names, [...rows.values()].map((row) => h("li", {},
      h("button", { type: "button", class: "quiet lane", title: row.state, "data-key": `lane ${row.state}`, style: `padding-left: ${8 + row.depth * 12}px`, onclick: () => choose(row.visits.at(-1).id) }, spoken(row.state)))));
    const width = Math.max(80, picture.clientWidth - 8);
    const moments = visits.flatMap((visit) => [Date.parse(visit.enteredAt), visit.exitedAt ? Date.parse(visit.exitedAt) : now]);
    const scale = foldedScale(moments, width);
    const height = rows.size * ROW + AXIS;
    const bars = [];
    let index = 0;
    for (const row of rows.values()) {
      bars.push(...barsOf(row, index * ROW + AXIS, scale, now, chosen, choose));
      index += 1;
    }
    const whole = scale.end - scale.start;
    const svg = s("svg", { width: width + 8, height, role: "img", "aria-label": `The run over time: ${duration(whole / 1000)}` },
      s("rect", { class: "ground", x: 0, y: AXIS, width, height: height - AXIS }),
      foldMarks(scale.folds, height),
      bars, axis(scale, width, whole));
    fill(picture, svg);
  }

  return { draw, stop: () => resized.disconnect() };
}

function rowsOf(visits) {
  const byId = new Map(visits.map((visit) => [visit.id, visit]));
  const rows = new Map();
  for (const visit of visits) {
    let depth = 0;
    for (let outer = byId.get(visit.parent); outer; outer = byId.get(outer.parent)) depth += 1;
    if (!rows.has(visit.state)) rows.set(visit.state, { state: visit.state, depth, visits: [] });
    rows.get(visit.state).visits.push(visit);
  }
  return rows;
}

/** Bars that would lie on one another are drawn as one: thousands of visits stay some hundred bars. */
function* barsOf(row, y, scale, now, chosen, choose) {
  let open = null;
  for (const visit of row.visits) {
    const from = Date.parse(visit.enteredAt), to = visit.exitedAt ? Date.parse(visit.exitedAt) : now;
    const x = scale.x(from), end = Math.max(scale.x(to), x + LEAST_BAR);
    if (open && open.status === visit.status && x <= open.end + 0.5 && visit.id !== chosen && open.visit.id !== chosen) {
      open.end = Math.max(open.end, end);
      open.count += 1;
      continue;
    }
    if (open) yield bar(open, y, choose);
    open = { visit, status: visit.status, x, end, count: 1, chosen: visit.id === chosen, seconds: (to - from) / 1000 };
  }
  if (open) yield bar(open, y, choose);
}

function bar(one, y, choose) {
  const said = one.count > 1 ? `${spoken(one.visit.state)}, ${one.count} times` : `${spoken(one.visit.state)}: ${duration(one.seconds)}`;
  return s("rect", {
    class: `bar ${one.status}${one.chosen ? " chosen" : ""}`, x: one.x, y: y + (ROW - BAR) / 2, width: one.end - one.x, height: BAR, rx: 3,
    onclick: () => choose(one.visit.id),
  }, s("title", {}, said));
}

/** A length is written where it has room; all are in the titles. */
function foldMarks(folds, height) {
  let free = 34;
  return folds.map((fold) => {
    const middle = fold.x + fold.width / 2;
    const written = middle - 24 >= free;
    if (written) free = middle + 26;
    return foldMark(fold, height, middle, written);
  });
}

function foldMark(fold, height, middle, written) {
  return s("g", { class: "fold" },
    s("title", {}, `${duration((fold.to - fold.from) / 1000)} in which nothing changed`),
    s("rect", { x: fold.x, y: AXIS, width: fold.width, height: height - AXIS }),
    s("path", { d: `M${middle - 2} ${AXIS - 5}l4 3l-4 3l4 3V${height}` }),
    written && s("text", { x: middle, y: 11, "text-anchor": "middle" }, duration((fold.to - fold.from) / 1000)));
}

function axis(scale, width, whole) {
  const texts = [s("text", { x: 0, y: 11 }, "0")];
  const last = scale.folds.at(-1);
  if (!last || last.x + last.width < width - 100) texts.push(s("text", { x: width, y: 11, "text-anchor": "end" }, duration(whole / 1000)));
  return s("g", { class: "axis" }, texts);
}
