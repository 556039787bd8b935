/**
 * Waits for a condition by asking again, with a deadline.
 *
 * @module
 */

/** Options of {@linkcode eventually}. */
export interface EventuallyOptions {
  /** After how long to give up, in milliseconds. @default 10000 */
  readonly withinMs?: number;
  /** How long to wait between two attempts, in milliseconds. @default 20 */
  readonly everyMs?: number;
}

/**
 * Calls `attempt` until it neither throws nor returns `undefined` or `false`, and returns its result.
 *
 * @throws {Error} What the last attempt threw, after the deadline.
 */
export async function eventually<T>(
  what: string,
  attempt: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 20 }: EventuallyOptions = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const result = await attempt();
      // Narrowed by the comparison; TypeScript does not carry it through Exclude.
      if (result !== undefined && result !== false) return result as Exclude<T, undefined | false>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`Cannot see ${what} within ${withinMs} ms`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
