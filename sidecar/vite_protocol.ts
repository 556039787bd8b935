/**
 * What is said between us and the Vite process, and when a process that ended is started again.
 *
 * We write one line of JSON to its standard input ({@linkcode renderRunnerOptions}); it answers with lines of JSON on
 * standard output, each carrying the nonce that we gave ({@linkcode parseControlLine}). Whatever else is on its standard
 * output is somebody else's noise.
 *
 * @module
 */

/** What Vite made of the user's config: part of several messages. */
export interface ViteDescription {
  /** The dev base, with both slashes. */
  readonly base: string;
  readonly appType: "spa" | "mpa" | "custom";
  /** The resolved `server.allowedHosts`: the user's, and what we added. */
  readonly allowedHosts: true | readonly string[];
  /** The resolved root, which `vite.config` may set. */
  readonly root: string;
  /** The resolved `publicDir`, or the empty string if there is none. */
  readonly publicDir: string;
  /** The path of the HMR socket. */
  readonly hmrPath: string;
  /** What a socket without an `Origin` must show; `undefined` in a Vite without such tokens. */
  readonly token: string | undefined;
  /** Names of the user's plugins. */
  readonly plugins: readonly string[];
}

/** What `vite.config` itself says of what we may be told, too. */
export interface ViteConfigAnswers {
  readonly base?: string | undefined;
  readonly outDir?: string | undefined;
  readonly manifest?: string | boolean | undefined;
}

/** A message of the Vite process. */
export type ControlMessage =
  /** The HTTP server listens, and Vite is behind it. */
  | ({
    readonly event: "ready";
    readonly port: number;
    readonly version: string;
    readonly pid: number;
    /** Where the browser finds Vite; in direct mode only. */
    readonly url: string | undefined;
  } & ViteDescription)
  /** Vite restarted itself, for example after a change of `vite.config`. */
  | ({ readonly event: "restart" } & ViteDescription)
  /** Vite is started once more, after an error at the start was mended. */
  | { readonly event: "starting" }
  /**
   * `start`: the process waits for a change and tries again. `restart`: Vite goes on with the old config. `fatal`: the
   * process ends, and another one would end likewise.
   */
  | ({ readonly event: "error"; readonly phase: "start" | "restart" | "fatal" } & ViteError)
  /** `vite.config` was read. */
  | { readonly event: "config"; readonly said: ViteConfigAnswers }
  /** Answers of Vite that were kept are void. */
  | { readonly event: "invalidate"; readonly reason: string }
  /** One line for the user's eyes. */
  | { readonly event: "warning"; readonly message: string };

/** What is known of an error inside the Vite process; plain text without colours. */
export interface ViteError {
  readonly message: string;
  /** The lines of source around it. */
  readonly frame: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Two ports: Vite listens for the browser. */
export interface DirectOptions {
  /** Vite's own port; 0 picks a free one. Never another one silently. */
  readonly port: number;
  /** Vite's own address. @default As `vite.config` says, else `localhost`. */
  readonly host?: string;
  /** The backend's URL, for everything that is not Vite's. */
  readonly target: string;
}

/** What the runner is told. */
export interface RunnerOptions {
  /** Marks the lines that are the runner's; nobody else may know it. */
  readonly nonce: string;
  /** Absolute path: the working directory of Vite. */
  readonly root: string;
  /** @default As Vite says: "development". */
  readonly mode?: string;
  /** The dev base. @default As `vite.config` says. */
  readonly base?: string;
  /** The dev base where neither `base` nor `vite.config` give one and the root has no `index.html`. */
  readonly pagelessBase?: string;
  /** Whether an `index.html` in the root is a page; where the app makes them all it is not. @default true */
  readonly hasPage?: boolean;
  /** Where Vite listens, on 127.0.0.1. @default 0, any free port. */
  readonly internalPort?: number;
  /** The port that browsers know. */
  readonly frontPort?: number;
  /** The port that the HMR client must use. @default The page's own. */
  readonly clientPort?: number;
  /** Hosts beside those of `vite.config`. */
  readonly allowedHosts?: true | readonly string[];
  readonly direct?: DirectOptions;
  /** Virtual modules: their code by their ids. */
  readonly modules?: Readonly<Record<string, string>>;
  /** Files to write before, by absolute path; those that are as they should be stay untouched. */
  readonly files?: readonly GeneratedFile[];
  /** The framework whose own interface starts its dev server, and its package. */
  readonly framework?: string;
  readonly package?: string;
  /** The server of a build that is run in place of Vite. */
  readonly server?: BuiltServer;
}

/** A file that is written for the user. */
export interface GeneratedFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** The server of a framework's build. */
export interface BuiltServer {
  /** The URL of its module. */
  readonly entry: string;
  /** See `FrameworkOutput`. */
  readonly serves: "import" | "react-router" | "fetch";
}

/** Renders the one line that the runner reads first. */
export function renderRunnerOptions(options: RunnerOptions): string {
  return `${JSON.stringify(options)}\n`;
}

/** What the runner is told while Vite runs: an event for all browsers, as a plugin of Vite sends one. */
export interface BrowserEvent {
  /** Such as `lv:types-updated`; `import.meta.hot.on(event, …)` hears it. */
  readonly event: string;
  /** Plain JSON. */
  readonly data: unknown;
}

/** Renders one of the lines that follow the first. */
export function renderBrowserEvent({ event, data }: BrowserEvent): string {
  return `${JSON.stringify({ event, data })}\n`;
}

type Fields = Readonly<Record<string, unknown>>;

const isText = (value: unknown): value is string => typeof value === "string";
const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536;
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(isText);
const isAppType = (value: unknown): value is ViteDescription["appType"] =>
  value === "spa" || value === "mpa" || value === "custom";
const textOr = (value: unknown): string | undefined => isText(value) ? value : undefined;
const numberOr = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;

function parseDescription(fields: Fields): ViteDescription | undefined {
  const { base, appType, allowedHosts, root } = fields;
  if (!isText(base) || !base.startsWith("/") || !isText(root)) return undefined;
  if (allowedHosts !== true && !isTexts(allowedHosts)) return undefined;
  return {
    base,
    appType: isAppType(appType) ? appType : "custom",
    allowedHosts,
    root,
    publicDir: textOr(fields.publicDir) ?? "",
    hmrPath: textOr(fields.hmrPath) ?? base,
    token: textOr(fields.token),
    plugins: isTexts(fields.plugins) ? fields.plugins : [],
  };
}

function parseReady(fields: Fields): ControlMessage | undefined {
  const { port, version, pid } = fields;
  const description = parseDescription(fields);
  if (description === undefined || !isPort(port) || !isText(version)) return undefined;
  const url = textOr(fields.url);
  return { event: "ready", port, version, pid: numberOr(pid) ?? 0, url, ...description };
}

function parseError(fields: Fields): ControlMessage | undefined {
  const { phase, message, line, column } = fields;
  if (phase !== "start" && phase !== "restart" && phase !== "fatal") return undefined;
  return {
    event: "error",
    phase,
    message: textOr(message) ?? "Cannot start Vite",
    frame: textOr(fields.frame),
    file: textOr(fields.file),
    line: numberOr(line),
    column: numberOr(column),
  };
}

/** Reads what a runner tells of `vite.config`. */
export function parseViteConfigAnswers(value: unknown): ViteConfigAnswers {
  // Any object can be asked for any name.
  const { base, outDir, manifest } = (typeof value === "object" ? value ?? {} : {}) as Fields;
  return {
    base: textOr(base),
    outDir: textOr(outDir),
    manifest: typeof manifest === "boolean" ? manifest : textOr(manifest),
  };
}

function parseFields(fields: Fields): ControlMessage | undefined {
  const { event, reason, message } = fields;
  if (event === "ready") return parseReady(fields);
  if (event === "error") return parseError(fields);
  if (event === "starting") return { event };
  if (event === "config") return { event, said: parseViteConfigAnswers(fields.said) };
  if (event === "invalidate") return { event, reason: textOr(reason) ?? "" };
  if (event === "warning" && isText(message)) return { event, message };
  const description = event === "restart" ? parseDescription(fields) : undefined;
  // Anything else is a word of a later runner.
  return description === undefined ? undefined : { event: "restart", ...description };
}

/**
 * Reads one line of the Vite process's standard output.
 *
 * @param line One line, without its end.
 * @param nonce The nonce that this process was given.
 * @returns `undefined` for everything but a whole message with this nonce: a plugin that prints, an impostor, half a line.
 */
export function parseControlLine(line: string, nonce: string): ControlMessage | undefined {
  if (!line.startsWith("{")) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  // An object, as it starts with a brace.
  const fields = value as Fields;
  return fields.lv === nonce ? parseFields(fields) : undefined;
}

/** The end of what was read, still without its newline. */
export interface LineRest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the line can't be a message and is dropped up to its newline. */
  readonly isDropped: boolean;
}

/** The rest before anything was read. */
export const NO_REST: LineRest = { bytes: new Uint8Array(0), isDropped: false };

/** Longer lines are no message: the biggest real one lists plugins and hosts. */
export const MAX_LINE_BYTES = 64 * 1024;

const NEWLINE = 0x0a;
const OPENING_BRACE = 0x7b;

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function keepRest(rest: LineRest, tail: Uint8Array): LineRest {
  const isHopeless = (rest.bytes[0] ?? tail[0]) !== OPENING_BRACE;
  if (rest.isDropped || isHopeless || rest.bytes.length + tail.length > MAX_LINE_BYTES) {
    return { bytes: NO_REST.bytes, isDropped: true };
  }
  return { bytes: concat(rest.bytes, tail), isDropped: false };
}

/**
 * Cuts a chunk of standard output into the lines that may be messages: those that start with a brace.
 *
 * Lines that can't be are never decoded, so that a child that floods us costs a scan for newlines and no memory.
 */
export function takeControlLines(
  rest: LineRest,
  chunk: Uint8Array,
): { readonly lines: readonly string[]; readonly rest: LineRest } {
  const lines: string[] = [];
  let start = 0;
  for (let end; (end = chunk.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
    const first = rest.bytes[0] ?? chunk[start];
    const length = rest.bytes.length + end - start;
    if (!rest.isDropped && first === OPENING_BRACE && length <= MAX_LINE_BYTES) {
      lines.push(new TextDecoder().decode(concat(rest.bytes, chunk.subarray(start, end))));
    }
    rest = NO_REST;
  }
  return { lines, rest: start < chunk.length ? keepRest(rest, chunk.subarray(start)) : rest };
}

/** Longer lines of text are cut into several. */
const MAX_TEXT_LINE = 16 * 1024;

/** Cuts a chunk of standard error into lines; `rest` is the end of the chunks before it. */
export function takeTextLines(
  rest: string,
  chunk: string,
): { readonly lines: readonly string[]; readonly rest: string } {
  const lines = (rest + chunk).split(/\r?\n/);
  const last = lines.pop() ?? "";
  if (last.length <= MAX_TEXT_LINE) return { lines, rest: last };
  return { lines: [...lines, last], rest: "" };
}

/** When the process was started again lately; milliseconds on any one clock. */
export interface RestartState {
  readonly restarts: readonly number[];
}

/** Nothing was restarted yet. */
export const NO_RESTARTS: RestartState = { restarts: [] };

const FIRST_DELAY_MS = 250;
const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 30_000;

/** What to do with a process that ended by itself. */
export type NextRestart =
  | { readonly delayMs: number; readonly state: RestartState }
  | { readonly giveUp: true };

/**
 * Decides whether, and after how long, a process that ended is started again: after 0.25, 0.5, 1, 2 and 4 seconds, and
 * not a sixth time within 30 seconds. A run that lasts longer than that has its budget back. A change of a file or the
 * user's word starts anew with {@linkcode NO_RESTARTS}.
 */
export function nextRestart(state: RestartState, nowMs: number): NextRestart {
  const restarts = state.restarts.filter((at) => nowMs - at < RESTART_WINDOW_MS);
  if (restarts.length >= MAX_RESTARTS) return { giveUp: true };
  const delayMs = FIRST_DELAY_MS * 2 ** restarts.length;
  return { delayMs, state: { restarts: [...restarts, nowMs + delayMs] } };
}

/** Adds text to the last lines that were read, of which at most `limit` are kept, each cut to 2,000 characters. */
export function keepTail(
  tail: readonly string[],
  lines: readonly string[],
  limit = 50,
): readonly string[] {
  const added = lines.slice(-limit).map((line) => line.slice(0, 2000));
  return [...tail.slice(Math.max(0, tail.length + added.length - limit)), ...added];
}
