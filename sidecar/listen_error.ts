/**
 * The error of a port that can't be listened on.
 *
 * @module
 */

const STATES: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use by another program",
  EACCES: "this user may not use the port",
  EADDRNOTAVAIL: "the address is not one of this machine",
};

/** Nobody can listen there; {@linkcode ListenError.code} says why. */
export class ListenError extends Error {
  /** The system's code, such as `EADDRINUSE`. */
  readonly code: string;

  /** Makes the error for an address and a port. */
  constructor(hostname: string, port: number, cause: unknown) {
    // Both runtimes give system errors a code; other errors have none.
    const code = (cause as { code?: string } | undefined)?.code ?? "unknown";
    const state = STATES[code] ?? (cause instanceof Error ? cause.message : String(cause));
    super(`Cannot listen on ${hostname} port ${port}: ${state}`, { cause });
    this.name = "ListenError";
    this.code = code;
  }
}
