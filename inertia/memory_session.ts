/**
 * A session in the memory of this process.
 *
 * @module
 */
import { EMPTY_STATE, type InertiaSession, type SessionState } from "./session.ts";

/** The cookie that names a visitor. */
const COOKIE = "inertia_session";

/** What nobody fetched by then is forgotten, the oldest first. */
const MAX_VISITORS = 10_000;

/**
 * Keeps what one request leaves for the next in this process: for development, tests, and a server that is one process
 * and may forget.
 *
 * @example Usage
 * ```ts
 * import { createInertia, memorySession } from "@lv/sidecar/inertia";
 *
 * createInertia({ session: memorySession() });
 * ```
 *
 * @returns The session.
 */
export function memorySession(): InertiaSession {
  const states = new Map<string, SessionState>();
  return {
    read(request) {
      return states.get(visitorOf(request) ?? "") ?? EMPTY_STATE;
    },
    write(request, state, headers) {
      const known = visitorOf(request);
      // A name that we did not give is not taken over: somebody else may know it.
      const visitor = known !== undefined && states.has(known) ? known : crypto.randomUUID();
      states.delete(visitor);
      states.set(visitor, state);
      const oldest = states.size > MAX_VISITORS ? states.keys().next().value : undefined;
      if (oldest !== undefined) states.delete(oldest);
      if (visitor === known) return;
      headers.append("set-cookie", `${COOKIE}=${visitor}; Path=/; HttpOnly; SameSite=Lax`);
    },
  };
}

function visitorOf(request: Request): string | undefined {
  const cookies = (request.headers.get("cookie") ?? "").split(";").map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}
