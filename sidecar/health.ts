/**
 * Answers to those who watch over a server.
 *
 * @module
 */

/** How the server is. */
export interface Health {
  /** Whether it is about to stop. */
  readonly isClosing: boolean;
  /** Whether what it stands before does not answer. */
  readonly isDown: boolean;
}

/** What can be asked: whether the process is alive, and whether it is worth sending requests to. */
export type HealthName = "healthz" | "readyz";

/** The name that a path asks for below the configured one; `undefined` for any other. */
export function healthNameOf(path: string, prefix: string | undefined): HealthName | undefined {
  if (prefix === undefined || !path.startsWith(prefix)) return undefined;
  const name = path.slice(prefix.length);
  return name === "healthz" || name === "readyz" ? name : undefined;
}

/** Answers. */
export function healthResponse(name: HealthName, { isClosing, isDown }: Health): Response {
  const isReady = name === "healthz" || !isClosing && !isDown;
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  return new Response(isReady ? "ok\n" : "not ready\n", { status: isReady ? 200 : 503, headers });
}
