// Puts the nodes of one scope into layers, from the start downwards, with few crossings.
//
// After Sugiyama, Tagawa and Toda (1981): edges that lead back are turned round, each node lies a layer below the lowest
// it can be reached from, an edge over several layers gets a bend in each, and layers are sorted by their neighbours.

const SWEEPS = 24;

/**
 * { layers: [[item]], chains: [{ edge, items: [item], turned }] }: the items of a chain lie one layer apart, downwards.
 * An item is { id, node } or, for a bend, { id, node: null }.
 */
export function layered(scope) {
  const turned = backEdges(scope);
  const down = scope.edges.filter((edge) => edge.from !== edge.to).map((edge) => {
    const back = turned.has(edge);
    return { edge, turned: back, from: back ? edge.to : edge.from, to: back ? edge.from : edge.to };
  });
  const rank = ranks(scope.nodes.map((node) => node.id), down);
  const items = new Map(scope.nodes.map((node) => [node.id, { id: node.id, node, up: [], down: [] }]));
  const layers = [];
  for (const node of scope.nodes) (layers[rank.get(node.id)] ??= []).push(items.get(node.id));
  const chains = down.map((one) => ({ edge: one.edge, turned: one.turned, items: chain(one, rank, items, layers) }));
  return { layers: sorted(layers), chains };
}

/** Edges that would close a circle, found on a walk from the start. */
function backEdges(scope) {
  const out = new Map();
  for (const edge of scope.edges) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  const back = new Set(), state = new Map();
  for (const root of scope.nodes) {
    if (state.has(root.id)) continue;
    const stack = [[root.id, 0]];
    state.set(root.id, "open");
    while (stack.length) {
      const top = stack[stack.length - 1];
      const edge = (out.get(top[0]) ?? [])[top[1]];
      top[1] += 1;
      if (!edge) {
        state.set(top[0], "done");
        stack.pop();
      } else if (state.get(edge.to) === "open") back.add(edge);
      else if (!state.has(edge.to)) {
        state.set(edge.to, "open");
        stack.push([edge.to, 0]);
      }
    }
  }
  return back;
}

function ranks(ids, down) {
  const rank = new Map(ids.map((id) => [id, 0]));
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const { to } of down) waiting.set(to, waiting.get(to) + 1);
  const ready = ids.filter((id) => !waiting.get(id));
  while (ready.length) {
    const id = ready.shift();
    for (const { from, to } of down) {
      if (from !== id) continue;
      rank.set(to, Math.max(rank.get(to), rank.get(id) + 1));
      waiting.set(to, waiting.get(to) - 1);
      if (!waiting.get(to)) ready.push(to);
    }
  }
  return rank;
}

/** The items an edge runs through. Edges of errors that lead to one place share their bends: one line, not twenty. */
function chain(one, rank, items, layers) {
  const shared = one.edge.kind === "catch" && !one.turned;
  const found = [items.get(one.from)];
  for (let layer = rank.get(one.from) + 1; layer < rank.get(one.to); layer += 1) {
    const id = shared ? `catch ${one.to} ${layer}` : `bend ${one.from} ${one.to} ${one.edge.kind} ${layer}`;
    if (!items.has(id)) {
      items.set(id, { id, node: null, up: [], down: [], shared });
      layers[layer].push(items.get(id));
    }
    found.push(items.get(id));
  }
  found.push(items.get(one.to));
  for (let i = 1; i < found.length; i += 1) {
    if (found[i - 1].down.includes(found[i])) continue;
    found[i - 1].down.push(found[i]);
    found[i].up.push(found[i - 1]);
  }
  return found;
}

function sorted(layers) {
  let best = layers.map((layer) => [...layer]), fewest = crossings(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const downwards = sweep % 2 === 0;
    const order = downwards ? layers.keys() : [...layers.keys()].reverse();
    for (const index of order) sortLayer(layers[index], downwards ? layers[index - 1] : layers[index + 1], downwards ? "up" : "down");
    for (let index = 0; index < layers.length; index += 1) swapNeighbours(layers, index);
    const count = crossings(layers);
    if (count < fewest) {
      fewest = count;
      best = layers.map((layer) => [...layer]);
    }
  }
  return best;
}

function sortLayer(layer, fixed, side) {
  if (!fixed) return;
  const place = new Map(fixed.map((item, index) => [item, index]));
  const mean = new Map(layer.map((item, index) => {
    const places = item[side].map((other) => place.get(other)).filter((found) => found !== undefined);
    return [item, places.length ? places.reduce((sum, one) => sum + one, 0) / places.length : index];
  }));
  layer.sort((one, other) => mean.get(one) - mean.get(other));
}

function swapNeighbours(layers, index) {
  const layer = layers[index];
  const around = layers.slice(Math.max(0, index - 1), index + 2);
  for (let i = 1; i < layer.length; i += 1) {
    const before = crossings(around);
    [layer[i - 1], layer[i]] = [layer[i], layer[i - 1]];
    if (crossings(around) >= before) [layer[i - 1], layer[i]] = [layer[i], layer[i - 1]];
  }
}

/** How often edges between neighbouring layers cross. */
export function crossings(layers) {
  let count = 0;
  for (let index = 0; index + 1 < layers.length; index += 1) {
    const place = new Map(layers[index + 1].map((item, at) => [item, at]));
    const ends = [];
    for (const item of layers[index]) {
      const here = item.down.map((other) => place.get(other)).filter((found) => found !== undefined);
      for (const end of here) for (const other of ends) if (other > end) count += 1;
      ends.push(...here);
    }
  }
  return count;
}
