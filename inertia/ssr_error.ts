/**
 * What can go wrong with the rendering on the server.
 *
 * @module
 */

/** What a renderer says about a page that it could not render. */
export interface SsrErrorDetails {
  /** `browser-api`, `component-resolution` or `render`. */
  readonly type?: string | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** Where in the sources: file, line and column. */
  readonly sourceLocation?: string | undefined;
  /** The stack of the error there. */
  readonly stack?: string | undefined;
}

/** A page was not rendered on the server. */
export class SsrError extends Error {
  /** `"SsrError"`. */
  override readonly name = "SsrError";
  /** Whether the page is at fault, and not the server. */
  readonly isOfPage: boolean;
  /** What the renderer says about it. */
  readonly details: SsrErrorDetails;

  /** Makes the error; with details it is one of the page. */
  constructor(
    message: string,
    options: ErrorOptions & { readonly details?: SsrErrorDetails } = {},
  ) {
    super(message, options);
    this.isOfPage = options.details !== undefined;
    this.details = options.details ?? {};
  }
}

/** What the SSR servers of Inertia call an error of the page. */
const PAGE_TYPES: readonly unknown[] = ["browser-api", "component-resolution", "render"];

/** Makes the error of an answer that is no page. */
export function answerError(component: string, status: number, text: string): SsrError {
  const said = parseObject(text);
  const action = `Cannot render "${component}" on the server`;
  const what = textOf(said["error"]);
  if (what === undefined || !PAGE_TYPES.includes(said["type"])) {
    return new SsrError(`Cannot render pages on the server: it answers ${status}`, { cause: text });
  }
  const [type, hint] = [textOf(said["type"]), textOf(said["hint"])];
  const [sourceLocation, stack] = [textOf(said["sourceLocation"]), textOf(said["stack"])];
  const place = sourceLocation === undefined ? "" : `, in ${sourceLocation}`;
  const advice = hint === undefined ? "" : `\n  ${hint}`;
  return new SsrError(`${action}: ${what}${place}${advice}`, {
    details: { type, hint, sourceLocation, stack },
  });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    // Whatever it is, its fields are looked at one by one.
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
