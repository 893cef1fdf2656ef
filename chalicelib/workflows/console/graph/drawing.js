// Draws a laid-out definition as SVG and colours it by what a run has done.

import { s } from "../elements.js";
import { spoken } from "../words.js";
import { NODE } from "./layout.js";

const MARGIN = 16, LETTERS_A_LINE = 18;

/**
 * @param picture what layOut returns
 * @param choose called with a state's name when it is chosen by mouse or keyboard
 * @returns {{ element, width, height, colour: (tellings: Map) => void, mark: (name) => void, node: (name) => Element }}
 */
export function drawGraph(picture, choose) {
  const nodes = new Map();
  const edges = picture.edges.map(drawEdge);
  const places = new Map(picture.nodes.map((node) => [node.id, node]));
  const drawn = picture.nodes.map((node) => {
    const element = drawNode(node, choose);
    nodes.set(node.id, element);
    return element;
  });
  const width = picture.width + 2 * MARGIN, height = picture.height + 2 * MARGIN;
  const containers = drawn.filter((element) => element.classList.contains("compound"));
  const plain = drawn.filter((element) => !element.classList.contains("compound"));
  const element = s("svg", { class: "graph", viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`, role: "group", "aria-label": "The workflow's states" },
    s("defs", {}, arrow("arrow"), arrow("arrow-taken")),
    containers, edges.map((edge) => edge.element), plain);
  walkByArrows(element, picture.nodes, nodes);
  return {
    element, width, height,
    colour(tellings) {
      for (const [name, node] of nodes) colourNode(node, places.get(name), tellings.states.get(name));
      for (const edge of edges) edge.element.classList.toggle("taken", tellings.taken.has(`${edge.from}|${edge.to}`));
    },
    mark(name) {
      for (const [id, node] of nodes) node.classList.toggle("chosen", id === name);
    },
    node: (name) => places.get(name),
  };
}

function arrow(id) {
  return s("marker", { id, viewBox: "0 0 8 8", refX: "7", refY: "4", markerWidth: "7", markerHeight: "7", orient: "auto-start-reverse" },
    s("path", { d: "M0.5 0.8 L7.2 4 L0.5 7.2 z", class: id }));
}

function drawEdge(edge) {
  const element = s("path", { class: `edge ${edge.kind}`, d: edge.loop ? looped(edge.points) : curved(edge.points), "marker-end": "url(#arrow)" });
  return { from: edge.from, to: edge.to, element };
}

/** Straight along its way through a layer, curved from layer to layer. */
function curved(points) {
  let path = `M${point(points[0])}`;
  for (let i = 1; i < points.length; i += 1) {
    const [x0, y0] = points[i - 1], [x1, y1] = points[i];
    if (i % 2 === 0 || Math.abs(x0 - x1) < 0.5) path += `L${point([x1, y1])}`;
    else {
      const middle = (y0 + y1) / 2;
      path += `C${point([x0, middle])} ${point([x1, middle])} ${point([x1, y1])}`;
    }
  }
  return path;
}

function looped([from, over, to]) {
  return `M${point(from)}C${point([over[0] + 8, from[1]])} ${point([over[0] + 8, to[1]])} ${point(to)}`;
}

function point([x, y]) {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}

function drawNode(node, choose) {
  if (node.type === "Start" || node.type === "End") {
    const middle = [node.x + node.width / 2, node.y + node.height / 2];
    return s("g", { class: "point", "aria-hidden": "true" },
      s("circle", { cx: middle[0], cy: middle[1], r: 12 }),
      node.type === "End" ? s("rect", { x: middle[0] - 4, y: middle[1] - 4, width: 8, height: 8, rx: 1 }) : s("path", { d: `M${middle[0] - 3} ${middle[1] - 5}l8 5l-8 5z` }));
  }
  const pick = () => choose(node.id);
  const element = s("g", {
    class: `node type-${node.type.toLowerCase()}${node.compound ? " compound" : ""}`, tabindex: "0", role: "button", "data-state": node.id,
    onclick: pick,
    onkeydown: (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      pick();
    },
  },
  s("title", {}, node.id),
  shape(node),
  s("circle", { class: "lamp", cx: node.x + 17, cy: node.compound ? node.y + 17 : node.y + node.height / 2, r: 5 }),
  label(node),
  s("text", { class: "badge", x: node.x + node.width - 10, y: node.compound ? node.y + 21 : node.y + node.height - 8, "text-anchor": "end" }));
  return element;
}

function shape(node) {
  const { x, y, width, height } = node;
  const round = node.compound ? 10 : { Choice: 4, Wait: 24, Succeed: 24, Fail: 24 }[node.type] ?? 9;
  if (node.type === "Choice") {
    const cut = 12;
    return s("path", { class: "body", d: `M${x + cut} ${y}H${x + width - cut}L${x + width} ${y + height / 2}L${x + width - cut} ${y + height}H${x + cut}L${x} ${y + height / 2}z` });
  }
  return s("rect", { class: "body", x, y, width, height, rx: round });
}

function label(node) {
  const lines = linesOf(node);
  const middle = node.compound ? node.y + 17 : node.y + NODE.height / 2;
  const first = middle + 4.5 - (lines.length - 1) * 8;
  return s("text", { class: "name", x: node.x + 30 }, lines.map((line, index) => s("tspan", { x: node.x + 30, y: first + index * 16 }, `${line} `)));
}

function linesOf(node) {
  return broken(spoken(node.id), node.compound ? Math.floor((node.width - 90) / 7.2) : LETTERS_A_LINE);
}

/** What is read out begins with what is to be seen; a name that was cut follows whole. */
function readOut(node) {
  const seen = linesOf(node).join(" "), whole = spoken(node.id);
  return seen === whole ? whole : `${seen} (${whole})`;
}

/** At most two lines; what does not fit ends in an ellipsis and stays whole in the title. */
function broken(text, letters) {
  if (text.length <= letters) return [text];
  const words = text.split(" ");
  let first = words.shift();
  while (words.length && first.length + 1 + words[0].length <= letters) first += ` ${words.shift()}`;
  const second = words.join(" ");
  return [cut(first, letters), cut(second, letters)].filter(Boolean);
}

function cut(text, letters) {
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

const SAID = { running: "running", succeeded: "done", caught: "failed, and went on another way", failed: "failed", stopped: "stopped" };

function colourNode(element, node, told) {
  if (!node || node.type === "Start" || node.type === "End") return;
  for (const status of Object.keys(SAID)) element.classList.toggle(status, told?.status === status);
  const times = told && told.count > 1 ? `×${told.count}` : "";
  element.querySelector(".badge").textContent = times;
  element.setAttribute("aria-label", `${readOut(node)}: ${told ? SAID[told.status] : "not reached"}${told && told.count > 1 ? `, ${told.count} times` : ""}`);
}

/** Arrow keys lead from a node to the nearest one in that direction. */
function walkByArrows(svg, places, elements) {
  const directions = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  svg.addEventListener("keydown", (event) => {
    const direction = directions[event.key];
    const from = places.find((node) => elements.get(node.id) === event.target);
    if (!direction || !from) return;
    event.preventDefault();
    let best = null, least = Infinity;
    for (const to of places) {
      if (to === from || to.type === "Start" || to.type === "End") continue;
      const dx = to.x + to.width / 2 - from.x - from.width / 2, dy = (to.compound ? to.y + 17 : to.y + to.height / 2) - (from.compound ? from.y + 17 : from.y + from.height / 2);
      const along = dx * direction[0] + dy * direction[1], aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
      if (along > 4 && along + 2 * aside < least) {
        least = along + 2 * aside;
        best = to;
      }
    }
    if (best) elements.get(best.id).focus();
  });
}
