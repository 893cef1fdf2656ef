// Reads a state machine's definition (Amazon States Language) into scopes of nodes and edges.
//
//   scope  { nodes: [node], edges: [edge], start: id }
//   node   { id, type, scopes: [scope] }     scopes: the branches of a Parallel, the inside of a Map
//   edge   { from, to, kind }                kind: "next", "choice" or "catch"

export const START = " start";
export const END = " end";
/** Names of the two points that are no states: no state's name begins with a space. */

export function readDefinition(definition) {
  const scope = readScope(definition);
  scope.nodes.unshift({ id: START, type: "Start", scopes: [] });
  scope.edges.unshift({ from: START, to: definition.StartAt, kind: "next" });
  const ends = Object.entries(definition.States).filter(([, state]) => state.End).map(([name]) => name);
  if (ends.length) scope.nodes.push({ id: END, type: "End", scopes: [] });
  scope.edges.push(...ends.map((name) => ({ from: name, to: END, kind: "next" })));
  return scope;
}

/** Every state by name, those inside others too. */
export function statesOf(definition, found = new Map()) {
  for (const [name, state] of Object.entries(definition.States ?? {})) {
    found.set(name, state);
    for (const inner of insidesOf(state)) statesOf(inner, found);
  }
  return found;
}

function readScope(machine) {
  const nodes = [], edges = [];
  for (const [id, state] of Object.entries(machine.States ?? {})) {
    nodes.push({ id, type: state.Type, scopes: insidesOf(state).map(readScope) });
    const seen = new Set();
    for (const [to, kind] of waysOut(state)) {
      if (!seen.has(to)) edges.push({ from: id, to, kind });
      seen.add(to);
    }
  }
  const known = new Set(nodes.map((node) => node.id));
  return { nodes, edges: edges.filter((edge) => known.has(edge.to)), start: machine.StartAt };
}

function* waysOut(state) {
  if (state.Next) yield [state.Next, "next"];
  for (const choice of state.Choices ?? []) yield [choice.Next, "choice"];
  if (state.Default) yield [state.Default, "choice"];
  for (const one of state.Catch ?? []) yield [one.Next, "catch"];
}

function insidesOf(state) {
  return [...(state.Branches ?? []), state.ItemProcessor ?? state.Iterator].filter(Boolean);
}
