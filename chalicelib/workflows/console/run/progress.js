// A run as it is known so far: its visits, told anew as they change, and what they say of each state.

/** Keeps the answers of /executions/{id}/states together. */
export function makeProgress() {
  const visits = new Map();
  let lastEvent = 0, place = null, execution = null;
  return {
    /** Take an answer in; whether anything is new. */
    take(answer) {
      if (answer.execution) execution = answer.execution;
      const fresh = answer.lastEvent !== lastEvent;
      ({ lastEvent, place } = answer);
      for (const visit of answer.visits) visits.set(visit.id, visit);
      return fresh;
    },
    /** What to ask with for what is new. */
    get query() { return new URLSearchParams({ since: String(lastEvent), ...(place && { place }) }); },
    get execution() { return execution; },
    get visits() { return [...visits.values()].sort((one, other) => one.id - other.id); },
    visit: (id) => visits.get(id),
    visitsOf: (state) => [...visits.values()].filter((visit) => visit.state === state).sort((one, other) => one.id - other.id),
    /** { states: name -> { status, count }, taken: Set of "from|to" } for the graph. */
    tellings() {
      const states = new Map(), taken = new Set();
      for (const visit of visits.values()) {
        const known = states.get(visit.state) ?? { status: null, count: 0, id: 0, inside: visit.parent !== null };
        known.count += 1;
        known.status = worse(known, visit);
        known.id = Math.max(known.id, visit.id);
        states.set(visit.state, known);
        const from = visit.cameFrom === null ? null : visits.get(visit.cameFrom);
        if (from) taken.add(`${from.state}|${visit.state}`);
        else if (visit.parent === null) taken.add(` start|${visit.state}`);
      }
      for (const visit of visits.values()) if (visit.parent === null && visit.status === "succeeded") taken.add(`${visit.state}| end`);
      return { states, taken };
    },
  };
}

const WEIGHT = { succeeded: 0, caught: 1, stopped: 2, failed: 3, running: 4 };

/** Of a loop the latest visit counts; of items side by side the one that asks for most attention. */
function worse(known, visit) {
  if (known.status === null) return visit.status;
  if (known.status === "running" || visit.status === "running") return "running";
  if (!known.inside) return visit.id > known.id ? visit.status : known.status;
  return WEIGHT[visit.status] > WEIGHT[known.status] ? visit.status : known.status;
}
