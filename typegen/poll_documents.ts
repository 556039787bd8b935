/**
 * Asks servers again and again whether their documents are others.
 *
 * @module
 */
import { TypesError } from "./diagnostic.ts";
import { readIfOther, type SourceLimits, type Validators } from "./source.ts";

/** What is asked, and how often. */
export interface PollOptions {
  readonly urls: readonly string[];
  readonly limits: SourceLimits;
  /** How often now; 0 asks only while there is a hurry. */
  readonly everyMs: () => number;
  /** A document is another one than before, or there again. */
  readonly onChange: () => void;
}

/** A poll that must be ended. */
export interface Poll {
  /** A server is about to start anew: asks often for a while. */
  hurry(): void;
  close(): void;
}

const HURRY_EVERY_MS = 150;
/** How long a server may take from the change of its code to its next answer. */
const HURRY_MS = 15_000;

/** A server that takes long to write its document is to be busy with that a twentieth of the time. */
const COST_FACTOR = 20;
/** After so long without a change, it is asked so much less often. */
const QUIET = [[10 * 60_000, 5], [60_000, 2]] as const;
/** But never less often than that. */
const MAX_FACTOR = 5;

/** What is known of the last answers. */
export interface PollState {
  /** How often it may be asked, in milliseconds. */
  readonly everyMs: number;
  /** How long the last answers took. */
  readonly tookMs: number;
  /** How long nothing has changed. */
  readonly quietMs: number;
}

/** How long to wait until the next question, in milliseconds. */
export function pollWait({ everyMs, tookMs, quietMs }: PollState): number {
  const [, factor] = QUIET.find(([fromMs]) => quietMs >= fromMs) ?? [0, 1];
  return Math.max(everyMs * factor, Math.min(tookMs * COST_FACTOR, everyMs * MAX_FACTOR));
}

/** What the last answer was. */
interface Seen {
  readonly text: string;
  readonly validators: Validators | undefined;
}

/** Begins to ask. */
export function createPoll(options: PollOptions): Poll {
  return new DocumentPoll(options);
}

class DocumentPoll implements Poll {
  readonly #options: PollOptions;
  readonly #stop = new AbortController();
  readonly #seen = new Map<string, Seen>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #hurriesUntilMs = 0;
  #tookMs = 0;
  #changedMs = performance.now();

  constructor(options: PollOptions) {
    this.#options = options;
    this.#askLater();
  }

  hurry(): void {
    this.#hurriesUntilMs = performance.now() + HURRY_MS;
    if (!this.#asking) this.#askLater();
  }

  close(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  #askLater(): void {
    clearTimeout(this.#timer);
    const { urls, everyMs } = this.#options;
    const now = performance.now();
    const isHurried = now < this.#hurriesUntilMs;
    const usualMs = everyMs();
    if (urls.length === 0 || this.#stop.signal.aborted || !(isHurried || usualMs > 0)) return;
    const quietMs = now - this.#changedMs;
    const waitMs = isHurried
      ? HURRY_EVERY_MS
      : pollWait({ everyMs: usualMs, tookMs: this.#tookMs, quietMs });
    this.#timer = setTimeout(() => void this.#ask(), waitMs);
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    const startedMs = performance.now();
    let isOther = false;
    for (const url of this.#options.urls) {
      const before = this.#seen.get(url);
      const now = await this.#read(url, before);
      if (this.#stop.signal.aborted) return;
      // One that is down comes back with what it had, or with something else.
      if (now === undefined) continue;
      isOther ||= before?.text !== now.text;
      this.#seen.set(url, now);
    }
    this.#asking = false;
    this.#tookMs = performance.now() - startedMs;
    if (isOther) {
      this.#changedMs = performance.now();
      this.#options.onChange();
    }
    this.#askLater();
  }

  async #read(url: string, before: Seen | undefined): Promise<Seen | undefined> {
    const { limits } = this.#options;
    try {
      return await readIfOther(url, before?.validators, limits, this.#stop.signal) ?? before;
    } catch (error) {
      if (this.#stop.signal.aborted) return undefined;
      if (!(error instanceof TypesError)) throw error;
      // A server that is there and has no document says something, too.
      return error.code === "unreachable"
        ? undefined
        : { text: error.message, validators: undefined };
    }
  }
}
