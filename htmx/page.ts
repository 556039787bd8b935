/**
 * One address, two answers: the whole page, or the part of it that htmx wants.
 *
 * @module
 */
import { FRAGMENT_VARY, type HasHeaders, type HtmxRequest, parseHtmxRequest } from "./request.ts";
import {
  type HtmlResponseOptions,
  htmxResponse,
  withHeaders,
  withHtmxHeaders,
} from "./response.ts";
import { mergeVary } from "./vary.ts";

/** Renders an answer: HTML, or a response of one's own (a framework's, another status). */
export type Render = (htmx: HtmxRequest) => string | Response | Promise<string | Response>;

/** The two answers, and what holds for both; `status` and `headers` for answers that are HTML alone. */
export interface PageOrFragmentOptions extends HtmlResponseOptions {
  /** The whole page. */
  readonly page: Render;
  /** The part of it. */
  readonly fragment: Render;
  /** What else the answer depends on, for `Vary`: `HX-Target`, say, where `fragment` looks at the target. */
  readonly vary?: readonly string[] | undefined;
}

/**
 * Answers with the whole page or with a fragment, as {@linkcode wantsFragment} says, and with the `Vary` that keeps
 * caches from mistaking one for the other.
 *
 * A boosted link, a way back in the history and a browser without htmx get the page.
 *
 * @example Usage
 * ```ts
 * import { pageOrFragment } from "@lv/sidecar/htmx";
 * import { equal } from "node:assert/strict";
 *
 * const list = () => "<ul><li>Milk</li></ul>";
 * const answer = (request: Request) =>
 *   pageOrFragment(request, { fragment: list, page: () => `<!doctype html>${list()}` });
 *
 * const response = await answer(new Request("http://localhost/"));
 * equal(await response.text(), "<!doctype html><ul><li>Milk</li></ul>");
 * ```
 *
 * @example In Hono
 * ```ts ignore
 * app.get("/", (c) =>
 *   pageOrFragment(c.req.raw, {
 *     page: () => c.html(<Page />),
 *     fragment: () => c.html(<List />),
 *   }));
 * ```
 *
 * @param request A request, or anything with `headers`.
 * @param options The two answers, and what htmx shall do with either.
 * @returns The response.
 * @throws {TypeError} As {@linkcode htmxHeaders}; and whatever the chosen function throws.
 */
export async function pageOrFragment(
  request: HasHeaders,
  options: PageOrFragmentOptions,
): Promise<Response> {
  const { page, fragment, vary = [], ...rest } = options;
  const htmx = parseHtmxRequest(request);
  const told = { version: htmx.version, ...rest };
  const answer = await (htmx.wantsFragment ? fragment : page)(htmx);
  const response = typeof answer === "string"
    ? htmxResponse(answer, told)
    : withHtmxHeaders(answer, told);
  const headers = new Headers(response.headers);
  headers.set("vary", mergeVary(headers.get("vary"), [...FRAGMENT_VARY, ...vary]));
  return withHeaders(response, headers);
}
