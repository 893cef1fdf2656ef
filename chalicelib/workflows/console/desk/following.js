// A page that follows one thing, or a list of them: asks again, lets its times go on, says when the thing is not there.

import { fill, h } from "../elements.js";
import { keepLooking } from "../live.js";
import { keepTicking } from "./moments.js";
import { empty } from "./pieces.js";

/** See `keepLooking`; `what` is named where there is none of that name: "contract". */
export function following(root, what, look, options = { fastest: 2000 }) {
  const looking = keepLooking(async (signal) => {
    try {
      return await look(signal);
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      fill(root, h("h1", { tabindex: "-1" }, `There is no such ${what}`), empty("The address may be mistyped", "Or it was made on another machine, or before this one was started anew."));
      return "end";
    }
  }, options);
  const still = keepTicking(root);
  return { now: looking.now, stop: () => { looking.stop(); still(); } };
}
