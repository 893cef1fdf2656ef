// The laptop's clock: wait for nothing.

import { get, post } from "../api.js";
import { card, doing, head } from "../desk/pieces.js";
import { announce } from "../dialog.js";
import { laptopTabs } from "../desk/laptop.js";
import { fill, h } from "../elements.js";
import { keepLooking } from "../live.js";
import { now } from "../time.js";
import { absolute, absoluteWithZone, relative } from "../words.js";

export const page = { path: "/laptop", title: "This laptop", nav: { label: "Laptop", order: 90, needs: "clock" }, render };

const PATH = "_localcloud/clock";
const SKIPS = [["Skip an hour", 3600], ["Skip 24 hours", 86_400], ["Skip a week", 604_800]];
const SPEEDS = [1, 10, 100];

function render(root) {
  const time = h("p", { class: "big-clock" });
  const next = h("p", { class: "muted" });
  const busy = h("p", { class: "notice", role: "status", hidden: true }, "On the way: what is due in the meantime happens, in its order.");
  const fieldset = h("fieldset", { class: "speeds" }, h("legend", {}, "How fast time goes by"));
  const speeds = SPEEDS.map((speed) => {
    const input = h("input", { type: "radio", name: "speed", id: `speed-${speed}`, value: speed, onchange: () => change({ speed }) });
    fieldset.append(h("span", {}, input, h("label", { for: `speed-${speed}` }, speed === 1 ? "As it is" : `${speed} times as fast`)));
    return input;
  });
  const skip = (words, wish) => doing(words, { key: words, act: () => change(wish), done: () => announce(`${words}: it is now ${absolute(now())}`) });
  fill(root, head("This laptop", "Everything here follows one clock: waits, schedules, reminders, calls."), laptopTabs("/laptop"),
    card(null, h("div", { class: "clock-face" }, time, next),
      h("div", { class: "actions" }, skip("To what is due next", { skip_to_next: true }), SKIPS.map(([words, seconds]) => skip(words, { skip_seconds: seconds }))),
      busy, fieldset));

  let reading = null;
  function show() {
    if (!reading) return;
    time.textContent = absoluteWithZone(now());
    next.textContent = reading.next ? `Due next: ${absolute(reading.next)}, ${relative(reading.next, now())}` : "Nothing is due; time will pass by itself.";
    for (const input of speeds) input.checked = Number(input.value) === reading.speed;
  }
  async function change(wish) {
    busy.hidden = !("skip_seconds" in wish || "skip_to_next" in wish);
    try {
      reading = await post(PATH, wish);
      looking.now();
    } finally {
      busy.hidden = true;
    }
    show();
    return reading;
  }
  const looking = keepLooking(async (signal) => {
    const before = reading?.next;
    reading = await get(PATH, { signal });
    show();
    return before !== reading.next;
  }, { fastest: 1000, slowest: 2000 });
  const timer = setInterval(show, 1000);
  return () => { looking.stop(); clearInterval(timer); };
}
