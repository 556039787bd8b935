/**
 * How the server's half of a framework asks the app: at its own address, with what the visitor sent along.
 *
 * In the browser a page and its API are one origin, so a path is enough. On the server there is no such thing as "this
 * origin": a path has to become a URL. Taken from the request it would be one that the visitor chose, by the `Host` that he
 * sends; so it comes from the variable `SIDECAR_API_URL`, which the sidecar gives to the framework's server.
 *
 * @example In the frontmatter of an Astro page, or in a loader
 * ```ts no-run
 * import { apiFetch } from "@lv/sidecar/api";
 *
 * export async function loadBooks(request: Request): Promise<unknown> {
 *   const response = await apiFetch(request)("/api/books");
 *   return await response.json();
 * }
 * ```
 *
 * @module
 */

/** What a visitor sends that the app has to know of, whoever asks on his behalf. */
const FORWARDED_FIELDS = ["cookie", "authorization", "accept-language", "x-request-id"];
const API_URL_NAME = "SIDECAR_API_URL";

/** Written by hand: a browser has no such name, and Deno's and Node's types of it differ. */
interface ServerGlobal {
  readonly process?: { readonly env: Readonly<Record<string, string | undefined>> };
}

function apiBase(): string | undefined {
  const { process } = globalThis as ServerGlobal; // see there
  const value = process?.env?.[API_URL_NAME];
  return value === undefined || value === "" ? undefined : value;
}

/** Case: "//evil.example/x" is another host, not a path. */
function isPath(input: string): boolean {
  return /^\/(?![/\\])/.test(input);
}

/**
 * Gives the address of something of the app's.
 *
 * @example Usage
 * ```ts
 * import { apiUrl } from "@lv/sidecar/api";
 * import { equal } from "node:assert/strict";
 *
 * equal(apiUrl("/api/books"), "/api/books");
 * equal(apiUrl("/api/books", "http://localhost:8000/page"), "http://localhost:8000/api/books");
 * ```
 *
 * @param path The path, such as `/api/books?page=2`.
 * @param here The address of the page, for a server that no sidecar has started.
 * @returns On the server a URL, if it is known; in the browser the path.
 * @throws {TypeError} If it is no path.
 */
export function apiUrl(path: string, here?: string | URL): string {
  if (!isPath(path)) throw new TypeError(`Cannot use "${path}" as a path: it must begin with "/"`);
  const base = apiBase() ?? here;
  return base === undefined ? path : new URL(path, base).href;
}

/**
 * Makes a `fetch` for the app: paths go to it, with the visitor's cookies. Anything else goes where it says, without them.
 *
 * @example In a loader of React Router
 * ```ts
 * import { apiFetch } from "@lv/sidecar/api";
 *
 * export const loader = ({ request }: { request: Request }) => apiFetch(request)("/api/books");
 * ```
 *
 * @param request The visitor's request; without one nothing of his is sent along.
 */
export function apiFetch(request?: Request): typeof fetch {
  return (input, init) => {
    if (typeof input !== "string" || !isPath(input)) return fetch(input, init);
    const headers = new Headers(init?.headers);
    if (request !== undefined) forwardFields(request.headers, headers);
    return fetch(apiUrl(input, request?.url), { ...init, headers });
  };
}

function forwardFields(from: Headers, to: Headers): void {
  for (const name of FORWARDED_FIELDS) {
    const value = from.get(name);
    if (value !== null && !to.has(name)) to.set(name, value);
  }
}

/** What SvelteKit gives its hook, as far as it is used. */
export interface FetchHookInput {
  /** What the page asks for. */
  readonly request: Request;
  /** SvelteKit's own `fetch`. */
  readonly fetch: typeof fetch;
  /** The visit during which it asks. */
  readonly event: { readonly url: URL; readonly request: Request };
}

/**
 * SvelteKit's hook `handleFetch`: what pages ask below `/api` while they are rendered goes to the app, and not through
 * the port again, at a host that the visitor has named.
 *
 * @example In `src/hooks.server.ts`
 * ```ts
 * export { handleFetch } from "@lv/sidecar/api";
 * ```
 */
export function handleFetch({ event, request, fetch: ask }: FetchHookInput): Promise<Response> {
  const base = apiBase();
  const url = new URL(request.url);
  const isApi = url.pathname === "/api" || url.pathname.startsWith("/api/");
  if (base === undefined || url.origin !== event.url.origin || !isApi) return ask(request);
  const headers = new Headers(request.headers);
  forwardFields(event.request.headers, headers);
  const { method, body, signal } = request;
  // What the standard wants of a body that streams; the DOM's types do not have it yet.
  const init = { method, headers, body, signal, duplex: "half" } as RequestInit;
  return ask(new Request(new URL(url.pathname + url.search, base), init));
}
