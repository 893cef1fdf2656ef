// The workflows: how each has been doing.

import { get } from "../api.js";
import { fill, h } from "../elements.js";
import { keepLooking } from "../live.js";
import { titled } from "../words.js";

export const page = { path: "/", title: "Workflows", nav: { label: "Workflows", order: 1 }, render };

function render(root) {
  const list = h("ul", {});
  fill(root, h("h1", { tabindex: "-1" }, "Workflows"), list);
  const looking = keepLooking(async (signal) => {
    const { workflows } = await get("workflows", { signal });
    fill(list, workflows.map((one) => h("li", {}, titled(one.name))));
    return false;
  });
  return looking.stop;
}
