/**
 * A running SSR bundle, whether it is a process or a thread.
 *
 * @module
 */

/** An answer, as the SSR server of Inertia would give it. */
export interface RenderAnswer {
  /** The status of HTTP. */
  readonly status: number;
  /** JSON. */
  readonly text: string;
}

/** How it is asked: at an address, or by a function. */
export type RenderAccess =
  | { readonly url: string }
  | { readonly ask: (json: string, signal: AbortSignal) => Promise<RenderAnswer> };

/** A bundle that runs, or is on its way. */
export interface SsrRun {
  /** Resolves when it can be asked. @throws {Error} If it can't be started. */
  readonly ready: Promise<RenderAccess>;
  /** Resolves to how it ended, in words; never rejects. */
  readonly ended: Promise<string>;
  /** Whether it still answers: one page may keep it busy for ever. */
  isAlive(): Promise<boolean>;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** What a run is told. */
export interface SsrRunOptions {
  /** Absolute path of the bundle. */
  readonly bundle: string;
  /** Its working directory, where it has one of its own. */
  readonly cwd: string;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Gets each line that it writes. */
  readonly log: (line: string) => void;
}

/** The bundle has no function that renders, and is a server alone. */
export class NoRenderError extends Error {}
