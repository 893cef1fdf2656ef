// JSON as lines, and what has changed from one value to the next.

/**
 * @returns {{ lines: [{ depth, text, mark }], added, removed, changed }}; mark: "", "added", "removed" or "changed"
 */
export function differing(before, after) {
  const found = { lines: [], added: 0, removed: 0, changed: 0 };
  compare(found, 0, "", before, after, "", true);
  return found;
}

/** A value as lines, none of them marked. */
export function plainLines(value) {
  const found = { lines: [], added: 0, removed: 0, changed: 0 };
  whole(found, 0, "", value, "", "");
  return found.lines;
}

function compare(found, depth, key, before, after, comma) {
  if (same(before, after)) return whole(found, depth, key, after, comma, "");
  if (isObject(before) && isObject(after)) return inside(found, depth, key, after, comma, "{}", keysOf(before, after), (name) => [`${JSON.stringify(name)}: `, before[name], after[name], Object.hasOwn(before, name), Object.hasOwn(after, name)]);
  if (Array.isArray(before) && Array.isArray(after)) {
    const places = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
    return inside(found, depth, key, after, comma, "[]", places, (index) => ["", before[index], after[index], index < before.length, index < after.length]);
  }
  found.changed += 1;
  whole(found, depth, key, before, comma, "removed");
  return whole(found, depth, key, after, comma, "added");
}

function inside(found, depth, key, after, comma, brackets, places, parts) {
  found.lines.push({ depth, text: key + brackets[0], mark: "" });
  places.forEach((place, index) => {
    const end = index < places.length - 1 ? "," : "";
    const [name, was, is, wasThere, isThere] = parts(place);
    if (wasThere && isThere) compare(found, depth + 1, name, was, is, end);
    else if (isThere) {
      found.added += 1;
      whole(found, depth + 1, name, is, end, "added");
    } else {
      found.removed += 1;
      whole(found, depth + 1, name, was, end, "removed");
    }
  });
  found.lines.push({ depth, text: brackets[1] + comma, mark: "" });
}

function whole(found, depth, key, value, comma, mark) {
  const lines = JSON.stringify(value ?? null, null, 2).split("\n");
  lines.forEach((line, index) => {
    const text = line.trimStart();
    const deeper = (line.length - text.length) / 2;
    found.lines.push({ depth: depth + deeper, text: (index === 0 ? key : "") + text + (index === lines.length - 1 ? comma : ""), mark });
  });
}

function keysOf(before, after) {
  return [...Object.keys(after), ...Object.keys(before).filter((name) => !Object.hasOwn(after, name))];
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
