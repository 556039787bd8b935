/**
 * Rendering on the server: when it is done, how long it may take, and what happens when it fails.
 *
 * @module
 */
import type { ReportContext } from "./options.ts";
import type { Page } from "./page.ts";
import { requestPath } from "./request_url.ts";
import { SsrBreaker } from "./ssr_breaker.ts";
import { SsrError } from "./ssr_error.ts";

/** What a renderer makes of a page. */
export interface SsrResult {
  /** Elements for the head. */
  readonly head: readonly string[];
  /** The page and the root element, rendered. */
  readonly body: string;
}

/** What a renderer is given, beside the page. */
export interface SsrContext {
  /** The request. */
  readonly request: Request;
  /** Ends when the client went away, or time is over. */
  readonly signal: AbortSignal;
  /** The page as JSON, as it was made already. */
  readonly json: string;
}

/** Renders pages on the server: in another process, or in this one. */
export interface SsrRenderer {
  /** Whether it serves a developer: each failure is reported, and none keeps it from being asked again. */
  readonly isDevelopment?: boolean | undefined;
  /** How long the next page may take, in milliseconds, where the options do not say. */
  timeoutMs?(): number | undefined;
  /**
   * Renders a page.
   *
   * @param page The page object.
   * @param context The request.
   * @returns What goes into the document; null if it can't be rendered now. Anything else counts as a failure.
   */
  render(page: Page, context: SsrContext): Promise<unknown>;
}

/** What an SSR server answers. */
export interface SsrAnswer {
  /** The status of HTTP. */
  readonly status: number;
  /** The text of the body: JSON. */
  readonly text: string;
}

/** Where a page is rendered: at an address, or by a function that takes the page as JSON. */
export type SsrTarget =
  | {
    /** The whole address that takes the page. */
    readonly url: string;
    /** Told when nothing, or nothing of use, came from there. */
    readonly failed?: () => void;
  }
  | {
    /** Renders; answers as an SSR server does over HTTP. */
    readonly ask: (json: string, signal: AbortSignal) => Promise<SsrAnswer>;
    /** Told when nothing, or nothing of use, came of it. */
    readonly failed?: () => void;
  };

/** Who knows where pages are rendered, now and after a restart. */
export interface SsrSource {
  /** See {@linkcode SsrRenderer.isDevelopment}. */
  readonly isDevelopment?: boolean | undefined;
  /** Begins to get ready, before the first page is asked for. */
  start?(): void;
  /** See {@linkcode SsrRenderer.timeoutMs}. */
  timeoutMs?(): number | undefined;
  /** Waits until a page can be rendered; undefined if it can't be now. */
  target(signal: AbortSignal): Promise<SsrTarget | undefined>;
}

/** When a renderer that fails is left alone. */
export interface SsrBreakerOptions {
  /** After how many failures in a row. @default 5 */
  readonly failures?: number | undefined;
  /** For how long, in milliseconds; then one page tries it again. @default 5000 */
  readonly openMs?: number | undefined;
}

/** Options of the rendering on the server. */
export interface SsrOptions {
  /** Who renders. @default as `page` says, else the SSR server at `http://127.0.0.1:13714` */
  readonly renderer?: SsrRenderer | undefined;
  /** Whether nothing is rendered, for all or for some requests. @default false */
  readonly disabled?: boolean | ((request: Request) => boolean) | undefined;
  /** Paths (`admin/*`) and whole addresses that are not rendered. @default [] */
  readonly except?: readonly string[] | undefined;
  /** Whether a failure is thrown, instead of leaving the page to the browser. @default false */
  readonly throwOnError?: boolean | undefined;
  /** How long a page may take in all, in milliseconds; 0 for ever. @default as the renderer says, else 5000 */
  readonly timeoutMs?: number | undefined;
  /** When a renderer that fails is left alone; false for never. */
  readonly breaker?: false | SsrBreakerOptions | undefined;
}

/** What came of it: a page, an error, or neither where nobody tried. */
export interface SsrOutcome {
  /** The page, rendered. */
  readonly rendered?: SsrResult | undefined;
  /** Why it is not. */
  readonly error?: unknown;
}

/** Renders pages if they are to be rendered, and never fails unless it is told to. */
export interface SsrGateway {
  /** Renders a page. @throws {unknown} What failed, with `throwOnError`. */
  render(page: Page, json: string, request: Request): Promise<SsrOutcome>;
}

/** What a gateway needs of the rest. */
export interface SsrGatewayContext {
  readonly report: (error: unknown, context: ReportContext) => void;
  readonly now: () => number;
}

const DEFAULT_TIMEOUT_MS = 5000;
const DEFAULT_FAILURES = 5;
const DEFAULT_OPEN_MS = 5000;
const NOTHING: SsrOutcome = {};

/** Makes a gateway: one for all requests. */
export function createSsrGateway(
  options: SsrOptions & { readonly renderer: SsrRenderer },
  context: SsrGatewayContext,
): SsrGateway {
  return new Gateway(options, context);
}

class Gateway implements SsrGateway {
  readonly #options: SsrOptions & { readonly renderer: SsrRenderer };
  readonly #context: SsrGatewayContext;
  readonly #breaker: SsrBreaker | undefined;

  constructor(
    options: SsrOptions & { readonly renderer: SsrRenderer },
    context: SsrGatewayContext,
  ) {
    this.#options = options;
    this.#context = context;
    const { breaker = {}, renderer } = options;
    // Who mends a page looks at it again at once.
    if (breaker === false || renderer.isDevelopment) return;
    const { failures = DEFAULT_FAILURES, openMs = DEFAULT_OPEN_MS } = breaker;
    this.#breaker = new SsrBreaker({ failures, openMs });
  }

  async render(page: Page, json: string, request: Request): Promise<SsrOutcome> {
    if (isDisabled(this.#options, request)) return NOTHING;
    if (this.#breaker?.admits(this.#context.now()) === false) return this.#refuse();
    try {
      const rendered = checkResult(await this.#ask(page, json, request));
      if (rendered === undefined) this.#breaker?.released();
      else this.#breaker?.succeeded();
      return { rendered };
    } catch (error) {
      return this.#failed(error, request);
    }
  }

  #refuse(): SsrOutcome {
    if (!this.#options.throwOnError) return NOTHING;
    throw new SsrError("Cannot render pages on the server: it failed too often, and is left alone");
  }

  #failed(error: unknown, request: Request): SsrOutcome {
    // Nobody waits for this page any more.
    if (request.signal.aborted) {
      this.#breaker?.released();
      return NOTHING;
    }
    // A page that can't be rendered says nothing about the next one.
    const isOfPage = error instanceof SsrError && error.isOfPage;
    if (isOfPage) this.#breaker?.succeeded();
    const isTold = isOfPage || (this.#breaker?.failed(this.#context.now()) ?? true);
    if (this.#options.throwOnError) throw error;
    if (isTold) this.#context.report(error, { source: "ssr", request });
    return { error };
  }

  #ask(page: Page, json: string, request: Request): Promise<unknown> {
    const { renderer, timeoutMs = renderer.timeoutMs?.() ?? DEFAULT_TIMEOUT_MS } = this.#options;
    return withinTime(
      (signal) => renderer.render(page, { request, signal, json }),
      request.signal,
      timeoutMs,
    );
  }
}

/** Waits no longer than allowed, even for a renderer that does not listen to its signal. */
function withinTime(
  run: (signal: AbortSignal) => Promise<unknown>,
  outer: AbortSignal,
  timeoutMs: number,
): Promise<unknown> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const end = (reason: unknown): void => {
      controller.abort(reason);
      reject(reason);
    };
    const leave = (): void => end(outer.reason);
    const timer = timeoutMs === 0 ? undefined : setTimeout(() => end(late(timeoutMs)), timeoutMs);
    outer.addEventListener("abort", leave);
    const done = (): void => {
      clearTimeout(timer);
      outer.removeEventListener("abort", leave);
    };
    if (outer.aborted) leave();
    // A renderer that throws at once rejects here, too.
    Promise.resolve().then(() => run(controller.signal)).then(resolve, reject).finally(done);
  });
}

function late(timeoutMs: number): SsrError {
  return new SsrError(`Cannot render pages on the server: ${timeoutMs} ms are over`);
}

function isDisabled({ disabled = false, except = [] }: SsrOptions, request: Request): boolean {
  if (typeof disabled === "function" ? disabled(request) : disabled) return true;
  if (except.length === 0) return false;
  const path = requestPath(request.url).split("?", 1)[0] as string; // At least one part.
  const names = [path.replace(/^\//, "") || "/", request.url];
  return except.some((pattern) => names.some((name) => matchesPattern(name, pattern)));
}

/** `*` stands for any characters, slashes included. */
function matchesPattern(name: string, pattern: string): boolean {
  const text = pattern === "/" ? pattern : pattern.replace(/^\//, "");
  return new RegExp(`^${text.split("*").map(RegExp.escape).join(".*")}$`, "s").test(name);
}

/** Null is a Vite that is not ready; a server without the path answers 200, and something else. */
function checkResult(result: unknown): SsrResult | undefined {
  if (result === null) return undefined;
  if (typeof result !== "object" || !("body" in result) || typeof result.body !== "string") {
    throw new SsrError("Cannot use the answer of the SSR server as a page: it has no body");
  }
  const head = "head" in result && Array.isArray(result.head) ? result.head : [];
  return { head: head.filter((element) => typeof element === "string"), body: result.body };
}
