// The pages of what only a laptop has.

import { tabs } from "./pieces.js";

const PAGES = [["Clock", "/laptop"], ["Slack", "/laptop/slack"], ["Mails", "/laptop/mails"], ["Faults", "/laptop/faults"]];

export function laptopTabs(path) {
  return tabs("This laptop", PAGES.map(([words, one]) => [words, `#${one}`, one === path]));
}
