// A list that is brought up to date, and whose later pages are asked for when somebody wants them.

import { get } from "../api.js";
import { h } from "../elements.js";
import { paged } from "../paging.js";
import { following } from "./following.js";
import { doing, drawing } from "./pieces.js";

/**
 * @param path the API's path with its query; its answer has `of` and, where there is more, `next`
 * @param of the name of the answer's list
 * @param id the name of an entry's id
 * @param draw what makes elements of all entries that are known
 */
export function listing(root, what, { path, of, id, draw }) {
  const pages = paged(async (place, signal) => {
    const told = await get(place ? `${path}${path.includes("?") ? "&" : "?"}after=${encodeURIComponent(place)}` : path, { signal });
    return { entries: told[of], next: told.next ?? null };
  }, id);
  const redraw = drawing(root, (entries, more) => [draw(entries), more && h("p", { class: "more" }, doing("Show more", { act: () => pages.more().then(show) }))]);
  const show = () => redraw(pages.entries, pages.next !== null);
  return following(root, what, async (signal) => {
    await pages.look(signal);
    return show();
  });
}
