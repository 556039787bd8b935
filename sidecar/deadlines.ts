/**
 * Many deadlines on one coarse timer.
 *
 * Every forwarded request has one: an entry in a map, not a timer of the runtime.
 *
 * @module
 */
import { clearInterval, setInterval } from "node:timers";

interface Entry {
  readonly at: number;
  readonly expire: () => void;
}

/** How often the deadlines are looked at, in milliseconds: the precision of every one. */
const TICK_MS = 100;

/** Deadlines by owner, one for each. */
export class Deadlines {
  readonly #entries = new Map<object, Entry>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Sets the owner's deadline, in place of an earlier one; 0 milliseconds sets none. */
  set(owner: object, milliseconds: number, expire: () => void): void {
    if (milliseconds === 0) {
      this.#entries.delete(owner);
      return;
    }
    this.#entries.set(owner, { at: performance.now() + milliseconds, expire });
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#tick(), TICK_MS);
      this.#timer.unref();
    }
  }

  /** Removes the owner's deadline. */
  clear(owner: object): void {
    this.#entries.delete(owner);
  }

  #tick(): void {
    const now = performance.now();
    for (const [owner, entry] of this.#entries) {
      if (entry.at > now) continue;
      this.#entries.delete(owner);
      entry.expire();
    }
    if (this.#entries.size === 0) this.close();
  }

  /** Stops the timer; a later `set` starts it again. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
