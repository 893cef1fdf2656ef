// The API, as the signed-in person sees it. Addresses are relative to this file, so that a stage's path stays in them.

import { noteDate } from "./time.js";

const HOME = new URL("..", import.meta.url);
const KEPT = "signalbox.token";
const PATIENCE_MS = 60_000;
/** API Gateway answers within 29 s; a question that is lost on its way (a laptop that slept) must not be waited for for ever. */

/** An answer that is no success (RFC 9457), or no answer at all: then its status is 0. */
export class Problem extends Error {
  constructor(status, told = {}, retryAfterSeconds = null) {
    super(told.detail || told.title || told.message || `The server answered ${status}`);
    this.status = status;
    this.errors = told.errors ?? [];
    this.requestId = told.requestId ?? null;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function token() {
  return sessionStorage.getItem(KEPT);
}

export function keepToken(given) {
  sessionStorage.setItem(KEPT, given);
}

export function forgetToken() {
  sessionStorage.removeItem(KEPT);
}

/** Ask; the answer's JSON comes back, a Problem is thrown. A token that is refused brings the sign-in page back. */
export async function get(path, options = {}) {
  return (await ask("GET", path, options)).body;
}

/** Send a change. */
export async function post(path, body = {}, options = {}) {
  return (await ask("POST", path, { ...options, body })).body;
}

/** Send with any method: { status, headers, body }. `body` is null for 204 and 304. */
export async function ask(method, path, { body, headers = {}, signal, as = token() } = {}) {
  const sent = { Accept: "application/json", ...headers };
  if (as) sent.Authorization = `Bearer ${as}`;
  if (body !== undefined) sent["Content-Type"] = "application/json";
  const until = AbortSignal.any([signal, method === "GET" && AbortSignal.timeout(PATIENCE_MS)].filter(Boolean));
  let answer, told;
  try {
    const url = new URL(path.replace(/^\//, ""), HOME);
    answer = await fetch(url, {
      method, headers: sent, signal: until, cache: "no-store", body: body === undefined ? undefined : JSON.stringify(body),
    });
    noteDate(answer.headers.get("Date"));
    told = await bodyOf(answer);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { detail: error.name === "TimeoutError" ? "The server does not answer" : "The server cannot be reached" });
  }
  if (answer.ok || answer.status === 304) return { status: answer.status, headers: answer.headers, body: told };
  const wait = Number(answer.headers.get("Retry-After"));
  const problem = new Problem(answer.status, told ?? {}, wait > 0 ? wait : null);
  if (answer.status === 401 && as === token()) window.dispatchEvent(new CustomEvent("signalbox:refused", { detail: problem.message }));
  throw problem;
}

/** A part of a path. Ids of runs have a colon, which may stand there as it is, and not every gateway reads it otherwise. */
export function segment(text) {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}

let found = null;

/** What only a local cloud can do: ["runs", "clock", ...]. Nothing on AWS, where the address does not exist. */
export function localDoors() {
  found ??= ask("GET", "_localcloud").then((answer) => answer.body?.doors ?? []).catch((problem) => {
    if (!problem.status || problem.status >= 429) found = null; // no answer is no "no": asked again the next time
    return [];
  });
  return found;
}

/** Ask again what is local: after signing in. */
export function forgetLocalDoors() {
  found = null;
}

async function bodyOf(answer) {
  if (answer.status === 204 || answer.status === 304) return null;
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return answer.ok ? text : { detail: `The server answered ${answer.status} ${answer.statusText}` };
  }
}
