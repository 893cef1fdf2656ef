// Slack's mrkdwn as elements: *bold*, _italic_, ~struck~, `code`, <https://...|words>, <@U123>, <#C123|name>, > quotes.
// What people wrote is text all along; only these marks become elements.

import { h } from "../elements.js";

const MARK = /```([\s\S]+?)```|`([^`\n]+)`|<([^>\n]+)>|\*(?=\S)([^*\n]*[^*\s\n])\*|(?<![A-Za-z0-9])_(?=\S)([^_\n]*[^_\s\n])_(?![A-Za-z0-9])|~(?=\S)([^~\n]*[^~\s\n])~|:([a-z0-9_+-]+):|(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)])/g;
const EMOJI = new Map([
  ["white_check_mark", "✅"], ["x", "❌"], ["warning", "⚠️"], ["rotating_light", "🚨"], ["hourglass", "⌛"], ["bell", "🔔"], ["eyes", "👀"], ["memo", "📝"], ["tada", "🎉"],
]);

/** Nodes of a text; `people` has names by id. */
export function marked(text, people) {
  const lines = text.split("\n").map((line) => (line.startsWith("&gt; ") ? h("span", { class: "said-quote" }, inline(line.slice(5), people)) : inline(line, people)));
  return lines.flatMap((line, i) => (i ? [h("br", {}), line] : [line]));
}

/** The characters that Slack wants escaped. */
export function plain(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function inline(text, people) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(MARK)) {
    if (found.index > from) nodes.push(plain(text.slice(from, found.index)));
    from = found.index + found[0].length;
    nodes.push(element(found, people));
  }
  if (from < text.length) nodes.push(plain(text.slice(from)));
  return nodes;
}

function element([whole, block, code, angled, bold, italic, struck, emoji, address], people) {
  if (block) return h("pre", {}, plain(block));
  if (code) return h("code", {}, plain(code));
  if (angled) return reference(angled, people);
  if (bold) return h("strong", {}, inline(bold, people));
  if (italic) return h("em", {}, inline(italic, people));
  if (struck) return h("s", {}, inline(struck, people));
  if (address) return h("a", { href: plain(address), target: "_blank", rel: "noopener noreferrer" }, plain(address));
  return EMOJI.get(emoji) ?? whole;
}

function reference(inside, people) {
  const [target, words] = inside.split("|");
  if (target.startsWith("@")) return h("span", { class: "mention" }, `@${words ?? (Object.hasOwn(people, target.slice(1)) ? people[target.slice(1)] : target.slice(1))}`);
  if (target.startsWith("#")) return h("span", { class: "mention" }, `#${words ?? target.slice(1)}`);
  if (target.startsWith("!")) return h("span", { class: "mention" }, plain(words ?? `@${target.slice(1)}`));
  if (!/^(https?|mailto):/.test(target)) return plain(`<${inside}>`);
  return h("a", { href: plain(target), target: "_blank", rel: "noopener noreferrer" }, plain(words ?? target));
}
