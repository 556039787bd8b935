/**
 * Keeps what is generated fresh: generates at the start, and again whenever a source changes.
 *
 * @module
 */
import { join } from "node:path";
import { dependenciesOf } from "./collect.ts";
import { diagnosticOf, TypesError } from "./diagnostic.ts";
import { generateTypes, type TypesOutcome, type TypesTools } from "./generate_types.ts";
import type { TypesPlan } from "./options.ts";
import { createPoll, type Poll } from "./poll_documents.ts";
import { runCommand } from "./run_command.ts";
import { type FileWatch, type WatchedFiles, watchFiles } from "./watch_files.ts";
import { ownModules, patternTrees } from "./watch_plan.ts";

/** How to keep them. */
export interface KeepOptions {
  readonly plan: TypesPlan;
  readonly tools: TypesTools;
  /** Gets what each run came to, and how long it took. */
  readonly onOutcome: (outcome: TypesOutcome, ms: number) => void;
  /** Gets each line that the command of the options writes. */
  readonly log: (line: string) => void;
}

/** Types that are kept fresh. */
export interface TypesKeeper {
  /** What the first run came to; `undefined` if it was ended before. */
  readonly first: Promise<TypesOutcome | undefined>;
  /** Generates again: what the sources say may be something else now. */
  refresh(): void;
  /** Ends all of it; resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** A server that is started along with us is not expected to answer at once. */
const START_GRACE_MS = 10_000;

/** Keeps types fresh until `close()`. */
export function keepTypes(options: KeepOptions): TypesKeeper {
  return new Keeper(options);
}

class Keeper implements TypesKeeper {
  readonly first: Promise<TypesOutcome | undefined>;
  readonly #options: KeepOptions;
  readonly #stop = new AbortController();
  readonly #first = Promise.withResolvers<TypesOutcome | undefined>();
  readonly #tools: TypesTools;
  readonly #watch: FileWatch;
  readonly #poll: Poll;
  readonly #startedMs = performance.now();
  #modules: readonly string[];
  /** What is asked for while a run is on its way: once more afterwards, however often. */
  #wanted: "nothing" | "run" | "command" = "nothing";
  /** Whether a server did not answer. */
  #isAway = false;
  #running: Promise<void> | undefined;
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(options: KeepOptions) {
    const { plan, tools } = options;
    this.#options = options;
    this.first = this.#first.promise;
    this.#modules = plan.entry === undefined ? [] : [plan.entry];
    this.#tools = { ...tools, onModules: (paths) => this.#learn(paths) };
    // Before the first run: what changes while it reads is a change.
    this.#watch = watchFiles(this.#watched(), (paths) => this.#see(paths));
    const isWatched = plan.watch.length > 0;
    this.#poll = createPoll({
      urls: dependenciesOf(plan).urls,
      limits: plan,
      // A change of a file says when to ask; one that is away says nothing.
      everyMs: () => isWatched && !this.#isAway ? 0 : plan.pollMs,
      onChange: () => this.refresh(),
    });
    this.#ask("command");
  }

  refresh(): void {
    this.#ask("run");
  }

  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#late);
    this.#watch.close();
    this.#poll.close();
    this.#first.resolve(undefined);
    await this.#running;
  }

  #watched(): WatchedFiles {
    const { plan } = this.#options;
    const files = [...dependenciesOf(plan).files, ...ownModules(this.#modules, plan)];
    return {
      files: [...new Set([...files, join(plan.root, ".litestar.json")])],
      trees: patternTrees(plan),
    };
  }

  /** A module that can't be loaded imports less than it is going to: nothing is forgotten then. */
  #learn(paths: readonly string[]): void {
    this.#modules = [...new Set([...this.#modules, ...paths])];
    this.#watch.replace(this.#watched());
  }

  #see(paths: readonly string[]): void {
    const { plan } = this.#options;
    const isBackend = patternTrees(plan).some(({ matches }) => paths.some(matches));
    // The backend starts anew by itself; when it has, its document may be another.
    if (isBackend) this.#poll.hurry();
    this.#ask(isBackend ? "command" : "run");
  }

  #ask(wanted: "run" | "command"): void {
    if (this.#stop.signal.aborted) return;
    this.#wanted = wanted === "command" || this.#wanted === "command" ? "command" : "run";
    this.#running ??= this.#work().finally(() => this.#running = undefined);
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop;
    while (this.#wanted !== "nothing" && !signal.aborted) {
      const withCommand = this.#wanted === "command";
      this.#wanted = "nothing";
      const startedMs = performance.now();
      const outcome = await this.#run(withCommand).catch((error: unknown) => {
        if (!signal.aborted) throw error;
        return undefined;
      });
      if (outcome === undefined) return;
      this.#tell(outcome, performance.now() - startedMs);
      this.#first.resolve(outcome);
    }
  }

  async #run(withCommand: boolean): Promise<TypesOutcome> {
    const { plan, log } = this.#options;
    const { signal } = this.#stop;
    if (withCommand && plan.command !== undefined) {
      const problem = await runCommand(plan.command, { cwd: plan.root, log, signal });
      signal.throwIfAborted();
      if (problem !== undefined) {
        const name = plan.command.join(" ");
        const error = new TypesError("bad-command", name, `Cannot run "${name}": ${problem}`);
        const diagnostics = [diagnosticOf(error, name)];
        return { kind: "failed", diagnostics, written: [], removed: [], count: 0 };
      }
    }
    return await generateTypes({ plan, tools: this.#tools, signal });
  }

  #tell(outcome: TypesOutcome, ms: number): void {
    clearTimeout(this.#late);
    const leftMs = START_GRACE_MS - (performance.now() - this.#startedMs);
    const isAway = outcome.diagnostics.some(({ code }) => code === "unreachable");
    this.#isAway = outcome.kind === "failed" && isAway;
    if (!this.#isAway || leftMs <= 0) return this.#options.onOutcome(outcome, ms);
    this.#poll.hurry();
    this.#late = setTimeout(() => this.#options.onOutcome(outcome, ms), leftMs);
  }
}
