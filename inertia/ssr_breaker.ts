/**
 * Leaves a renderer alone that fails again and again: waiting for it would cost every visitor the whole time limit.
 *
 * @module
 */

/** Each failure is told until it opens, then one in this time: a server that is down fails with every probe. */
const REPEAT_MS = 60_000;

/** When a breaker opens, and for how long. */
export interface SsrBreakerRule {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open, in milliseconds. */
  readonly openMs: number;
}

/** Counts failures; while it is open nothing is let through, and then one probe at a time. */
export class SsrBreaker {
  readonly #rule: SsrBreakerRule;
  #failures = 0;
  #openUntilMs: number | undefined;
  #isProbing = false;
  #toldMs: number | undefined;

  /** Makes a breaker that is closed. */
  constructor(rule: SsrBreakerRule) {
    this.#rule = rule;
  }

  /** Whether a call may be made now; each that is made must be told of by one of the methods below. */
  admits(nowMs: number): boolean {
    if (this.#openUntilMs === undefined) return true;
    if (this.#isProbing || nowMs < this.#openUntilMs) return false;
    this.#isProbing = true;
    return true;
  }

  /** A call worked. */
  succeeded(): void {
    this.#failures = 0;
    this.#openUntilMs = undefined;
    this.#isProbing = false;
    this.#toldMs = undefined;
  }

  /** A call failed. Returns whether that is worth a line in a log. */
  failed(nowMs: number): boolean {
    this.#failures++;
    // Calls that began before it opened say nothing new.
    const isNews = this.#openUntilMs === undefined || this.#isProbing;
    if (!isNews) return false;
    if (this.#failures < this.#rule.failures) return true;
    this.#openUntilMs = nowMs + this.#rule.openMs;
    this.#isProbing = false;
    if (this.#toldMs !== undefined && nowMs - this.#toldMs < REPEAT_MS) return false;
    this.#toldMs = nowMs;
    return true;
  }

  /** A call ended without saying anything about the renderer. */
  released(): void {
    this.#isProbing = false;
  }
}
