// A window on the graph: it scrolls (wheel, touch, keys), is dragged by the mouse, and zooms by buttons, by + and - and 0,
// and by the wheel with Ctrl.

import { fill, h } from "../elements.js";
import { START } from "./definition.js";

const LEAST = 0.3, MOST = 1.6, STEP = 1.2;
const READABLE = 0.72;
/** Below this the names cannot be read: a graph that does not fit is scrolled instead. */

export function movable(graph) {
  const view = h("div", { class: "graph-view", tabindex: "0", role: "region", "aria-label": "Graph of the states; plus and minus zoom" }, graph.element);
  let scale = 1;

  function zoomTo(wanted) {
    const before = scale;
    const middle = [view.scrollLeft + view.clientWidth / 2, view.scrollTop + view.clientHeight / 2];
    scale = Math.min(MOST, Math.max(LEAST, wanted));
    graph.element.style.width = `${graph.width * scale}px`;
    graph.element.style.height = `${graph.height * scale}px`;
    view.scrollLeft = middle[0] * (scale / before) - view.clientWidth / 2;
    view.scrollTop = middle[1] * (scale / before) - view.clientHeight / 2;
  }

  function fit(least = LEAST) {
    zoomTo(Math.max(least, Math.min(1, (view.clientWidth - 4) / graph.width, (view.clientHeight - 4) / graph.height)));
  }

  /** Scroll to a node that is out of sight, or `always` into the middle. */
  function reveal(name, always = false) {
    const node = graph.node(name);
    if (!node) return;
    const x = (node.x + node.width / 2 + 16) * scale, y = (node.y + Math.min(node.height, 48) / 2 + 16) * scale;
    const outside = x < view.scrollLeft + 40 || x > view.scrollLeft + view.clientWidth - 40 || y < view.scrollTop + 20 || y > view.scrollTop + view.clientHeight - 20;
    if (outside || always) view.scrollTo({ left: x - view.clientWidth / 2, top: y - view.clientHeight / 2 });
  }

  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") zoomTo(scale * STEP);
    else if (event.key === "-") zoomTo(scale / STEP);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomTo(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
  }, { passive: false });
  dragged(view);
  const buttons = h("div", { class: "zoom" });
  fill(buttons,
    h("button", { type: "button", class: "small quiet", "aria-label": "Smaller", onclick: () => zoomTo(scale / STEP) }, "−"),
    h("button", { type: "button", class: "small quiet", "aria-label": "Larger", onclick: () => zoomTo(scale * STEP) }, "+"),
    h("button", { type: "button", class: "small quiet", onclick: () => fit() }, "Show all"));
  function start() {
    fit(READABLE);
    reveal(START, true);
    view.scrollTop = 0;
  }

  return { view, buttons, reveal, start };
}

/** Drag by the mouse; a press that does not move stays a click on what is below it. */
function dragged(view) {
  let from = null;
  view.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop };
  });
  view.addEventListener("pointermove", (event) => {
    if (!from) return;
    const moved = [event.clientX - from.x, event.clientY - from.y];
    if (Math.hypot(...moved) < 4) return;
    if (!view.hasPointerCapture(event.pointerId)) view.setPointerCapture(event.pointerId);
    view.scrollLeft = from.left - moved[0];
    view.scrollTop = from.top - moved[1];
  });
  for (const end of ["pointerup", "pointercancel"]) view.addEventListener(end, () => { from = null; });
}
