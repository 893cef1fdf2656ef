// Keeps a page up to date: asks again and again, at most once a second, less often while nothing changes, not at all
// while the page is hidden.

const FASTEST_MS = 1000;
const SLOWEST_MS = 10_000;
const SLOWEST_AFTER_ERROR_MS = 30_000;

/**
 * Call `look` now and then. It returns whether anything has changed ("end" when nothing will any more).
 * @returns {{stop: () => void, now: () => void}} `now` looks again soon: after a change made here.
 */
export function keepLooking(look, { fastest = FASTEST_MS, slowest = SLOWEST_MS } = {}) {
  let pause = fastest, failures = 0, timer = null, stopped = false, looking = false;
  const stopper = new AbortController();

  async function turn() {
    if (stopped || looking) return;
    if (document.hidden) return; // the page's being shown again goes on
    looking = true;
    try {
      const changed = await look(stopper.signal);
      if (failures) say("");
      failures = 0;
      pause = changed ? fastest : Math.min(slowest, pause * 1.4);
      if (changed === "end") pause = slowest;
    } catch (problem) {
      if (problem.name === "AbortError" || problem.status === 401) return;
      failures += 1;
      pause = Math.min(SLOWEST_AFTER_ERROR_MS, (problem.retryAfterSeconds ?? 2 ** failures) * 1000);
      say(`${problem.message}. Trying again in ${Math.round(pause / 1000)} s.`);
    } finally {
      looking = false;
    }
    wait(pause);
  }

  function wait(milliseconds) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(turn, milliseconds);
  }

  function shown() {
    if (!document.hidden) wait(50);
  }

  document.addEventListener("visibilitychange", shown);
  turn();
  return {
    stop() {
      stopped = true;
      stopper.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", shown);
      say("");
    },
    now() {
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
