/**
 * The response for what is down: a page for a browser, text for everybody else.
 *
 * @module
 */
import { isLoopbackAddress } from "./host.ts";
import {
  DOWN_HEADER,
  type DownPage,
  renderDownPage,
  renderDownText,
  withoutDetails,
} from "./down_page.ts";
import type { UpstreamError } from "./upstream_error.ts";
import { type Visit, wantsHtml } from "./visit.ts";

/**
 * Makes the response.
 *
 * @param visit Who asks: a peer on another machine, or any in production, learns nothing but that something is down.
 * @param status 500, 502, 503 or 504.
 */
export function downResponse(visit: Visit, status: number, page: DownPage): Response {
  const shown = mayKnow(visit) ? page : withoutDetails(page);
  const isHtml = wantsHtml(visit);
  const body = isHtml ? renderDownPage(shown) : renderDownText(shown);
  const headers = {
    "content-type": isHtml ? "text/html; charset=utf-8" : "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "retry-after": "1",
    "x-content-type-options": "nosniff",
    [DOWN_HEADER]: String(status),
  };
  return new Response(visit.method === "HEAD" ? null : body, { status, headers });
}

function mayKnow({ context, hidesDetails }: Visit): boolean {
  if (hidesDetails || context.remoteAddress === undefined) return false;
  return isLoopbackAddress(context.remoteAddress);
}

/** Makes the response to a request that is at fault itself: nobody behind the port is to blame. */
export function badRequestResponse(
  { method }: Pick<Visit, "method">,
  { message, status }: Pick<UpstreamError, "message" | "status">,
): Response {
  const headers = {
    // What is still to come of the body would be taken for the next request.
    "connection": "close",
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  return new Response(method === "HEAD" ? null : `${message}\n`, { status, headers });
}
