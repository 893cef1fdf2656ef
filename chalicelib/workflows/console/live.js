// Keeps a page up to date: asks again and again, at most once a second, less often while nothing changes, not at all
// while the page is hidden.

const FASTEST_MS = 1000;
const SLOWEST_MS = 10_000;
const SLOWEST_AFTER_ERROR_MS = 30_000;

/**
 * Call `look` now and then. It returns whether anything has changed ("end" when nothing will any more).
 * @returns {{stop: () => void, now: () => void}} `now`, after a change made here, looks again soon and forgets the look
 *   that is under way: what that one sees may be older than the change.
 */
export function keepLooking(look, { fastest = FASTEST_MS, slowest = SLOWEST_MS } = {}) {
  let pause = fastest, failures = 0, timer = null, stopped = false, underWay = null, begun = -Infinity;

  async function turn() {
    if (stopped || underWay || document.hidden) return; // the page's being shown again goes on
    const mine = new AbortController();
    underWay = mine;
    begun = performance.now();
    try {
      const changed = await look(mine.signal);
      if (mine.signal.aborted) return;
      if (failures) say("");
      failures = 0;
      pause = changed ? fastest : Math.min(slowest, pause * 1.4);
      if (changed === "end") pause = slowest;
    } catch (problem) {
      if (mine.signal.aborted || problem.status === 401) return;
      failures += 1;
      pause = (problem.retryAfterSeconds ?? Math.min(SLOWEST_AFTER_ERROR_MS / 1000, 2 ** failures)) * 1000;
      say(`${problem.message}. Trying again in ${Math.round(pause / 1000)} s.`);
    } finally {
      if (underWay === mine) underWay = null;
    }
    wait(pause);
  }

  function wait(milliseconds) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(turn, milliseconds);
  }

  function shown() {
    if (document.hidden) return;
    const soonest = failures ? pause : FASTEST_MS;
    wait(Math.max(50, begun + soonest - performance.now()));
  }

  document.addEventListener("visibilitychange", shown);
  turn();
  return {
    stop() {
      stopped = true;
      underWay?.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", shown);
      say("");
    },
    now() {
      underWay?.abort();
      underWay = null;
      pause = fastest;
      wait(FASTEST_MS);
    },
  };
}

/** Show how the connection is, above the page; nothing when all is well. */
function say(text) {
  const line = document.getElementById("connection");
  if (!line) return;
  line.textContent = text;
  line.hidden = !text;
}
