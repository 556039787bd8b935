/**
 * Asks servers again and again whether their documents are others.
 *
 * @module
 */
import { TypesError } from "./diagnostic.ts";
import { readSource, type SourceLimits } from "./source.ts";

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

/** Begins to ask. */
export function createPoll(options: PollOptions): Poll {
  return new DocumentPoll(options);
}

class DocumentPoll implements Poll {
  readonly #options: PollOptions;
  readonly #stop = new AbortController();
  readonly #seen = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #hurriesUntilMs = 0;

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
    const isHurried = performance.now() < this.#hurriesUntilMs;
    const waitMs = isHurried ? HURRY_EVERY_MS : everyMs();
    if (urls.length === 0 || waitMs === 0 || this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#ask(), waitMs);
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    let isOther = false;
    for (const url of this.#options.urls) {
      const text = await this.#read(url);
      if (this.#stop.signal.aborted) return;
      // One that is down comes back with what it had, or with something else.
      if (text === undefined) continue;
      isOther ||= this.#seen.get(url) !== text;
      this.#seen.set(url, text);
    }
    this.#asking = false;
    if (isOther) this.#options.onChange();
    this.#askLater();
  }

  async #read(url: string): Promise<string | undefined> {
    try {
      return (await readSource(url, this.#options.limits, this.#stop.signal)).text;
    } catch (error) {
      if (this.#stop.signal.aborted) return undefined;
      if (!(error instanceof TypesError)) throw error;
      // A server that is there and has no document says something, too.
      return error.code === "unreachable" ? undefined : error.message;
    }
  }
}
