/**
 * Watches that are only worth their price for requests that take longer than a moment.
 *
 * @module
 */
import { clearInterval, setInterval } from "node:timers";

/** A request is watched after one to two of these, in milliseconds. */
const TICK_MS = 20;

/** Something that begins to watch when it is told to. */
export interface LateWatch {
  /** Begins. */
  arm(): void;
}

/** The requests of one listener that wait to be watched, all on one timer. */
export class LateWatches {
  #young = new Set<LateWatch>();
  #old = new Set<LateWatch>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Arms a watch after a moment, unless it is deleted before. */
  add(watch: LateWatch): void {
    this.#young.add(watch);
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** Forgets a watch. */
  delete(watch: LateWatch): void {
    if (!this.#young.delete(watch)) this.#old.delete(watch);
  }

  #tick(): void {
    const ripe = this.#old;
    this.#old = this.#young;
    this.#young = new Set();
    for (const watch of ripe) watch.arm();
    if (this.#old.size === 0) this.close();
  }

  /** Stops the timer; a later `add` starts it again. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
