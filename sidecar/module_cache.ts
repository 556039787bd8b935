/**
 * What of Vite's answers is kept in memory: only what Vite itself calls immutable, and what makes it stale.
 *
 * Vite turns the source map of a pre-bundled dependency into text anew for every request: 14 ms for the 3.1 MB
 * of react-dom, in which nobody else is served. A URL with a version hash never changes its meaning while one
 * Vite runs, so the answer is kept until Vite restarts or sends a full reload.
 *
 * @module
 */
import type { Field } from "./http1.ts";
import type { RequestTarget } from "./request_target.ts";

/** A kept answer. */
export interface KeptAnswer {
  readonly fields: readonly Field[];
  readonly body: Uint8Array;
  /** The value of its `ETag`, or `undefined`. */
  readonly etag: string | undefined;
}

/** What decides whether a request may be answered from memory. */
export interface CacheRequest {
  readonly method: string;
  header(name: string): string | null;
}

/** Larger answers are passed through: reading one whole before its first byte goes out would be felt. */
export const MAX_KEPT_BYTES: number = 16 * 1024 * 1024;

/** Fields that are taken out of a request whose answer may be kept: the answer must not depend on them. */
export const UNKEPT_REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "origin",
  "if-none-match",
  "if-modified-since",
]);

const DOCUMENTS = new Set(["document", "iframe", "frame", "fencedframe"]);
const VERSION_REGEXP = /[?&]v=[\w-]/;

/**
 * The key under which the answer to a request may be kept.
 *
 * Browsers send their own `Origin` with every module, so the caller checks that first: only requests of this very
 * origin come here.
 *
 * @returns The key, or `undefined` if the answer must not be kept.
 */
export function cacheKey(
  request: CacheRequest,
  { target, search }: Pick<RequestTarget, "target" | "search">,
): string | undefined {
  if (request.method !== "GET" || !VERSION_REGEXP.test(search)) return undefined;
  if (request.header("range") !== null) return undefined;
  const destination = request.header("sec-fetch-dest") ?? "";
  if (DOCUMENTS.has(destination)) return undefined;
  const accept = request.header("accept") ?? "";
  // Vite answers a document, a ping and a stylesheet differently under one URL.
  if (accept.includes("text/html") || accept.includes("text/x-vite-ping")) return undefined;
  const kind = accept.includes("text/css") ? "css" : destination === "script" ? "script" : "other";
  return `${kind} ${target}`;
}

/** Whether an answer may be kept: complete, public, immutable, and the same for all who ask from here. */
export function isKeepable(status: number, fields: readonly Field[]): boolean {
  if (status !== 200) return false;
  let immutable = false;
  for (const [name, value] of fields) {
    if (name === "cache-control") {
      immutable = /\bimmutable\b/.test(value) && !/\bprivate\b|no-store/.test(value);
    }
    // A coded body suits only those who ask with the same Accept-Encoding.
    if (name === "set-cookie" || name === "content-range" || name === "content-encoding") {
      return false;
    }
    if (name === "vary" && value.toLowerCase() !== "origin") return false;
  }
  return immutable;
}

/** Whether `If-None-Match` names an entity tag, by weak comparison (RFC 9110 §13.1.2). */
export function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === "*") return true;
  const opaque = etag.replace(/^W\//, "");
  return ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === opaque);
}

/** A cache bounded by bytes; the least recently used answer goes first. */
export class ModuleCache {
  readonly #entries = new Map<string, KeptAnswer>();
  readonly #limit: number;
  #bytes = 0;
  #generation = 0;

  /** Makes a cache of at most so many bytes of bodies; 0 keeps nothing. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of all bodies in it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Changes with every {@linkcode clear}; an answer asked for before one must not be put in after it. */
  get generation(): number {
    return this.#generation;
  }

  /** The answer under a key. */
  get(key: string): KeptAnswer | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return entry;
  }

  /** Keeps an answer that was asked for in a generation. */
  set(key: string, answer: KeptAnswer, generation: number): void {
    const size = answer.body.length;
    if (generation !== this.#generation || size > Math.min(this.#limit, MAX_KEPT_BYTES)) return;
    this.#delete(key);
    this.#entries.set(key, answer);
    this.#bytes += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limit) break;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.body.length;
  }

  /** Forgets everything: Vite restarted, or its dependencies changed. */
  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
    this.#generation++;
  }
}
