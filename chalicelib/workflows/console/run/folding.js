// A time line in which gaps where nothing happened are folded, so that a night's wait leaves room for what was done.

const FOLDED_WIDTH = 26;
const FOLD_FROM = 6;
/** A gap is folded when it is this many times as long as all that is left unfolded would be wide on average. */

/**
 * @param moments times in milliseconds at which something happened, in any order
 * @param width in pixels
 * @returns {{ x: (time) => number, folds: [{ from, to, x, width }], start, end }}
 */
export function foldedScale(moments, width) {
  const times = [...new Set(moments)].sort((one, other) => one - other);
  const start = times[0] ?? 0, end = times.at(-1) ?? 0;
  const gaps = times.slice(1).map((time, index) => ({ from: times[index], to: time, length: time - times[index] }));
  const folded = chooseFolds(gaps);
  const plain = gaps.filter((gap) => !folded.has(gap)).reduce((sum, gap) => sum + gap.length, 0);
  const foldWidth = folded.size ? Math.min(FOLDED_WIDTH, width / (2 * folded.size)) : 0;
  const room = Math.max(1, width - folded.size * foldWidth);
  const ends = [0], folds = [];
  for (const gap of gaps) {
    const at = ends.at(-1);
    const wide = folded.has(gap) ? foldWidth : plain ? (gap.length / plain) * room : room / gaps.length;
    if (folded.has(gap)) folds.push({ from: gap.from, to: gap.to, x: at, width: foldWidth });
    ends.push(at + wide);
  }
  return { x: (time) => position(time, times, ends), folds, start, end };
}

/** The longest gaps, one after the other, as long as each dwarfs what remains. */
function chooseFolds(gaps) {
  const longest = [...gaps].sort((one, other) => other.length - one.length);
  const total = gaps.reduce((sum, gap) => sum + gap.length, 0);
  const folded = new Set();
  let rest = total;
  for (const gap of longest) {
    const without = rest - gap.length;
    if (gap.length < 1000 || gap.length * FOLD_FROM < total / 2 && gap.length < without / 2) break;
    if (without <= 0 || gap.length < without / 2) break;
    folded.add(gap);
    rest = without;
  }
  if (folded.size) { // gaps as long as those that are folded are folded too
    const shortest = Math.min(...[...folded].map((gap) => gap.length));
    for (const gap of gaps) if (gap.length >= shortest / 4 && gap.length >= 1000) folded.add(gap);
    if (folded.size === gaps.length) folded.delete(longest.at(-1));
  }
  return folded;
}

function position(time, times, ends) {
  if (!times.length) return 0;
  let low = 0, high = times.length - 1;
  if (time <= times[0]) return 0;
  if (time >= times[high]) return ends[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle;
    else high = middle;
  }
  return ends[low] + ((time - times[low]) / (times[high] - times[low])) * (ends[high] - ends[low]);
}
