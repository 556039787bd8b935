/**
 * Rendering on the server: when it is done, and what happens when it fails.
 *
 * @module
 */
import type { Page } from "./page.ts";
import { requestPath } from "./request_url.ts";

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
  /** Ends when the client went away. */
  readonly signal: AbortSignal;
}

/** Renders pages on the server: in another process, or in this one. */
export interface SsrRenderer {
  /**
   * Renders a page.
   *
   * @param page The page object.
   * @param context The request.
   * @returns What goes into the document; null if it can't be rendered now. Anything else counts as a failure.
   */
  render(page: Page, context: SsrContext): Promise<unknown>;
}

/** Options of the rendering on the server. */
export interface SsrOptions {
  /** Who renders. */
  readonly renderer: SsrRenderer;
  /** Whether nothing is rendered, for all or for some requests. @default false */
  readonly disabled?: boolean | ((request: Request) => boolean) | undefined;
  /** Paths (`admin/*`) and whole addresses that are not rendered. @default [] */
  readonly except?: readonly string[] | undefined;
  /** Whether a failure is thrown, instead of leaving the page to the browser. @default false */
  readonly throwOnError?: boolean | undefined;
}

/** Renders a page, if it is to be rendered; undefined leaves it to the browser. */
export async function renderOnServer(
  options: SsrOptions,
  page: Page,
  context: SsrContext,
  report: (error: unknown) => void,
): Promise<SsrResult | undefined> {
  if (isDisabled(options, context.request)) return undefined;
  try {
    return checkResult(await options.renderer.render(page, context));
  } catch (error) {
    if (options.throwOnError) throw error;
    report(error);
    return undefined;
  }
}

function isDisabled({ disabled = false, except = [] }: SsrOptions, request: Request): boolean {
  if (typeof disabled === "function" ? disabled(request) : disabled) return true;
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
    throw new TypeError("Cannot use the answer of the SSR server as a page: it has no body");
  }
  const head = "head" in result && Array.isArray(result.head) ? result.head : [];
  return { head: head.filter((element) => typeof element === "string"), body: result.body };
}
