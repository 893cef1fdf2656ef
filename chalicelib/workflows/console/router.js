// Finds the page of an address: "#/runs/orders:42?state=7" is the page whose path is "/runs/:id".

/** { page, params, query } of location.hash; page is null where none has this path. */
export function whereTo(hash, pages) {
  const [path, search = ""] = hash.replace(/^#/, "").split("?");
  const query = Object.fromEntries(new URLSearchParams(search));
  for (const page of pages) {
    const params = matched(page.path, path || "/");
    if (params) return { page, params, query };
  }
  return { page: null, params: {}, query };
}

/** The address of a page: link("/runs/:id", { id: "orders:42" }). */
export function link(path, params = {}, query = {}) {
  const filled = path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(params[name]));
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null && value !== "")).toString();
  return `#${filled}${search ? `?${search}` : ""}`;
}

/** Change the address's query without going anywhere. */
export function noteInAddress(query) {
  const [path] = location.hash.split("?");
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null && value !== "")).toString();
  history.replaceState(null, "", `${path || "#/"}${search ? `?${search}` : ""}`);
}

function matched(pattern, path) {
  const wanted = pattern.split("/"), given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params = {};
  for (let i = 0; i < wanted.length; i += 1) {
    if (wanted[i].startsWith(":")) params[wanted[i].slice(1)] = decoded(given[i]);
    else if (wanted[i] !== given[i]) return null;
  }
  return params;
}

/** What stands behind percent signs; a text that is no such thing stays as it is. */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
