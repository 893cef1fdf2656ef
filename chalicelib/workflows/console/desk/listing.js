// A list that is brought up to date, and whose later pages are asked for when somebody wants them.

import { get } from "../api.js";
import { h } from "../elements.js";
import { following } from "./following.js";
import { doing, drawing } from "./pieces.js";

/**
 * @param path the API's path with its query; its answer has `of` and, where there is more, `next`
 * @param of the name of the answer's list
 * @param id the name of an entry's id
 * @param draw what makes elements of all entries that are known
 */
export function listing(root, what, { path, of, id, draw }) {
  const later = [];
  let beyond; // where the last page that was loaded ends; undefined before the first, null behind the last
  const redraw = drawing(root, (entries, more) => [draw(entries), more && h("p", { class: "more" }, doing("Show more", { act: next, done: () => looking.now() }))]);
  const looking = following(root, what, async (signal) => {
    const told = await get(path, { signal });
    if (beyond === undefined || !later.length) beyond = told.next ?? null;
    const first = new Set(told[of].map((one) => one[id]));
    return redraw([...told[of], ...later.filter((one) => !first.has(one[id]))], beyond !== null);
  });

  async function next() {
    const page = await get(`${path}${path.includes("?") ? "&" : "?"}after=${encodeURIComponent(beyond)}`);
    later.push(...page[of]);
    beyond = page.next ?? null;
    return page;
  }

  return looking;
}
