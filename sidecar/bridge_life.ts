/**
 * Signs of life of the two sides of a bridge, from one ping to the next.
 *
 * Whoever vanishes without a word, by a cable that is pulled or a process that is stopped, keeps its connection: only
 * silence tells (row 39 of the fault matrix).
 *
 * @module
 */

/** How far a bridge is when it is time for the next ping. */
export interface BridgeProgress {
  /** Writes that the upstream took so far. */
  readonly written: number;
  /** Whether another one is under way. */
  readonly isWriting: boolean;
  /** Whether the upstream is read now. */
  readonly isReading: boolean;
  /** Bytes that were queued for the browser so far. */
  readonly queued: number;
  /** Bytes of these that the browser has not taken. */
  readonly waiting: number;
}

/** Who is silent. */
export type Silent = "upstream" | "browser" | undefined;

/** Watches both sides of one bridge. */
export class BridgeLife {
  #hearsUpstream = true;
  #hearsBrowser = true;
  #written = 0;
  #taken = 0;
  #waiting = 0;

  /** Something came from the upstream. */
  heardUpstream(): void {
    this.#hearsUpstream = true;
  }

  /** Something came from the browser. */
  heardBrowser(): void {
    this.#hearsBrowser = true;
  }

  /** Says who gave no sign of life since the last ping; called once for each. */
  beat({ written, isWriting, isReading, queued, waiting }: BridgeProgress): Silent {
    const taken = queued - waiting;
    // While we do not read an upstream it can't be heard, and one that takes a long message can't answer in between.
    const isTaking = isWriting && written !== this.#written;
    const isUpstreamAlive = this.#hearsUpstream || !isReading || isTaking;
    // The runtime pings the browser; but on Deno its ping waits behind what the browser does not take.
    const isStuck = this.#waiting > 0 && waiting > 0 && taken === this.#taken;
    const isBrowserAlive = this.#hearsBrowser || !isStuck;
    this.#hearsUpstream = this.#hearsBrowser = false;
    this.#written = written;
    this.#taken = taken;
    this.#waiting = waiting;
    if (!isUpstreamAlive) return "upstream";
    return isBrowserAlive ? undefined : "browser";
  }
}
