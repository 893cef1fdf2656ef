// How people read it: times, durations, money, statuses.

const STATUS = {
  RUNNING: ["Running", "running"],
  SUCCEEDED: ["Succeeded", "ok"],
  FAILED: ["Failed", "bad"],
  TIMED_OUT: ["Took too long", "bad"],
  ABORTED: ["Stopped", "stopped"],
  PENDING_REDRIVE: ["About to go on", "waiting"],
};

/** [words, tone] of a run's status. */
export function statusWords(status) {
  return STATUS[status] ?? [status, "stopped"];
}

/** 0.042 -> "42 ms", 3.4 -> "3.4 s", 75 -> "1 min 15 s", 90000 -> "1 d 1 h". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "–";
  if (seconds <= 0) return "0 s";
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${trimmed(seconds, seconds < 9.95 ? 1 : 0)} s`;
  const parts = [["d", 86_400], ["h", 3600], ["min", 60], ["s", 1]];
  let rest = Math.round(seconds);
  const said = [];
  for (const [unit, size] of parts) {
    const count = Math.floor(rest / size);
    if (count || said.length) said.push(count ? `${count} ${unit}` : null);
    rest -= count * size;
    if (said.length === 2) break;
  }
  return said.filter(Boolean).join(" ");
}

/** "12 s ago", "in 5 min". `now` in milliseconds. */
export function relative(time, now) {
  const seconds = (now - new Date(time)) / 1000;
  if (Math.abs(seconds) < 2) return "just now";
  const words = coarse(Math.abs(seconds));
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

const DATE = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" };

/** "21 Nov 2026, 14:03:22" in the reader's zone. */
export function absolute(time) {
  return new Date(time).toLocaleString("en-GB", DATE);
}

/** "21 Nov 2026, 14:03:22 GMT-5". */
export function absoluteWithZone(time) {
  return new Date(time).toLocaleString("en-GB", { ...DATE, timeZoneName: "short" });
}

/** Dollars of one run, as exact as it helps: "$1.20", "4.5 ¢", "0.0077 ¢". */
export function dollars(amount) {
  if (amount === null || amount === undefined) return "–";
  if (amount >= 0.1) return `$${amount.toFixed(2)}`;
  return `${trimmed(amount * 100, amount >= 0.001 ? 2 : 4)} ¢`;
}

/** 0.987 -> "98.7 %". */
export function percent(share) {
  if (share === null || share === undefined) return "–";
  return `${trimmed(share * 100, 1)} %`;
}

/** 12345 -> "12,345". */
export function count(number) {
  return number.toLocaleString("en-GB");
}

const ACRONYMS = /\b(sme|pdf|sms|api|ivr|rag|sla)\b/g;

/** "campaign-execution" -> "Campaign execution", "sme-matching" -> "SME matching". */
export function titled(name) {
  const spaced = name.replaceAll(/[-_]/g, " ").replaceAll(ACRONYMS, (word) => word.toUpperCase());
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** "CheckCampaignStatus" -> "Check campaign status". */
export function spoken(state) {
  if (!/^[A-Za-z0-9 _-]+$/.test(state)) return state;
  const words = state.match(/[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? [state];
  return words.map((word, i) => (i === 0 || /^[A-Z]{2,}s?$/.test(word) ? word : word.toLowerCase())).join(" ");
}

function coarse(seconds) {
  for (const [unit, size] of [["d", 86_400], ["h", 3600], ["min", 60]]) {
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  }
  return `${Math.floor(seconds)} s`;
}

function trimmed(number, digits) {
  return String(Number(number.toFixed(digits)));
}
