/**
 * Vite as the front sees it: the managed process, or a Vite that somebody else started.
 *
 * @module
 */
import { type DownPage, plainLine } from "./down_page.ts";
import type { ReadyVite, SidecarEvent, ViteCondition, ViteLink } from "./links.ts";
import type { Upstream } from "./upstream.ts";
import type { ViteProcess, ViteReady, ViteState } from "./vite_process.ts";
import type { ControlMessage } from "./vite_protocol.ts";

/** What both kinds of link work with. */
export interface ViteLinkOptions {
  /** What is linked to, for logs and pages. @default "Vite" */
  readonly name?: string;
  /** Makes the client for a Vite that listens there. */
  readonly connect: (hostname: string, port: number) => Upstream;
  /** Called when what was kept of Vite's answers is void. */
  readonly onInvalidate: () => void;
  /** Called when Vite is gone, and its sockets with it. */
  readonly onGone: () => void;
  readonly emit: (event: SidecarEvent) => void;
}

/** A link that must be ended. */
export interface OwnedViteLink extends ViteLink {
  /** Ends what it holds; the process itself is stopped by who started it. */
  close(): void;
}

/** A line of a stack; the page says what failed, not through which functions. */
const FRAME_REGEXP = /^\s+at \S/;
/** Lines of standard error that a page shows. */
const SHOWN_LINES = 30;

function isSettled(condition: ViteCondition): boolean {
  return condition.kind === "ready" || condition.kind === "down" && !condition.isComingBack;
}

/** What both kinds have in common: a condition, and those who wait for it to settle. */
class ConditionBoard {
  #condition: ViteCondition = { kind: "starting" };
  readonly #waiting = new Set<() => void>();
  #closed = false;

  get condition(): ViteCondition {
    return this.#condition;
  }

  set(condition: ViteCondition): void {
    this.#condition = condition;
    for (const look of [...this.#waiting]) look();
  }

  async whenSettled(withinMs: number): Promise<ViteCondition> {
    await this.#until(isSettled, withinMs);
    return this.#condition;
  }

  whenGone({ upstream }: ReadyVite, withinMs: number): Promise<void> {
    return this.#until((now) => now.kind !== "ready" || now.vite.upstream !== upstream, withinMs);
  }

  #until(holds: (condition: ViteCondition) => boolean, withinMs: number): Promise<void> {
    if (holds(this.#condition) || this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const look = (): void => {
        if (holds(this.#condition) || this.#closed) finish();
      };
      const timer = setTimeout(finish, withinMs);
      this.#waiting.add(look);
    });
  }

  /** Answers all who wait. */
  close(): void {
    this.#closed = true;
    for (const look of [...this.#waiting]) look();
  }
}

/** A process that is started when it is first needed. */
export interface LazyProcess {
  /** Resolves with the process once it was started. */
  readonly whenStarted: Promise<ViteProcess>;
  /** Starts it, if that was not done yet. */
  start(): void;
}

/**
 * The link to a process that we look after.
 *
 * @param lazy The process.
 * @param base The base before Vite has told its own.
 */
export function linkToProcess(
  lazy: LazyProcess,
  base: string,
  options: ViteLinkOptions,
): OwnedViteLink {
  return new ProcessLink(lazy, base, options);
}

class ProcessLink implements OwnedViteLink {
  readonly #board = new ConditionBoard();
  readonly #options: ViteLinkOptions;
  readonly #lazy: LazyProcess;
  readonly #endings: (() => void)[] = [];
  #upstream: Upstream | undefined;
  #base: string;

  constructor(lazy: LazyProcess, base: string, options: ViteLinkOptions) {
    this.#lazy = lazy;
    this.#base = base;
    this.#options = options;
    lazy.whenStarted.then((process) => this.#attach(process));
  }

  #attach(process: ViteProcess): void {
    this.#endings.push(
      process.onChange((state) => this.#show(state)),
      process.onMessage((message) => this.#hear(message)),
    );
    this.#show(process.state());
  }

  #show(state: ViteState): void {
    if (state.kind === "ready") this.#arrive(state);
    else this.#leave();
    if (state.kind === "starting") this.#board.set({ kind: "starting" });
    if (state.kind === "failed") {
      const isComingBack = state.retryInMs !== undefined;
      this.#board.set({ kind: "down", page: failedPage(state, this.#name), isComingBack });
    }
    const condition = this.#board.condition.kind;
    this.#options.emit({ kind: "vite", condition, message: describe(state, this.#name) });
  }

  get #name(): string {
    return this.#options.name ?? "Vite";
  }

  #arrive(state: ViteReady): void {
    this.#base = state.base;
    // A change of the state alone, such as another base after a restart, keeps the process and its connections.
    if (this.#upstream?.target.port !== state.port) {
      this.#leave();
      this.#upstream = this.#options.connect("127.0.0.1", state.port);
    }
    this.#board.set({ kind: "ready", vite: toReady(state, this.#upstream) });
  }

  #leave(): void {
    if (this.#upstream === undefined) return;
    this.#upstream.close();
    this.#upstream = undefined;
    this.#options.onInvalidate();
    this.#options.onGone();
  }

  #hear(message: ControlMessage): void {
    const { emit, onInvalidate } = this.#options;
    if (message.event === "invalidate" || message.event === "restart") onInvalidate();
    if (message.event === "warning") emit({ kind: "warning", message: message.message });
    if (message.event === "error" && message.phase === "restart") {
      emit({ kind: "warning", message: `${this.#name} can not restart: ${message.message}` });
    }
  }

  get base(): string {
    return this.#base;
  }

  condition(): ViteCondition {
    return this.#board.condition;
  }

  whenSettled(withinMs: number): Promise<ViteCondition> {
    this.#lazy.start();
    return this.#board.whenSettled(withinMs);
  }

  whenGone(vite: ReadyVite, withinMs: number): Promise<void> {
    return this.#board.whenGone(vite, withinMs);
  }

  /** The process tells by itself when it is gone. */
  lost(): void {}

  answered(): void {}

  close(): void {
    for (const end of this.#endings.splice(0)) end();
    this.#leave();
    this.#board.close();
  }
}

function toReady(state: ViteReady, upstream: Upstream): ReadyVite {
  const { version, base, token } = state;
  return { upstream, version, base, token };
}

function failedPage(state: Extract<ViteState, { kind: "failed" }>, name: string): DownPage {
  return {
    title: state.retryInMs === undefined ? `${name} can not start` : `${name} has stopped`,
    reason: state.reason,
    hint: state.hint ?? (state.retryInMs === undefined ? "" : "It is being started again."),
    lines: state.stderr.map(plainLine).filter((line) => !FRAME_REGEXP.test(line)).slice(
      -SHOWN_LINES,
    ),
  };
}

function describe(state: ViteState, name: string): string {
  if (state.kind === "starting") return `${name} is starting`;
  if (state.kind === "ready") {
    const version = state.version === "" ? "" : ` ${state.version}`;
    return `${name}${version} is ready on ${state.executor}`;
  }
  const next = state.retryInMs === undefined ? "" : `; next try in ${state.retryInMs} ms`;
  const hint = state.hint === undefined ? "" : `\n  ${state.hint}`;
  return `${state.reason}${next}${hint}`;
}

/** How often a Vite that somebody else runs is looked for while it is away. */
const PROBE_MS = 500;

/** What {@linkcode linkToUrl} needs beside. */
export interface ExternalViteOptions extends ViteLinkOptions {
  /** The client for its origin. */
  readonly upstream: Upstream;
  /** Its origin, for logs and pages. */
  readonly origin: string;
  /** Its base. */
  readonly base: string;
  /** Whether a Vite answers there. */
  readonly probe: () => Promise<boolean>;
}

/** The link to a Vite that somebody else started: it is asked whether it is there. */
export function linkToUrl(options: ExternalViteOptions): OwnedViteLink {
  const { upstream, base, origin } = options;
  const board = new ConditionBoard();
  const ready: ViteCondition = {
    kind: "ready",
    vite: { upstream, base, version: "unknown", token: undefined },
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const set = (condition: ViteCondition): void => {
    const before = board.condition.kind;
    board.set(condition);
    if (before === condition.kind) return;
    if (condition.kind === "down") options.onGone();
    const message = condition.kind === "ready"
      ? `Vite answers at ${origin}`
      : `Vite does not answer at ${origin}\n  ${AWAY_HINT}`;
    options.emit({ kind: "vite", condition: condition.kind, message });
  };
  const look = async (): Promise<void> => {
    timer = undefined;
    const isThere = await options.probe();
    if (closed) return;
    set(isThere ? ready : { kind: "down", page: awayPage(origin), isComingBack: false });
    if (!isThere) timer = setTimeout(look, PROBE_MS);
  };
  look();
  return {
    base,
    condition: () => board.condition,
    whenSettled: (withinMs) => board.whenSettled(withinMs),
    whenGone: (vite, withinMs) => board.whenGone(vite, withinMs),
    lost() {
      options.onInvalidate();
      if (timer === undefined && !closed) timer = setTimeout(look, 0);
    },
    answered: () => {},
    close() {
      closed = true;
      clearTimeout(timer);
      upstream.close();
      board.close();
    },
  };
}

const AWAY_HINT = "start it there, or leave out --vite-url to have it started";

function awayPage(origin: string): DownPage {
  return {
    title: "Vite does not answer",
    reason: `Nothing that looks like Vite's dev server answers at ${origin}`,
    hint: AWAY_HINT,
    lines: [],
  };
}
