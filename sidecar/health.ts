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

/**
 * Answers `healthz`, whether the process is alive, and `readyz`, whether it is worth sending requests to.
 *
 * @param name What comes behind the configured path.
 * @returns The answer; `undefined` for any other name.
 */
export function healthResponse(name: string, { isClosing, isDown }: Health): Response | undefined {
  if (name !== "healthz" && name !== "readyz") return undefined;
  const isReady = name === "healthz" || !isClosing && !isDown;
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  return new Response(isReady ? "ok\n" : "not ready\n", { status: isReady ? 200 : 503, headers });
}
