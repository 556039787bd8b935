/**
 * htmx 2 and 4 on standard requests and responses: what a request says, what a response tells, and one address for a
 * page and its parts.
 *
 * ```ts
 * import { htmxResponse, pageOrFragment } from "@lv/sidecar/htmx";
 *
 * const items = ["Milk"];
 * const list = () => `<ul id="items">${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
 * const page = () => `<!doctype html><html><body>${list()}</body></html>`;
 *
 * export const app = {
 *   fetch: (request: Request) =>
 *     request.method === "POST"
 *       ? htmxResponse(list(), { status: 201, trigger: { added: items.length } })
 *       : pageOrFragment(request, { page, fragment: list }),
 * };
 * ```
 *
 * It stands on `Request`, `Response` and `Headers` alone, so it works in any server that has them, with or without the
 * sidecar in front.
 *
 * @module
 */
export {
  HTMX_REQUEST_HEADERS,
  HTMX_RESPONSE_HEADERS,
  type HtmxVersion,
  STOP_POLLING_STATUS,
} from "./headers.ts";
export {
  FRAGMENT_VARY,
  type HasHeaders,
  type HtmxElement,
  type HtmxRequest,
  isHtmx,
  parseHtmxRequest,
  wantsFragment,
} from "./request.ts";
export {
  type HtmlResponseOptions,
  htmxHeaders,
  htmxRedirect,
  htmxResponse,
  type HtmxResponseOptions,
  stopPolling,
  withHtmxHeaders,
} from "./response.ts";
export { pageOrFragment, type PageOrFragmentOptions, type Render } from "./page.ts";
export type { HtmxLocation } from "./location.ts";
export type {
  Htmx2SwapStyle,
  Htmx4SwapStyle,
  HtmxCommonSwapStyle,
  HtmxDelay,
  HtmxSwap,
  HtmxSwapAlias,
  HtmxSwapOptions,
  HtmxSwapStyle,
} from "./swap.ts";
export type { HtmxTrigger } from "./trigger.ts";
