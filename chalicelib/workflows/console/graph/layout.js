// Gives every node and edge of a definition its place, those inside Parallel and Map within their state.
//
//   { width, height, nodes: [{ id, type, x, y, width, height, compound }], edges: [{ from, to, kind, points }] }
//
// x and y are the upper left corner, in the coordinates of the whole picture. An edge's points go from its source to its
// target, in pairs that are joined by straight lines downwards and by curves between.

import { layered } from "./layers.js";

export const NODE = { width: 172, height: 46 };
const POINT = { width: 26, height: 26 };
const GAP_X = 24, BEND_GAP_X = 16, GAP_Y = 36, INSIDE = 16, HEAD = 34, BEND_WIDTH = 6;
const PASSES = 16, BALANCED = 4;
/** The last sweeps heed neighbours on both sides, so that what was placed last pulls the others along. */

export function layOut(scope) {
  const picture = placeScope(scope);
  return { width: picture.width, height: picture.height, nodes: picture.nodes, edges: picture.edges };
}

function placeScope(scope) {
  const sizes = new Map(scope.nodes.map((node) => [node.id, sized(node)]));
  const { layers, chains } = layered(scope);
  const items = layers.flat();
  for (const item of items) item.width = item.node ? sizes.get(item.id).width : BEND_WIDTH;
  placeAcross(layers);
  placeDown(layers, sizes);
  const left = Math.min(...items.map((item) => item.x - item.width / 2));
  for (const item of items) item.x -= left;
  const loops = scope.edges.filter((edge) => edge.from === edge.to);
  const picture = { nodes: [], edges: [], width: 0, height: 0 };
  for (const item of items.filter((one) => one.node)) addNode(picture, item, sizes.get(item.id));
  spreadEnds(chains);
  picture.edges.push(...chains.map(route));
  picture.edges.push(...loops.map((edge) => loop(edge, items.find((item) => item.id === edge.from))));
  picture.width = Math.max(...items.map((item) => item.x + item.width / 2)) + (loops.length ? 24 : 0);
  picture.height = Math.max(...items.map((item) => item.y + item.height));
  return picture;
}

/** A node's size; of one with others inside, these are placed first. */
function sized(node) {
  if (node.type === "Start" || node.type === "End") return { ...POINT, inside: [] };
  if (!node.scopes.length) return { ...NODE, inside: [] };
  const inside = node.scopes.map(placeScope);
  const width = inside.reduce((sum, one) => sum + one.width, 0) + INSIDE * (inside.length + 1);
  const height = Math.max(...inside.map((one) => one.height)) + HEAD + INSIDE;
  return { width: Math.max(width, NODE.width), height, inside, spare: Math.max(0, NODE.width - width) };
}

function addNode(picture, item, size) {
  const x = item.x - item.width / 2, y = item.y;
  picture.nodes.push({ id: item.id, type: item.node.type, x, y, width: size.width, height: size.height, compound: size.inside.length > 0 });
  let across = x + INSIDE + (size.spare ?? 0) / 2;
  for (const inner of size.inside) {
    picture.nodes.push(...inner.nodes.map((node) => ({ ...node, x: node.x + across, y: node.y + y + HEAD })));
    picture.edges.push(...inner.edges.map((edge) => ({ ...edge, points: edge.points.map(([px, py]) => [px + across, py + y + HEAD]) })));
    across += inner.width + INSIDE;
  }
}

/** x of each item's middle: as near to its neighbours as the width of its layer allows. */
function placeAcross(layers) {
  for (const layer of layers) settle(layer, layer.map(() => 0), layer.map(() => 1));
  for (let pass = 0; pass < PASSES; pass += 1) {
    const downwards = pass % 2 === 0;
    const order = downwards ? [...layers.keys()] : [...layers.keys()].reverse();
    for (const index of order) {
      const layer = layers[index];
      const wish = layer.map((item) => wished(item, downwards ? item.up : item.down, pass >= PASSES - BALANCED ? [...item.up, ...item.down] : null));
      settle(layer, wish, layer.map(weight));
    }
  }
}

function wished(item, neighbours, all) {
  const near = all ?? neighbours;
  if (!near.length) return item.x;
  let sum = 0, total = 0;
  for (const other of near) {
    const pull = other.node || item.node ? 1 : 4; // long edges are kept straight
    sum += pull * other.x;
    total += pull;
  }
  return sum / total;
}

function weight(item) {
  return item.node ? 2 : item.shared ? 0.5 : 1;
}

/** Places as near to the wished ones as separation allows, least squares: pool adjacent violators. */
function settle(layer, wish, weights) {
  const blocks = [];
  let offset = 0;
  const offsets = layer.map((item, index) => {
    if (index) offset += (layer[index - 1].width + item.width) / 2 + (item.node && layer[index - 1].node ? GAP_X : BEND_GAP_X);
    return offset;
  });
  layer.forEach((item, index) => {
    let block = { sum: weights[index] * (wish[index] - offsets[index]), weight: weights[index], count: 1 };
    while (blocks.length && blocks[blocks.length - 1].sum / blocks[blocks.length - 1].weight > block.sum / block.weight) {
      const before = blocks.pop();
      block = { sum: before.sum + block.sum, weight: before.weight + block.weight, count: before.count + block.count };
    }
    blocks.push(block);
  });
  let index = 0;
  for (const block of blocks) {
    for (let i = 0; i < block.count; i += 1, index += 1) layer[index].x = block.sum / block.weight + offsets[index];
  }
}

function placeDown(layers, sizes) {
  let y = 0;
  for (const layer of layers) {
    const height = Math.max(...layer.map((item) => (item.node ? sizes.get(item.id).height : 0)));
    for (const item of layer) {
      item.height = item.node ? sizes.get(item.id).height : height;
      item.y = item.node ? y + (height - item.height) / 2 : y;
    }
    y += height + GAP_Y;
  }
}

/** Edges that meet at a node do not all meet at one point. */
function spreadEnds(chains) {
  const ends = new Map();
  for (const one of chains) {
    one.ends = [0, 0];
    const [first, second, beforeLast, last] = [one.items[0], one.items[1], one.items.at(-2), one.items.at(-1)];
    for (const [item, side, place, other] of [[first, "below", 0, second], [last, "above", 1, beforeLast]]) {
      const key = `${item.id}|${side}`;
      ends.set(key, [...(ends.get(key) ?? []), { one, place, other, item }]);
    }
  }
  for (const met of ends.values()) {
    const groups = [...new Map(met.map((end) => [`${end.other.id}|${end.one.turned}`, end.other.x + (end.one.turned ? 1 : 0)])).entries()];
    groups.sort((one, other) => one[1] - other[1]);
    const step = Math.min(18, (met[0].item.width * 0.5) / groups.length);
    const at = new Map(groups.map(([key], index) => [key, (index - (groups.length - 1) / 2) * step]));
    for (const end of met) end.one.ends[end.place] = at.get(`${end.other.id}|${end.one.turned}`);
  }
}

function route({ edge, turned, items, ends }) {
  const points = [];
  items.forEach((item, index) => {
    if (index === 0) points.push([item.x + ends[0], item.y + item.height]);
    else if (index === items.length - 1) points.push([item.x + ends[1], item.y]);
    else points.push([item.x, item.y], [item.x, item.y + item.height]);
  });
  return { from: edge.from, to: edge.to, kind: edge.kind, points: turned ? points.reverse() : points };
}

function loop(edge, item) {
  const right = item.x + item.width / 2, middle = item.y + item.height / 2;
  return { from: edge.from, to: edge.to, kind: edge.kind, loop: true, points: [[right, middle + 10], [right + 22, middle], [right, middle - 10]] };
}
