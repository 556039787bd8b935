/**
 * Keeps an SSR bundle running: starts it again when it ends, and ends it when it no longer answers.
 *
 * @module
 */
import type { RenderTarget } from "./page_tool.ts";
import type { RenderAccess, SsrRun } from "./ssr_run.ts";
import { nextRestart, NO_RESTARTS } from "./vite_protocol.ts";

/** What a keeper works with. */
export interface SsrKeeperOptions {
  /** Starts the bundle; the signal ends what has no run yet. */
  readonly launch: (signal: AbortSignal) => Promise<SsrRun>;
  /** Told in words of what went wrong, and what comes of it. */
  readonly warn: (message: string) => void;
  /** Milliseconds that only grow. @default performance.now */
  readonly now?: () => number;
}

/** A page waits no longer than this for a bundle that is starting: the browser can render it, too. */
const WAIT_MS = 2000;
/** After so long another try is made of what was given up; something may have been mended. */
const REVIVE_MS = 60_000;

/** Keeps one bundle. */
export class SsrKeeper {
  readonly #options: SsrKeeperOptions;
  readonly #now: () => number;
  #run: SsrRun | undefined;
  #access: RenderAccess | undefined;
  #starting: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #restarts = NO_RESTARTS;
  #givenUpMs: number | undefined;
  #isChecking = false;
  /** Why the last start failed, if it did: the end of what was started says less. */
  #failure: string | undefined;
  readonly #closing = new AbortController();

  /** Makes the keeper, and starts the bundle. */
  constructor(options: SsrKeeperOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#start();
  }

  /** Resolves when the first start has worked, or not. */
  async settled(): Promise<void> {
    await this.#starting;
  }

  /** Whether it can be asked. */
  get isReady(): boolean {
    return this.#access !== undefined;
  }

  /** What renders now. */
  async target(signal: AbortSignal): Promise<RenderTarget | undefined> {
    if (this.#access === undefined && this.#starting !== undefined) {
      await patience(this.#starting, signal);
    }
    this.#revive();
    const access = this.#access;
    return access === undefined ? undefined : { ...access, failed: () => void this.#check() };
  }

  /** Ends the bundle; resolves when it is gone. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#access = undefined;
    // What is starting ends, and then there is nothing to wait for.
    await this.#run?.stop();
    await this.#starting;
    await this.#run?.stop();
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  #revive(): void {
    if (this.#givenUpMs === undefined || this.#now() - this.#givenUpMs < REVIVE_MS) return;
    this.#givenUpMs = undefined;
    this.#restarts = NO_RESTARTS;
    this.#start();
  }

  #start(): void {
    if (this.#isClosed) return;
    this.#starting = this.#launch().finally(() => this.#starting = undefined);
  }

  async #launch(): Promise<void> {
    this.#failure = undefined;
    try {
      const run = this.#run = await this.#options.launch(this.#closing.signal);
      void run.ended.then((how) => this.#ended(run, this.#failure ?? how));
      const access = await run.ready;
      if (!this.#isClosed) this.#access = access;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      // What runs but can't be asked is of no use; its end says the rest.
      this.#failure = why;
      if (this.#run === undefined) this.#giveUp(why);
      else await this.#run.stop();
    }
  }

  #ended(run: SsrRun, how: string): void {
    if (this.#run !== run) return;
    this.#run = undefined;
    this.#access = undefined;
    if (this.#isClosed) return;
    const next = nextRestart(this.#restarts, this.#now());
    if ("giveUp" in next) return this.#giveUp(how);
    this.#restarts = next.state;
    this.#options.warn(
      `The SSR bundle does not run, ${how}; it is started again in ${next.delayMs} ms`,
    );
    this.#timer = setTimeout(() => this.#start(), next.delayMs);
  }

  #giveUp(why: string): void {
    if (this.#isClosed) return;
    this.#givenUpMs = this.#now();
    this.#options.warn(`The SSR bundle does not run, ${why}; browsers render all pages`);
  }

  async #check(): Promise<void> {
    const run = this.#run;
    if (this.#isChecking || run === undefined) return;
    this.#isChecking = true;
    const isAlive = await run.isAlive();
    this.#isChecking = false;
    if (isAlive || this.#run !== run || this.#isClosed) return;
    this.#access = undefined;
    this.#options.warn("The SSR bundle no longer answers; it is ended");
    await run.stop();
  }
}

async function patience(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, WAIT_MS);
  const leave = (): void => resolve();
  signal.addEventListener("abort", leave, { once: true });
  await Promise.race([work, promise]);
  clearTimeout(timer);
  signal.removeEventListener("abort", leave);
}
