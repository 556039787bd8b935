/**
 * How long a client keeps a prop from visit to visit.
 *
 * @module
 */

/** Options of a prop that the client keeps. */
export interface OnceOptions {
  /** The name under which the client keeps it, where several pages share it. @default the prop's path */
  readonly as?: string | undefined;
  /** How long it is kept: seconds from now, or a time. @default without end */
  readonly until?: number | Date | undefined;
  /** Whether it is sent though the client has it. @default false */
  readonly fresh?: boolean | undefined;
}

/** The same, resolved. */
export interface OnceRule {
  /** The client's name for it, if it is not the path. */
  readonly key: string | undefined;
  /** Seconds from now, or a time. */
  readonly until: number | Date | undefined;
  /** Sent in any case. */
  readonly isFresh: boolean;
}

/** Resolves options; `true` takes all defaults. */
export function onceRule(options: OnceOptions | boolean | undefined): OnceRule | undefined {
  if (options === undefined || options === false) return undefined;
  const { as: key, until, fresh = false } = options === true ? {} : options;
  return { key, until, isFresh: fresh };
}

/**
 * When the client forgets the prop.
 *
 * @param nowMs The time now, in milliseconds since the epoch.
 * @returns Milliseconds since the epoch, a whole second; null if it never does.
 */
export function expiresAt({ until }: OnceRule, nowMs: number): number | null {
  if (until === undefined) return null;
  const now = Math.floor(nowMs / 1000);
  const seconds = typeof until === "number" ? now + Math.floor(until) : secondsOf(until);
  return Math.max(now, seconds) * 1000;
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
