// What time it is where the work is done: by the header Date of its answers. A local cloud's clock can be days ahead.

const JITTER_MS = 2000;

let ahead = 0;

/** Take the header of an answer. Its seconds are whole, so small differences are left alone. */
export function noteServerTime(header) {
  const told = Date.parse(header ?? "");
  if (Number.isNaN(told)) return;
  const differs = told - now();
  if (Math.abs(differs) > JITTER_MS) ahead += differs;
}

/** Milliseconds since 1970, there. */
export function now() {
  return Date.now() + ahead;
}
